using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Schemas;

namespace Gyre.Pages;

/// <summary>What validation found in one split, as an artifact of anomalies holds it, ready to be shown.</summary>
/// <param name="Name">The split.</param>
/// <param name="Report">Its anomalies.</param>
public sealed record ValidationView(string Name, AnomalyReport Report)
{
    const string SplitPrefix = "Split-";
    const string ReportFile = "SchemaDiff.pb";
    const string RowsFile = "offending.json";
    const string ComparisonFile = "comparison.json";

    /// <summary>The rows that offend, where they are known.</summary>
    public IReadOnlyList<OffendingRow> Rows { get; init; } = [];

    /// <summary>Every distance that was measured, also those below their threshold.</summary>
    public IReadOnlyList<MeasuredDistance> Distances { get; init; } = [];

    /// <summary>The classes of the label; empty when no label is known.</summary>
    public IReadOnlyList<ClassShare> Classes { get; init; } = [];

    /// <summary>Reads all that an artifact of anomalies holds, split by split, the training split first.</summary>
    /// <param name="directory">The artifact's directory.</param>
    /// <exception cref="InvalidDataException">A file holds something else than it should.</exception>
    public static IReadOnlyList<ValidationView> OfDirectory(string directory) =>
    [
        .. Directory.EnumerateDirectories(directory, SplitPrefix + "*").Order(StringComparer.Ordinal)
            .Select(OfSplit).OrderBy(split => split.Name != "train"),
    ];

    static ValidationView OfSplit(string directory)
    {
        var comparison = Json(Path.Join(directory, ComparisonFile));
        return new ValidationView(Path.GetFileName(directory)[SplitPrefix.Length..], AnomalyReport.Load(Path.Join(directory, ReportFile)))
        {
            Rows = [.. Each(Json(Path.Join(directory, RowsFile))?["anomalies"]).SelectMany(found => Each(found["examples"]).Select(example => new OffendingRow(
                Text(found["feature"]) ?? "", Text(example["file"]), Whole(example["line"]) ?? Whole(example["row"]), Text(example["value"]))))],
            Distances = [.. Each(comparison?["comparisons"]).SelectMany(DistancesOf)],
            Classes = [.. ClassesOf(comparison?["label"])],
        };
    }

    static IEnumerable<MeasuredDistance> DistancesOf(JsonNode comparison) => Each(comparison["features"]).SelectMany(feature => Each(feature["distances"]).Select(distance => new MeasuredDistance(
        $"{Text(comparison["with"])?.Replace('_', ' ')} {Text(comparison["other"])}".Trim(),
        Text(feature["feature"]) ?? "",
        Text(distance["name"])?.Replace('_', ' ') ?? "",
        Number(distance["value"]) ?? double.NaN,
        Number(distance["threshold"]),
        Number(feature["probability"]),
        feature["isAlarm"]?.GetValueKind() == JsonValueKind.True)));

    static IEnumerable<ClassShare> ClassesOf(JsonNode? label) => Each(label?["classes"]).Select(each => new ClassShare(
        Text(each["value"]) ?? Text(each["class"]) ?? "", Number(each["count"]) ?? 0, Number(each["share"]) ?? 0, Number(each["weight"])));

    static JsonNode? Json(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path} is no JSON: {problem.Message} Run the pipeline again to make it anew.", problem);
        }
    }

    static IEnumerable<JsonNode> Each(JsonNode? node) => node is JsonArray array ? array.OfType<JsonNode>() : [];

    static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };

    static long? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    static double? Number(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<double>(out var number) ? number
        : double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : null;
}

/// <summary>A row that is to blame for an anomaly.</summary>
/// <param name="Feature">The feature of the anomaly.</param>
/// <param name="File">The file the row was read from; null where that is not known.</param>
/// <param name="Line">Its line, or its number; null where that is not known.</param>
/// <param name="Value">The value; null when it is missing.</param>
public sealed record OffendingRow(string Feature, string? File, long? Line, string? Value)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File ?? "row"}{(Line is null ? "" : File is null ? $" {Line}" : $"({Line})")}: {(Value is null ? "no value" : $"'{Value}'")}");
}

/// <summary>One measured distance between two data sets.</summary>
/// <param name="Against">What the data was held against.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Measure">The name of the distance.</param>
/// <param name="Value">How far apart the sets are.</param>
/// <param name="Threshold">Above which value it is too far; null when nobody said.</param>
/// <param name="Probability">How likely such a difference is by chance; null when it was not tested.</param>
/// <param name="IsAlarm">Whether the feature raised an alarm.</param>
public sealed record MeasuredDistance(string Against, string Feature, string Measure, double Value, double? Threshold, double? Probability, bool IsAlarm);

/// <summary>One class of the label.</summary>
/// <param name="Value">The class.</param>
/// <param name="Count">How many examples it has.</param>
/// <param name="Share">Its share of all examples, from 0 to 1.</param>
/// <param name="Weight">The weight that would balance the classes; null when none is suggested.</param>
public sealed record ClassShare(string Value, double Count, double Share, double? Weight);
