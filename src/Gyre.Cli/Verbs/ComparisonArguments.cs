using System.CommandLine;
using Gyre.Cli.Inspection;
using Gyre.Schemas;
using Gyre.Schemas.Comparison;
using Gyre.Statistics;

namespace Gyre.Cli.Verbs;

/// <summary>The options that name data to compare with.</summary>
sealed class ComparisonArguments
{
    readonly Option<string?> _previous = new("--previous") { HelpName = "FILE|ID", Description = "Earlier data to compare with, to see drift: whatever the source can be." };

    readonly Option<string?> _serving = new("--serving") { HelpName = "FILE|ID", Description = "What the model is asked in service, to compare with, to see skew." };

    readonly Option<string?> _label = new("--label") { HelpName = "COLUMN", Description = "The label: its classes are counted and compared, and features that give it away are looked for." };

    public IEnumerable<Option> All => [_previous, _serving, _label];

    /// <summary>Reads the data to compare with.</summary>
    public async Task<ComparedData> OpenAsync(Session session, CsvReading reading, CancellationToken cancellationToken)
    {
        var result = new ComparedData(session.Value(_label));
        foreach (var (with, name) in new[] { (ComparedWith.PreviousSpan, session.Value(_previous)), (ComparedWith.Serving, session.Value(_serving)) })
        {
            if (name is null)
                continue;
            using var data = await DataSet.OpenAsync(session, name, reading, cancellationToken);
            result.Add(with, data.Source, data.Parts.Select(part => (part.Name, part.Statistics(cancellationToken))));
        }

        return result;
    }
}

/// <summary>Data to compare with, and what comparing found.</summary>
sealed class ComparedData(string? label)
{
    readonly List<(ComparedWith With, string Source, List<(string Name, DatasetStatistics Statistics)> Parts)> _others = [];
    readonly Dictionary<string, ComparisonReport> _reports = new(StringComparer.Ordinal);

    (string Name, DatasetStatistics Statistics, IReadOnlyList<string> Files)? _first;

    /// <summary>What was found, by split.</summary>
    public IReadOnlyDictionary<string, ComparisonReport> Reports => _reports;

    /// <summary>Whether anything was asked for.</summary>
    public bool IsWanted => _others.Count > 0 || label is not null;

    public void Add(ComparedWith with, string source, IEnumerable<(string Name, DatasetStatistics Statistics)> parts) => _others.Add((with, source, [.. parts]));

    /// <summary>Holds a split against the schema and all other data. The first split has to be the first.</summary>
    public AnomalyReport Validate(DataPart part, DatasetStatistics statistics, SchemaDefinition schema, ValidationOptions options, CancellationToken cancellationToken)
    {
        options = options with { Label = label ?? options.Label };
        var first = _first;
        _first ??= (part.Name, statistics, part.Files);
        var split = new SplitComparison(part.Name, statistics)
        {
            References = [.. _others.Where(other => other.Parts.Count > 0).Select(other => new ReferenceData(other.With, other.Source, PartOf(other.Parts, part.Name)))],
            FirstSplit = first?.Statistics,
            Leakage = options.Label is not null && part.Files.Count > 0 && first is null or { Files.Count: > 0 }
                ? LeakageHints.Find(part.Files, first?.Files, options.Label, options.Leakage, Environment.ProcessorCount, Path.GetTempPath(), cancellationToken)
                : null,
        };
        var (anomalies, comparison) = split.Validate(schema, options);
        _reports[part.Name] = comparison;
        return anomalies;
    }

    /// <summary>The split of the same name; where there is none, the first.</summary>
    static DatasetStatistics PartOf(List<(string Name, DatasetStatistics Statistics)> parts, string name) =>
        parts.Find(part => part.Name == name) is { Statistics: { } same } ? same : parts[0].Statistics;
}
