using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gyre.Data;

namespace Gyre.Onnx;

/// <summary>What a model takes and gives, in words: <c>signature.json</c> beside <c>model.onnx</c>.</summary>
public sealed record ModelSignature
{
    /// <summary>The name of the file within a model's directory.</summary>
    public const string FileName = "signature.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The version of this format.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; init; } = 1;

    /// <summary>What the model decides; so far always <c>binary</c>: yes or no.</summary>
    public string Task { get; init; } = "binary";

    /// <summary>The raw columns that the model reads, in ordinal order.</summary>
    public required IReadOnlyList<SignatureInput> Inputs { get; init; }

    public IReadOnlyList<SignatureOutput> Outputs { get; init; } = [new SignatureOutput(OnnxModel.Probability, "float")];

    /// <summary>The raw column that it predicts, and which of its values mean yes.</summary>
    public required LabelSpec Label { get; init; }

    /// <summary>The operators beyond ONNX's own that a host must know, as <c>domain.Operator</c>.</summary>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>Describes the graph of a whole model.</summary>
    public static ModelSignature Of(OnnxGraph graph, LabelSpec label) => new()
    {
        Inputs = SignatureInput.Of(graph),
        Label = label,
        Operators = graph.ForeignOperators,
    };

    /// <exception cref="InvalidDataException">The file is no signature of this format.</exception>
    public static ModelSignature Load(string path)
    {
        try
        {
            var signature = JsonSerializer.Deserialize<ModelSignature>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the signature of a model.");
            return signature.Format == 1
                ? signature
                : throw new InvalidDataException($"'{path}' has format {signature.Format}. Expected 1: read it with a newer version of Gyre.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no model signature (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    public void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);
}

/// <summary>A raw column that a model reads.</summary>
/// <param name="Name">The column's name, also that of the graph's input.</param>
/// <param name="Type"><c>text</c> or <c>number</c>.</param>
public sealed record SignatureInput(string Name, string Type)
{
    internal const string Text = "text";

    internal const string Number = "number";

    [JsonIgnore]
    public bool IsText => Type == Text;

    /// <summary>The raw columns that a graph reads, in ordinal order.</summary>
    public static IReadOnlyList<SignatureInput> Of(OnnxGraph graph) =>
        [.. graph.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal).Select(input => new SignatureInput(input.Name, input.Type == OnnxType.String ? Text : Number))];
}

/// <summary>A tensor that a model gives back, one value to an example.</summary>
public sealed record SignatureOutput(string Name, string Type);
