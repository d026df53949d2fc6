using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Training;

/// <summary>How a training went: <c>training.json</c>. Holds no times, so that equal trainings write equal files.</summary>
public sealed record TrainingRecord
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new NumberOrNull() },
    };

    /// <summary>The version of this format.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; init; } = 1;

    /// <summary>The name of the trainer's class.</summary>
    public required string Trainer { get; init; }

    /// <summary>What it learnt to predict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LearningTask Task { get; init; }

    /// <summary>The number of examples that were learnt from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>The number of examples of the split that was watched.</summary>
    public required int EvalRows { get; init; }

    /// <summary>The options that a search had found and that stood in place of the trainer's own; null when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Tuned { get; init; }

    public required IReadOnlyList<EpochSummary> Epochs { get; init; }

    /// <summary>The epoch that the model is of, counted from 1, where training went back to the best one; null where it is that of the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? KeptEpoch { get; init; }

    /// <summary>The training loss within epochs; null where the trainer makes no steps.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepCurve? Steps { get; init; }

    /// <summary>What the model decides on the split that was watched, class by class; null for labels without classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingOutcome? Outcome { get; init; }

    /// <summary>How much each feature counts; null where the trainer has no measure of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportanceRecord? Importance { get; init; }

    public required ParityRecord Parity { get; init; }

    /// <summary>What the epoch achieved that the model is of; null where there are none.</summary>
    [JsonIgnore]
    public EpochSummary? Kept => Epochs.FirstOrDefault(epoch => epoch.Epoch == KeptEpoch) ?? (Epochs.Count > 0 ? Epochs[^1] : null);

    /// <exception cref="InvalidDataException">The file is no such record.</exception>
    public static TrainingRecord Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingRecord>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the record of a training.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no record of a training (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    internal void Save(string path) => Write(JsonSerializer.SerializeToUtf8Bytes(this, Json), path);

    /// <summary>Writes the first example as a request to the model server; missing values are left out.</summary>
    internal static void SaveExample(IEnumerable<ExampleBatch> examples, IReadOnlyList<OnnxInput> inputs, string path)
    {
        if (examples.FirstOrDefault() is not { Rows: > 0 } batch)
            return;
        var instance = new JsonObject();
        foreach (var input in inputs)
        {
            if (input.IsList && input.IsText && batch.TextLists(input.Name)[0] is { } texts)
                instance[input.Name] = new JsonArray([.. texts.Select(each => (JsonNode?)each)]);
            else if (input.IsList && !input.IsText && batch.NumberLists(input.Name)[0] is { } numbers)
                instance[input.Name] = new JsonArray([.. numbers.Where(double.IsFinite).Select(each => (JsonNode?)each)]);
            else if (input.IsList)
                continue;
            else if (input.IsText && batch.Text(input.Name)[0] is { Length: > 0 } text)
                instance[input.Name] = text;
            else if (!input.IsText && batch.Number(input.Name)[0] is var number && double.IsFinite(number))
                instance[input.Name] = number;
        }

        Write(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["instances"] = new JsonArray(instance) }, Json), path);
    }

    static void Write(byte[] json, string path) => File.WriteAllBytes(path, [.. json, (byte)'\n']);

    /// <summary>JSON has no NaN: a metric that is undefined is null.</summary>
    internal sealed class NumberOrNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}

/// <summary>The comparison of <c>model.onnx</c>, fed with raw examples, with the trainer's own predictions.</summary>
/// <param name="Split">The split compared on.</param>
/// <param name="Rows">The number of examples compared.</param>
/// <param name="LargestDifference">The largest difference between two predictions; of numbers beyond 1 relative to their size.</param>
public sealed record ParityRecord(string Split, int Rows, double LargestDifference);
