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
        try
        {
            return new PredictReader(columns, limits).Read(Start(body));
        }
        catch (JsonException) when (BareNumbers.Replace(body) is { } repaired)
        {
            try
            {
                return new PredictReader(columns, limits).Read(Start(repaired));
            }
            catch (JsonException error)
            {
                throw NoJson(error, columns);
            }
        }
        catch (JsonException error)
        {
            throw body.IndexOfAnyExcept(" \t\r\n"u8) < 0
                ? ServingException.Invalid($"The body is empty. Expected JSON such as {columns.Sample}.")
                : NoJson(error, columns);
        }
    }

    static Utf8JsonReader Start(ReadOnlySpan<byte> body) => new(body, new JsonReaderOptions { MaxDepth = DeepestNesting });

    static ServingException NoJson(JsonException error, RequestColumns columns)
    {
        var reason = error.Message.Split(" LineNumber:", StringSplitOptions.None)[0].Split(" Path:", StringSplitOptions.None)[0];
        return ServingException.Invalid(
            $"The body is no JSON from line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} on: {reason} Expected a request such as {columns.Sample}.");
    }
}
