using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;

namespace Gyre.Transforms;

/// <summary>The form of <c>transform.json</c>.</summary>
static class TransformJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static TransformDescription Load(string path)
    {
        try
        {
            var description = JsonSerializer.Deserialize<TransformDescription>(File.ReadAllBytes(path), Options)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the description of a transform graph.");
            return description.Format == 1
                ? description
                : throw new InvalidDataException($"'{path}' has format {description.Format}. Expected 1: read it with a newer version of Gyre.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no description of a transform graph (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    public static void Save(TransformDescription description, string path) =>
        File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(description, Options), (byte)'\n']);
}
