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

    /// <summary>What the model predicts.</summary>
    public LearningTask Task => Label.Task;

    /// <summary>The raw columns that the model reads, in ordinal order.</summary>
    public required IReadOnlyList<SignatureInput> Inputs { get; init; }

    /// <summary>
    /// What it gives: the probability of yes, the probabilities of the classes in the label's order, a number in the label's
    /// unit, or a score, see <see cref="OutputOf"/>.
    /// </summary>
    public IReadOnlyList<SignatureOutput> Outputs { get; init; } = [new SignatureOutput(OnnxModel.Probability, "float")];

    /// <summary>The raw column that it predicts, and what its values mean: which mean yes, the classes, the unit.</summary>
    public required LabelSpec Label { get; init; }

    /// <summary>The operators beyond ONNX's own that a host must know, as <c>domain.Operator</c>.</summary>
    public required IReadOnlyList<string> Operators { get; init; }

    /// <summary>Describes the graph of a whole model.</summary>
    public static ModelSignature Of(OnnxGraph graph, LabelSpec label) => new()
    {
        Inputs = SignatureInput.Of(graph),
        Outputs = [new SignatureOutput(OutputOf(label.Task), "float")],
        Label = label,
        Operators = graph.ForeignOperators,
    };

    /// <summary>The name of the tensor with the predictions that a model of a task gives.</summary>
    public static string OutputOf(LearningTask task) => task switch
    {
        LearningTask.Binary => OnnxModel.Probability,
        LearningTask.Multiclass or LearningTask.Multilabel => OnnxModel.Probabilities,
        LearningTask.Regression => OnnxModel.Prediction,
        _ => OnnxModel.Score,
    };

    /// <summary>
    /// The classes that the probabilities of one example speak for: of a multiclass model the most probable one, of equally
    /// probable ones the first; of a multilabel model those above one half.
    /// </summary>
    public IReadOnlyList<string> ClassesOf(ReadOnlySpan<float> probabilities)
    {
        if (Task == LearningTask.Multiclass)
            return [Label.Classes[System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities)]];
        var chosen = new List<string>();
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0.5f)
                chosen.Add(Label.Classes[i]);
        }

        return chosen;
    }

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
/// <param name="Type"><c>text</c> or <c>number</c>; <c>texts</c> or <c>numbers</c> where an example has a list of them.</param>
public sealed record SignatureInput(string Name, string Type)
{
    internal const string Text = "text";

    internal const string Number = "number";

    internal const string Texts = "texts";

    internal const string Numbers = "numbers";

    [JsonIgnore]
    public bool IsText => Type is Text or Texts;

    [JsonIgnore]
    public bool IsList => Type is Texts or Numbers;

    /// <summary>The raw columns that a graph reads, in ordinal order.</summary>
    public static IReadOnlyList<SignatureInput> Of(OnnxGraph graph) =>
        [.. graph.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal).Select(input => new SignatureInput(input.Name, TypeOf(input)))];

    static string TypeOf(OnnxValue input) => (input.Type == OnnxType.String, input.Shape is [_, not 1]) switch
    {
        (true, false) => Text,
        (true, true) => Texts,
        (false, false) => Number,
        _ => Numbers,
    };
}

/// <summary>A tensor that a model gives back: one value to an example, or one to each of the label's classes.</summary>
public sealed record SignatureOutput(string Name, string Type);
