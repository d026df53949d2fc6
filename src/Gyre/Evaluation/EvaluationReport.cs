using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>
/// What an evaluation found: <c>evaluation.json</c>, with property names in snake_case. Equal model, baseline, examples
/// and options give equal bytes.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>The name of the file within a <see cref="ModelEvaluation"/>.</summary>
    public const string FileName = "evaluation.json";

    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { MetricValues.WriteOwnMetricsOnly } },
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Whether every threshold that could be judged was kept.</summary>
    public required bool Blessed { get; init; }

    /// <summary>The split that the metrics were computed on.</summary>
    public required string Split { get; init; }

    public required LabelSpec Label { get; init; }

    /// <summary>A prediction above it counts as «yes».</summary>
    public required double DecisionThreshold { get; init; }

    /// <summary>Examples left out because they have no label.</summary>
    public required int UnlabelledExamples { get; init; }

    /// <summary>How many of these have a label that is none of the model's classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int UnknownLabels { get; init; }

    /// <summary>The fingerprint of the model's artifact.</summary>
    public required string ModelFingerprint { get; init; }

    /// <summary>The fingerprint of the baseline's artifact; null when there is none.</summary>
    public required string? BaselineFingerprint { get; init; }

    /// <summary>Why there is no baseline; null when there is one.</summary>
    public required string? NoBaseline { get; init; }

    public required IReadOnlyList<ThresholdVerdict> Thresholds { get; init; }

    /// <summary>Values known from elsewhere, for all examples together.</summary>
    public required IReadOnlyList<MetricReference> References { get; init; }

    /// <summary>All labelled examples together.</summary>
    public required SliceEvaluation Overall { get; init; }

    /// <summary>How far the predictions of a binary model can be taken at their word, over all examples; empty for other tasks.</summary>
    public required IReadOnlyList<CalibrationBin> CalibrationTable { get; init; }

    /// <summary>The slices with enough examples, by column in the order asked for, then by value in ordinal order, missing last.</summary>
    public required IReadOnlyList<SliceEvaluation> Slices { get; init; }

    /// <summary>How many slices had too few examples to be shown, by column.</summary>
    public required IReadOnlyList<SmallSlices> SmallSlices { get; init; }

    /// <summary>Reads the report in an artifact's directory.</summary>
    /// <exception cref="InvalidDataException">The file is no report of this format.</exception>
    public static EvaluationReport Load(string path)
    {
        try
        {
            var report = JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the report of an evaluation.");
            return report.Format == 1
                ? report
                : throw new InvalidDataException($"'{path}' has format {report.Format}. Expected 1: read it with a newer version of Gyre.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is no report of an evaluation (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    public void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);
}

/// <summary>One condition of a slice.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">The text that the column has; null where it is missing.</param>
public sealed record SliceTerm(string Column, string? Value)
{
    public override string ToString() => Value is null ? $"{Column} is missing" : $"{Column} = {Value}";
}

/// <summary>The metrics on the examples that meet all terms of a slice.</summary>
/// <param name="Slice">The terms; empty for all examples.</param>
/// <param name="Model">The model's metrics.</param>
/// <param name="Baseline">Those of the baseline on the same examples; null when there is none.</param>
public sealed record SliceEvaluation(IReadOnlyList<SliceTerm> Slice, MetricValues Model, MetricValues? Baseline)
{
    /// <summary>The slice in words.</summary>
    [JsonIgnore]
    public string Name => Describe(Slice);

    internal static string Describe(IReadOnlyList<SliceTerm> slice) =>
        slice.Count == 0 ? "all examples" : string.Join(" and ", slice);
}

/// <summary>Slices that had too few examples to be shown.</summary>
/// <param name="Column">The column that makes the slices.</param>
/// <param name="Slices">How many there are.</param>
/// <param name="ExampleCount">How many examples they have together.</param>
public sealed record SmallSlices(string Column, int Slices, int ExampleCount);

/// <summary>How a threshold was judged.</summary>
public enum Verdict
{
    Passed,
    Failed,

    /// <summary>It could not be judged, as the message says, and counts neither for nor against.</summary>
    Skipped,
}

/// <summary>A threshold, judged on one slice.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Rule">How the value is compared with the bound.</param>
/// <param name="Bound">What it is compared with.</param>
/// <param name="Slice">Where it was judged; empty for all examples.</param>
/// <param name="Value">What was compared: the metric's value, or for a change the improvement; null where undefined.</param>
/// <param name="Verdict">Whether it was kept.</param>
/// <param name="Message">The verdict in words, with the distance to the bound.</param>
public sealed record ThresholdVerdict(
    string Metric, ThresholdRule Rule, double Bound, IReadOnlyList<SliceTerm> Slice, double? Value, Verdict Verdict, string Message);
