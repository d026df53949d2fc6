using System.CommandLine;
using Gyre.Cli.Inspection;
using Gyre.Pages;

namespace Gyre.Cli.Verbs;

/// <summary>Shows statistics of data, inside or outside a pipeline; alone it does what <c>stats show</c> does.</summary>
sealed class StatsVerb : Verb
{
    readonly StatsShowVerb _show = new();

    readonly StatsDiffVerb _diff = new();

    public StatsVerb()
        : base("stats", "Show statistics of a file or an artifact, or compare two.")
    {
        foreach (var argument in _show.Arguments)
            Arguments.Add(argument);
        foreach (var option in _show.Options)
            Options.Add(option);
        Subcommands.Add(_show);
        Subcommands.Add(_diff);
        SetAction(_ => ExitCodes.Done);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("stats", "those of the last run"),
        new("stats data.csv", "of a file, exactly, without a pipeline"),
        new("stats data.csv --feature price", "one feature whole, with bars"),
        new("stats data.csv --html page.html", "a page to look at in a browser, and to pass on"),
        new("stats diff old.csv new.csv", "what changed from one file to another"),
        new("stats a2 --json", "of an artifact, for a program"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken) => _show.RunAsync(session, cancellationToken);
}

/// <summary>Shows statistics.</summary>
sealed class StatsShowVerb : Verb
{
    const int ShownPairs = 20;

    readonly Argument<string?> _source = new("source")
    {
        HelpName = "FILE|ID",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45); by default the newest statistics of the home.",
    };

    readonly FeatureSelection _selection = new();

    readonly PageOutput _page = new();

    readonly CsvArguments _csv = new();

    public StatsShowVerb()
        : base("show", "Show statistics of a file or an artifact.")
    {
        Arguments.Add(_source);
        foreach (var option in _selection.All.Concat(_page.All).Concat(_csv.All))
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("stats show data.csv", "a line for each feature"),
        new("stats show data.csv --details", "every feature whole, with bars"),
        new("stats show a2 --split train --sort missing", "a split, what is missing most first"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var data = await DataSet.OpenAsync(session, session.Value(_source), _csv.Read(session), cancellationToken);
        var counted = _selection.Parts(session, data).Select(part => (part.Name, Statistics: part.Statistics(cancellationToken))).ToList();
        var sets = counted.Select(set => DataSetView.Of(set.Statistics, set.Name.Length > 0 ? set.Name : Path.GetFileName(data.Source))).ToList();
        var screen = session.Screen;
        if (_page.File(session) is not null)
        {
            _page.Write(session, data.Source, [.. sets.Zip(counted, (set, each) => (set, each.Statistics))]);
            return ExitCodes.Done;
        }

        if (screen.IsJson)
        {
            screen.Json(new
            {
                source = data.Source,
                splits = sets.Select(set => new
                {
                    name = set.Name,
                    examples = set.Examples,
                    weightedExamples = set.WeightedExamples,
                    remarks = Remark.Of(set),
                    features = _selection.Of(session, set),
                    pairs = set.Pairs,
                }),
            });
            return ExitCodes.Done;
        }

        screen.Note(screen.Paint(data.Source, Terminal.Tone.Faint));
        foreach (var set in sets)
        {
            screen.Line();
            var features = _selection.Of(session, set);
            if (!_selection.WantsDetails(session))
            {
                StatisticsPage.Write(screen, set, features);
                FeaturePage.Pairs(screen, set.Pairs, ShownPairs);
                continue;
            }

            StatisticsPage.Head(screen, set);
            foreach (var feature in features)
                FeaturePage.Write(screen, feature);
            FeaturePage.Pairs(screen, [.. set.Pairs.Where(pair => features.Any(feature => feature.Name == pair.First || feature.Name == pair.Second))], ShownPairs);
        }

        return ExitCodes.Done;
    }
}
