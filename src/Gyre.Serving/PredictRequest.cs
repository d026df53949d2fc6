using System.Text.Json;
using Gyre.Data;

namespace Gyre.Serving;

/// <summary>
/// The body of a prediction request, read straight into columns. Row form: <c>{"instances": [{"column": value, …}, …]}</c>;
/// columnar form: <c>{"inputs": {"column": [value, …], …}}</c>. A model with one column also takes bare values. A value is
/// a JSON text for a text column and a JSON number for a number column, never one for the other: "00501" and 501 are
/// different zip codes. Null, NaN and a column left out mean missing. A value may stand in a list of its own, and a text
/// may be given as <c>{"b64": …}</c>, both as TensorFlow Serving has it.
/// </summary>
sealed record PredictRequest(bool IsColumnar, ExampleBatch Batch)
{
    const int DeepestNesting = 16;

    /// <exception cref="ServingException">The body is not such a request; the message says where and what was expected.</exception>
    public static PredictRequest Read(ReadOnlySpan<byte> body, RequestColumns columns, RequestLimits limits)
    {
        if (body.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (body.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw ServingException.Invalid($"The body is empty. Expected JSON such as {columns.Sample}.");
        try
        {
            return ReadJson(body, columns, limits);
        }
        catch (JsonException error)
        {
            if (BareNumbers.Replace(body) is not { } repaired)
                throw NoJson(error, columns);
            try
            {
                return ReadJson(repaired, columns, limits);
            }
            catch (JsonException still)
            {
                throw NoJson(still, columns);
            }
        }
    }

    static PredictRequest ReadJson(ReadOnlySpan<byte> json, RequestColumns columns, RequestLimits limits)
    {
        try
        {
            return new PredictReader(columns, limits).Read(new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting }));
        }
        catch (InvalidOperationException)
        {
            // So the JSON reader says that a text, here a name, cannot be decoded.
            throw ServingException.Invalid("A name in the body is no valid UTF-8, or has half of a surrogate pair. Send UTF-8.");
        }
    }

    static ServingException NoJson(JsonException error, RequestColumns columns)
    {
        var reason = error.Message.Split(" LineNumber:", StringSplitOptions.None)[0].Split(" Path:", StringSplitOptions.None)[0];
        return ServingException.Invalid(
            $"The body is no JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on: {reason} Expected a request such as {columns.Sample}.");
    }
}
