using Microsoft.AspNetCore.Http;

namespace Gyre.Serving;

/// <summary>What kind of answer a request gets that cannot be met; the codes that TensorFlow Serving and gRPC use.</summary>
enum ServingCode
{
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    Unimplemented,
    Internal,
    Unavailable,
}

/// <summary>A request cannot be met; the message is for whoever sent it.</summary>
sealed class ServingException(ServingCode code, string message, int? httpStatus = null) : Exception(message)
{
    public ServingCode Code => code;

    /// <summary>The code's HTTP status as TensorFlow Serving maps it, unless HTTP has a more exact one.</summary>
    public int HttpStatus => httpStatus ?? code switch
    {
        ServingCode.InvalidArgument => StatusCodes.Status400BadRequest,
        ServingCode.NotFound => StatusCodes.Status404NotFound,
        ServingCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        ServingCode.Unimplemented => StatusCodes.Status501NotImplemented,
        ServingCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static ServingException Invalid(string message) => new(ServingCode.InvalidArgument, message);
}
