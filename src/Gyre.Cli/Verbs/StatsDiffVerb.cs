using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Inspection;
using Gyre.Pages;
using Gyre.Statistics;

namespace Gyre.Cli.Verbs;

/// <summary>Compares two sets of data by their statistics.</summary>
sealed class StatsDiffVerb : Verb
{
    readonly Argument<string> _first = new("first") { HelpName = "FILE|ID", Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45)." };

    readonly Argument<string?> _second = new("second") { HelpName = "FILE|ID", Arity = ArgumentArity.ZeroOrOne, Description = "What to compare it with; without it, the first two splits of the first are compared." };

    readonly FeatureSelection _selection = new();

    readonly PageOutput _page = new();

    readonly CsvArguments _csv = new();

    public StatsDiffVerb()
        : base("diff", "Compare two files, artifacts or splits, feature by feature.")
    {
        Arguments.Add(_first);
        Arguments.Add(_second);
        foreach (var option in _selection.All.Concat(_page.All).Concat(_csv.All))
            Options.Add(option);
    }

    public override string Explanation => "Features that differ most come first. Splits of the same name are compared with each other; of one source, its splits.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("stats diff old.csv new.csv", "what changed from one file to another"),
        new("stats diff a2 a7 --split train", "the same split of two artifacts"),
        new("stats diff a2", "the splits of one artifact"),
        new("stats diff old.csv new.csv --feature price", "one feature whole"),
        new("stats diff old.csv new.csv --html page.html", "a page with both, one over the other"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var first = await DataSet.OpenAsync(session, session.Value(_first), _csv.Read(session), cancellationToken);
        using var second = session.Value(_second) is { } name ? await DataSet.OpenAsync(session, name, _csv.Read(session), cancellationToken) : null;
        var pairs = Pairs(session, first, second);
        if (_page.File(session) is not null)
        {
            if (pairs.Count > 1)
                throw new UsageException($"A page shows one pair of sets, and there are {pairs.Count}. Choose one with --split: {string.Join(", ", pairs.Select(pair => $"'{pair.First.Name}'"))}.");
            _page.Write(session, second is null ? first.Source : $"{first.Source} and {second.Source}", [Count(first, pairs[0].First), Count(second ?? first, pairs[0].Second)]);
            return ExitCodes.Done;
        }

        var comparisons = pairs.Select(pair => SideBySide.Between(Count(first, pair.First).View, Count(second ?? first, pair.Second).View)).ToList();
        var screen = session.Screen;
        if (screen.IsJson)
        {
            screen.Json(new
            {
                comparisons = comparisons.Select(comparison => new
                {
                    first = new { name = comparison.First.Name, examples = comparison.First.Examples },
                    second = new { name = comparison.Second.Name, examples = comparison.Second.Examples },
                    remarks = comparison.Remarks,
                    features = _selection.Of(session, comparison),
                }),
            });
            return ExitCodes.Done;
        }

        foreach (var (index, comparison) in comparisons.Index())
        {
            if (index > 0)
                screen.Line();
            Show(session, comparison);
        }

        return ExitCodes.Done;

        (DataSetView View, DatasetStatistics Statistics) Count(DataSet data, DataPart part)
        {
            var statistics = part.Statistics(cancellationToken);
            return (DataSetView.Of(statistics, NameOf(data, part, first, second)), statistics);
        }
    }

    void Show(Session session, SideBySide comparison)
    {
        var features = _selection.Of(session, comparison);
        if (!_selection.WantsDetails(session))
        {
            ComparisonPage.Write(session.Screen, comparison, features);
            return;
        }

        foreach (var pair in features)
            ComparisonPage.Write(session.Screen, pair, comparison);
    }

    /// <summary>Which parts are compared with each other.</summary>
    List<(DataPart First, DataPart Second)> Pairs(Session session, DataSet first, DataSet? second)
    {
        var splits = _selection.Splits(session);
        if (second is null)
        {
            return _selection.Parts(session, first) is [var one, var other, ..]
                ? [(one, other)]
                : throw new UsageException($"{first.Source} holds {(splits.Count > 0 ? "one part of these names" : "one set of data")} only. Name a second: stats diff {session.Value(_first)} OTHER.");
        }

        if (splits.Count > 0)
            return [.. splits.Select(split => (FeatureSelection.Named(first, split)[0], FeatureSelection.Named(second, split)[0]))];
        if (first.Parts.Count == 1 && second.Parts.Count == 1)
            return [(first.Parts[0], second.Parts[0])];
        var pairs = first.Parts.Join(second.Parts, part => part.Name, part => part.Name, (one, other) => (one, other), StringComparer.Ordinal).ToList();
        if (pairs.Count > 0)
            return pairs;
        return second.Parts.Count == 1 || first.Parts.Count == 1
            ? [(first.Parts[0], second.Parts[0])]
            : throw new UsageException($"{first.Source} has {Names(first)}, {second.Source} has {Names(second)}: no name is in both. Name files that hold one set each.");
    }

    static string Names(DataSet data) => string.Join(", ", data.Parts.Select(part => $"'{part.Name}'"));

    /// <summary>As short as tells the two apart: the split's name within one source, else the file's.</summary>
    static string NameOf(DataSet data, DataPart part, DataSet first, DataSet? second)
    {
        if (second is null)
            return part.Name;
        var (one, other) = (Short(first.Source), Short(second.Source));
        var source = one == other ? data.Source : Short(data.Source);
        return data.Parts.Count == 1 ? source : $"{source} {part.Name}";

        static string Short(string source) => Path.GetFileName(source) is { Length: > 0 } file ? file : source;
    }
}
