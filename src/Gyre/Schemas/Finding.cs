using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>One thing that the schema does not allow.</summary>
/// <param name="Type">Which of TFX's kinds of anomaly it is.</param>
/// <param name="Short">In a few words.</param>
/// <param name="Long">What was found and what was expected, in sentences.</param>
/// <param name="Weight">What follows from it.</param>
sealed record Finding(AnomalyType Type, string Short, string Long, FindingWeight Weight = FindingWeight.Error)
{
    /// <summary>Tells the examples that are to blame from the others; null when no single example is.</summary>
    public Offence? Offence { get; init; }
}

enum FindingWeight
{
    /// <summary>The schema allows it; people may want to know.</summary>
    Note,
    Warning,
    Error,
}

/// <summary>
/// Collects what is found in one data set, from the schema's rules and from comparisons with other data, and makes TFX's
/// <c>Anomalies</c> of it. Whatever holds data against something adds its findings here.
/// </summary>
sealed class AnomalyBuilder(Schema baseline, ValidationOptions options)
{
    const string Several = "Multiple errors";

    readonly Dictionary<string, (IReadOnlyList<string> Path, List<Finding> Findings)> _features = new(StringComparer.Ordinal);
    readonly List<Finding> _dataset = [];
    readonly List<DriftSkewInfo> _distances = [];
    readonly List<string> _notes = [];

    /// <summary>The schema that the data was held against.</summary>
    public Schema Baseline { get; } = baseline;

    public ValidationOptions Options { get; } = options;

    /// <summary>Whether there was nothing to look at.</summary>
    public bool DataMissing { get; set; }

    /// <summary>The schema with every rule that was broken relaxed so far that the data meets it.</summary>
    public required Schema Fixed { get; init; }

    /// <summary>Adds what was found in one feature; several calls for one feature make one anomaly.</summary>
    public void Add(IReadOnlyList<string> path, IEnumerable<Finding> findings)
    {
        var key = SchemaFeatures.Serialize(path);
        foreach (var finding in findings)
        {
            if (finding.Weight == FindingWeight.Note)
            {
                _notes.Add($"{key}: {finding.Long}");
                continue;
            }

            if (!_features.TryGetValue(key, out var known))
                _features.Add(key, known = (path, []));
            known.Findings.Add(finding);
        }
    }

    /// <summary>Adds what was found in the data set as a whole.</summary>
    public void AddDataset(IEnumerable<Finding> findings) => _dataset.AddRange(findings);

    /// <summary>Adds distances that were measured, whether they are too great or not.</summary>
    public void AddDistances(DriftSkewInfo distances) => _distances.Add(distances);

    public AnomalyReport Build()
    {
        var message = new Protos.Anomalies
        {
            Baseline = Baseline,
            AnomalyNameFormat = Protos.Anomalies.Types.AnomalyNameFormat.SerializedPath,
        };
        if (DataMissing)
            message.DataMissing = true;
        var differences = new SchemaTextDifference(Baseline);
        foreach (var (key, (path, findings)) in _features)
        {
            var info = Summarise(findings);
            info.Path = new Gyre.Statistics.Protos.Path();
            info.Path.Step.AddRange(path);
            info.DiffRegions.AddRange(differences.RegionsOf(SchemaMerge.Feature(Baseline, Fixed, path)));
            message.AnomalyInfo.Add(key, info);
        }

        if (_dataset.Count > 0)
        {
            message.DatasetAnomalyInfo = Summarise(_dataset);
            message.DatasetAnomalyInfo.DiffRegions.AddRange(differences.RegionsOf(SchemaMerge.Dataset(Baseline, Fixed)));
        }

        message.DriftSkewInfo.AddRange(_distances);
        return new AnomalyReport(message)
        {
            Notes = _notes,
            Fixed = new SchemaDefinition(Fixed),
            Offences = [.. _features.SelectMany(feature => feature.Value.Findings.Where(finding => finding.Offence is not null)
                .Select(finding => new FoundOffence(feature.Value.Path, finding)))],
        };
    }

    AnomalyInfo Summarise(List<Finding> findings)
    {
        var info = new AnomalyInfo
        {
            Severity = findings.Exists(finding => SeverityOf(finding) == AnomalySeverity.Error) ? AnomalyInfo.Types.Severity.Error : AnomalyInfo.Types.Severity.Warning,
            ShortDescription = findings is [var only] ? only.Short : Several,
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

    AnomalySeverity SeverityOf(Finding finding) =>
        Options.Severities.TryGetValue(AnomalyTypes.NameOf(finding.Type), out var chosen) ? chosen
        : finding.Weight == FindingWeight.Error ? AnomalySeverity.Error : AnomalySeverity.Warning;
}

/// <summary>A finding that single examples are to blame for, and whose feature it is.</summary>
sealed record FoundOffence(IReadOnlyList<string> Path, Finding Finding);

/// <summary>TFX's names of the kinds of anomaly.</summary>
static class AnomalyTypes
{
    static readonly Google.Protobuf.Reflection.EnumDescriptor Descriptor = AnomalyInfo.Descriptor.EnumTypes.First(known => known.Name == "Type");

    public static string NameOf(AnomalyType type) => Descriptor.FindValueByNumber((int)type)?.Name ?? type.ToString();

    public static bool IsKnown(string name) => Descriptor.FindValueByName(name) is not null;
}
