using System.CommandLine;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Verbs;

/// <summary>Shows statistics of data, inside or outside a pipeline.</summary>
sealed class StatsVerb : Verb
{
    readonly Argument<string?> _source = new("source")
    {
        HelpName = "FILE|ID",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45); by default the newest statistics of the home.",
    };

    readonly CsvArguments _csv = new();

    public StatsVerb()
        : base("stats", "Show statistics of a file or an artifact.")
    {
        Arguments.Add(_source);
        foreach (var option in _csv.All)
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("stats", "those of the last run"),
        new("stats data.csv", "of a file, exactly, without a pipeline"),
        new("stats a2 --json", "of an artifact, for a program"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var data = await DataSet.OpenAsync(session, session.Value(_source), _csv.Read(session), cancellationToken);
        var all = data.Parts.Select(part => part.Statistics(cancellationToken)).ToList();
        if (session.Screen.IsJson)
        {
            session.Screen.Json(new
            {
                source = data.Source,
                splits = all.Select(statistics => new { name = statistics.Name, examples = statistics.Examples, features = statistics.Features }),
            });
            return ExitCodes.Done;
        }

        session.Screen.Note(session.Screen.Paint(data.Source, Tone.Faint));
        foreach (var statistics in all)
        {
            session.Screen.Line();
            StatisticsPage.Write(session.Screen, statistics);
        }

        return ExitCodes.Done;
    }
}
