using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gyre.Serving;

/// <summary>Writes what the server answers, in TensorFlow Serving's shapes: 64-bit numbers as texts, names in snake_case.</summary>
static class Answers
{
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonWriterOptions Indented = Plain with { Indented = true, NewLine = "\n" };

    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"predictions": […], "model_spec": {"name", "version"}}</c>, in columnar form <c>outputs</c>; see <see cref="PredictionAnswer"/>.</summary>
    public static Task PredictionAsync(HttpContext context, LoadedVersion version, bool isColumnar, float[] predictions) =>
        WriteAsync(context, StatusCodes.Status200OK, Plain, writer =>
        {
            writer.WritePropertyName(isColumnar ? "outputs" : "predictions");
            PredictionAnswer.Write(writer, version.Signature, isColumnar, predictions);
            writer.WriteStartObject("model_spec");
            writer.WriteString("name", version.Name);
            writer.WriteString("version", Number(version.Folder.Version));
            writer.WriteEndObject();
        });

    public static Task ErrorAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, status, Plain, writer => writer.WriteString("error", message));

    /// <summary><c>{"model_version_status": [{"version", "state", "status": {"error_code", "error_message"}}, …]}</c>.</summary>
    public static Task StatusAsync(HttpContext context, IEnumerable<VersionStatus> versions) =>
        WriteAsync(context, StatusCodes.Status200OK, Indented, writer =>
        {
            writer.WriteStartArray("model_version_status");
            foreach (var version in versions)
            {
                writer.WriteStartObject();
                writer.WriteString("version", Number(version.Version));
                writer.WriteString("state", version.State.ToString().ToUpperInvariant());
                writer.WriteStartObject("status");
                writer.WriteString("error_code", version.Error is null ? "OK" : "INVALID_ARGUMENT");
                writer.WriteString("error_message", version.Error ?? "");
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    /// <summary>The signature as TensorFlow Serving describes one, under the name <c>serving_default</c>.</summary>
    public static Task MetadataAsync(HttpContext context, LoadedVersion version) =>
        WriteAsync(context, StatusCodes.Status200OK, Indented, writer =>
        {
            writer.WriteStartObject("model_spec");
            writer.WriteString("name", version.Name);
            writer.WriteString("signature_name", "");
            writer.WriteString("version", Number(version.Folder.Version));
            writer.WriteEndObject();
            writer.WriteStartObject("metadata");
            writer.WriteStartObject("signature_def");
            writer.WriteStartObject("signature_def");
            writer.WriteStartObject("serving_default");
            writer.WriteStartObject("inputs");
            foreach (var input in version.Signature.Inputs)
                WriteTensor(writer, input.Name, input.IsText ? "DT_STRING" : "DT_DOUBLE", "-1", input.IsList ? "-1" : "1");
            writer.WriteEndObject();
            writer.WriteStartObject("outputs");
            PredictionAnswer.WriteTensors(writer, version.Signature, WriteTensor);
            writer.WriteEndObject();
            writer.WriteString("method_name", "tensorflow/serving/predict");
            writer.WriteStartObject("defaults");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            PredictionAnswer.WriteMeaning(writer, version.Signature);
            writer.WriteEndObject();
        });

    /// <summary>One property with a truth value, for those who watch the server's health.</summary>
    public static Task HealthAsync(HttpContext context, string property, bool isWell) => WriteAsync(
        context, isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, Plain, writer => writer.WriteBoolean(property, isWell));

    static void WriteTensor(Utf8JsonWriter writer, string name, string type, params ReadOnlySpan<string> dimensions)
    {
        writer.WriteStartObject(name);
        writer.WriteString("dtype", type);
        writer.WriteStartObject("tensor_shape");
        writer.WriteStartArray("dim");
        foreach (var size in dimensions)
        {
            writer.WriteStartObject();
            writer.WriteString("size", size);
            writer.WriteString("name", "");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("unknown_rank", value: false);
        writer.WriteEndObject();
        writer.WriteString("name", name);
        writer.WriteEndObject();
    }

    static async Task WriteAsync(HttpContext context, int status, JsonWriterOptions options, Action<Utf8JsonWriter> properties)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, options))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
