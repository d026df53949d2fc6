using System.Globalization;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Schemas;

/// <summary>How data is held against a schema.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Which environment the data is of, for example <c>SERVING</c>, where the schema says that some features belong to
    /// some environments only; null when all features are expected.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>
    /// Where a schema allows a share (of missing examples, of values outside a set) and more than that is found, it is an
    /// anomaly; but it stops a run only when it is unlikely to be chance: when examples of which just the allowed share
    /// deviates would look like this with less than this probability. It matters for small splits: 2 of 21 examples
    /// are 10 %, and mean little. At 1, every anomaly stops.
    /// </summary>
    public double Significance { get; init; } = 0.001;

    /// <summary>How many unexpected values are named in a description, the most frequent first.</summary>
    public int NamedValues { get; init; } = 10;
}

/// <summary>Holds the statistics of data against a schema, by the rules of TensorFlow Data Validation.</summary>
public static class SchemaValidation
{
    /// <summary>Finds what the schema does not allow.</summary>
    /// <param name="statistics">The statistics of one data set.</param>
    /// <param name="schema">What is expected.</param>
    /// <param name="options">How to compare.</param>
    public static AnomalyReport Validate(DatasetStatistics statistics, SchemaDefinition schema, ValidationOptions? options = null)
    {
        options ??= new ValidationOptions();
        var message = schema.Message;
        var expected = SchemaFeatures.Flatten(message.Feature).ToDictionary(feature => SchemaFeatures.Serialize(feature.Path), feature => feature, StringComparer.Ordinal);
        var present = new HashSet<string>(StringComparer.Ordinal);
        var notes = new List<string>();
        var result = new Protos.Anomalies
        {
            Baseline = message,
            AnomalyNameFormat = Protos.Anomalies.Types.AnomalyNameFormat.SerializedPath,
        };

        foreach (var found in statistics.Message.Features)
        {
            var path = PathOf(found);
            var key = SchemaFeatures.Serialize(path);
            present.Add(key);
            if (expected.TryGetValue(key, out var feature))
            {
                var rules = FeatureRules.Check(found, feature.Feature, message, options).ToLookup(finding => finding.Weight == FindingWeight.Note);
                Add(result, key, path, [.. rules[false]]);
                notes.AddRange(rules[true].Select(note => $"{key}: {note.Long}"));
            }
            else if (!IsWithinUnknown(path, expected.Keys, statistics))
            {
                Add(result, key, path, [new(AnomalyInfo.Types.Type.SchemaNewColumn, "New column", "The column is in the data, but not in the schema.")]);
            }
        }

        foreach (var (key, (path, feature)) in expected)
        {
            if (!present.Contains(key) && SchemaFeatures.IsRequired(feature, message, options.Environment))
                Add(result, key, path, [new(AnomalyInfo.Types.Type.SchemaMissingColumn, "Column dropped", "The column is in the schema, but not in the data.")]);
        }

        if (CheckCount(statistics.Examples, message.DatasetConstraints) is [_, ..] findings)
            result.DatasetAnomalyInfo = Summarise(findings);
        return new AnomalyReport(result) { Notes = notes };
    }

    /// <summary>A structure that is new as a whole is told of once.</summary>
    static bool IsWithinUnknown(IReadOnlyList<string> path, IEnumerable<string> expected, DatasetStatistics statistics) =>
        path.Count > 1 && statistics.Message.Features.Any(other => PathOf(other).Count < path.Count
            && path.Take(PathOf(other).Count).SequenceEqual(PathOf(other), StringComparer.Ordinal)
            && !expected.Contains(SchemaFeatures.Serialize(PathOf(other)), StringComparer.Ordinal));

    static List<Finding> CheckCount(long examples, DatasetConstraints? constraints)
    {
        var findings = new List<Finding>();
        if (constraints is { HasMinExamplesCount: true } && examples < constraints.MinExamplesCount)
        {
            findings.Add(new Finding(AnomalyInfo.Types.Type.DatasetLowNumExamples, "Too few examples", string.Create(
                CultureInfo.InvariantCulture, $"There are {examples} examples. Expected at least {constraints.MinExamplesCount}.")));
        }

        if (constraints is { HasMaxExamplesCount: true } && examples > constraints.MaxExamplesCount)
        {
            findings.Add(new Finding(AnomalyInfo.Types.Type.DatasetHighNumExamples, "Too many examples", string.Create(
                CultureInfo.InvariantCulture, $"There are {examples} examples. Expected at most {constraints.MaxExamplesCount}.")));
        }

        return findings;
    }

    static void Add(Protos.Anomalies result, string key, IReadOnlyList<string> path, List<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        var info = Summarise(findings);
        info.Path = new Gyre.Statistics.Protos.Path();
        info.Path.Step.AddRange(path);
        result.AnomalyInfo.Add(key, info);
    }

    static AnomalyInfo Summarise(List<Finding> findings)
    {
        var info = new AnomalyInfo
        {
            Severity = findings.Any(finding => finding.Weight == FindingWeight.Error) ? AnomalyInfo.Types.Severity.Error : AnomalyInfo.Types.Severity.Warning,
            ShortDescription = findings.Count == 1 ? findings[0].Short : "Multiple errors",
            Description = string.Join(' ', findings.Select(finding => finding.Long)),
        };
        info.Reason.AddRange(findings.Select(finding => new AnomalyInfo.Types.Reason
        {
            Type = finding.Type,
            ShortDescription = finding.Short,
            Description = finding.Long,
        }));
        return info;
    }

    static IReadOnlyList<string> PathOf(FeatureNameStatistics feature) =>
        feature.FieldIdCase == FeatureNameStatistics.FieldIdOneofCase.Name ? [feature.Name] : [.. feature.Path?.Step ?? []];
}

/// <summary>One thing that the schema does not allow.</summary>
/// <param name="Type">Which of TFX's kinds of anomaly it is.</param>
/// <param name="Short">In a few words.</param>
/// <param name="Long">What was found and what was expected, in sentences.</param>
/// <param name="Weight">What follows from it.</param>
sealed record Finding(AnomalyInfo.Types.Type Type, string Short, string Long, FindingWeight Weight = FindingWeight.Error);

enum FindingWeight
{
    /// <summary>The schema allows it; people may want to know.</summary>
    Note,
    Warning,
    Error,
}
