using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>All that a search tried and found: <c>trials.json</c>. Holds no times, so that equal searches write equal files.</summary>
public sealed record TuningReport
{
    internal const string FileName = "trials.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new TrainingRecord.NumberOrNull(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The version of this format.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; init; } = 1;

    /// <summary>The name of the trainer's class.</summary>
    public required string Trainer { get; init; }

    /// <summary>The name of the search's class, such as <c>Asha</c>.</summary>
    public required string Algorithm { get; init; }

    public required TuningObjective Objective { get; init; }

    /// <summary>What was searched over: for each option its values.</summary>
    public required JsonObject Space { get; init; }

    /// <summary>How many training examples trials learnt from.</summary>
    public required int LearntRows { get; init; }

    /// <summary>How many training examples were held back, to compare trials on.</summary>
    public required int HeldBackRows { get; init; }

    /// <summary>What the search cost in all: passes over the training examples.</summary>
    public required double Work { get; init; }

    /// <summary>The trials, the best first: those that trained to their end, then those that were stopped, the furthest first, then those that failed.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>How much each option alone says of how good a trial is, the weightiest first.</summary>
    public required IReadOnlyList<OptionImportance> Importance { get; init; }

    /// <summary>The measure on examples that had no say in the choice; null when there is no eval split with labels.</summary>
    public required HonestScore? Eval { get; init; }

    /// <summary>Reads the report that lies in what a search found.</summary>
    /// <exception cref="InvalidDataException">The file is missing parts or of another format.</exception>
    public static TuningReport Of(Hyperparameters hyperparameters)
    {
        ArgumentNullException.ThrowIfNull(hyperparameters);
        return Load(hyperparameters.PathOf(FileName));
    }

    /// <exception cref="InvalidDataException">The file is no such report.</exception>
    public static TuningReport Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TuningReport>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the report of a search.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no report of a search (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    internal void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);
}

/// <summary>What became of a trial.</summary>
public enum TrialState
{
    /// <summary>It trained to its end.</summary>
    Complete,

    /// <summary>It was stopped because others did better.</summary>
    Stopped,

    Failed,
}

/// <summary>A trial with what it achieved at its greatest budget.</summary>
/// <param name="Number">In the order in which trials were begun, from 1.</param>
/// <param name="State">What became of it.</param>
/// <param name="Options">Its options by name.</param>
/// <param name="Score">The objective on the examples held back; null when it failed.</param>
/// <param name="Epochs">How many epochs or iterations it trained.</param>
/// <param name="Rows">How many examples it learnt from.</param>
/// <param name="Rung">How often it went on, plus the rung at which it began.</param>
/// <param name="Curve">What each epoch achieved; the metrics are those on the examples held back.</param>
/// <param name="Error">Why it failed.</param>
public sealed record TrialRecord(
    int Number,
    TrialState State,
    JsonObject Options,
    double? Score,
    int Epochs,
    int Rows,
    int Rung,
    IReadOnlyList<EpochSummary> Curve,
    string? Error);

/// <summary>How much an option alone says of how good a trial is.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Share">The share of the variance of the ranks of trials, 0 to 1; see docs/tuning.md.</param>
public sealed record OptionImportance(string Option, double Share);

/// <summary>
/// The objective on the eval split, which neither the trials nor the choice among them saw: of the trainer learnt from all
/// training examples with the options found, and with those that it was given.
/// </summary>
/// <param name="Split">The split.</param>
/// <param name="Rows">The number of its examples.</param>
/// <param name="Tuned">With the options found; null when undefined.</param>
/// <param name="Given">With the options that the trainer was given; null when undefined, or when training with these fails.</param>
public sealed record HonestScore(string Split, int Rows, double? Tuned, double? Given);
