using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gyre.Evaluation;

namespace Gyre.Registry;

/// <summary>Reads and writes the registry's files: JSON with names in snake_case, equal records in equal bytes.</summary>
static class RegistryJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MetricValues.WriteOwnMetricsOnly } },
    };

    public static byte[] Write<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];

    /// <exception cref="InvalidDataException">The file does not hold such a record.</exception>
    public static T Read<T>(string path, Func<T, int> format)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected an object.");
            return format(value) == 1
                ? value
                : throw new InvalidDataException($"'{path}' has format {format(value)}. Expected 1: read it with a newer version of Gyre.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' cannot be read (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }
}
