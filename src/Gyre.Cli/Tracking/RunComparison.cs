using System.Globalization;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Evaluation;
using Gyre.Pages;

namespace Gyre.Cli.Tracking;

/// <summary>A quantity of several runs: a value for each, null where a run has none.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">As they are shown.</param>
/// <param name="Best">Which run has the best; null where that cannot be said.</param>
sealed record ComparedRow(string Name, IReadOnlyList<string?> Values, int? Best = null)
{
    public bool Differs => Values.Distinct(StringComparer.Ordinal).Count() > 1;
}

/// <summary>Runs side by side: what came out, then whatever differs of what went in.</summary>
sealed class RunComparison
{
    const string Metrics = "metrics";
    const string Classes = "classes";
    const string Seconds = "seconds";

    static readonly string[] SmallIsBetter = ["loss", "log_loss", "train_loss", "eval_loss", "brier", "mse", "rmse", "mae", "hamming_loss"];

    readonly IReadOnlyList<RunFacts> _runs;

    /// <param name="runs">The runs, in the order in which they are shown.</param>
    /// <param name="all">Whether to show what is the same in all of them too.</param>
    public RunComparison(IReadOnlyList<RunFacts> runs, bool all)
    {
        _runs = runs;
        Groups =
        [
            (Metrics, Numbers(run => run.Metrics)),
            (Classes, Numbers(run => run.Classes)),
            ("parameters", Texts(run => run.Parameters, all)),
            ("data", Texts(run => run.Data, all)),
            ("environment", Texts(run => run.Environment, all)),
            (Seconds, [.. Numbers(run => run.Seconds).Select(row => row with { Best = null })]),
        ];
    }

    public IReadOnlyList<(string Title, IReadOnlyList<ComparedRow> Rows)> Groups { get; }

    public void Write(Screen screen)
    {
        var names = _runs.Select(run => run.Run.Id).ToArray();
        var head = new TextTable([.. names.Prepend("run")]);
        head.Add([.. Cells("pipeline", run => run.Run.Pipeline)]);
        head.Add([.. Cells("started", run => History.HistoryText.Moment(run.Run.Started))]);
        head.Add([.. Cells("state", run => run.Run.State)]);
        head.Add([.. Cells("time", run => run.Run.Seconds is { } seconds ? ProgressText.Time(seconds) : "")]);
        head.Write(screen);
        foreach (var (title, rows) in Groups.Where(group => group.Rows.Count > 0))
        {
            screen.Line();
            screen.Line(screen.Paint(title, Tone.Strong));
            var table = new TextTable { Indent = "  ", RightAligned = title is Metrics or Classes or Seconds ? [.. Enumerable.Range(1, names.Length)] : [] };
            foreach (var row in rows)
                table.Add([row.Name, .. row.Values.Select((value, index) => new Cell(value ?? "-", index == row.Best ? Tone.Good : value is null ? Tone.Faint : Tone.Plain))]);
            table.Write(screen);
        }
    }

    /// <summary>The same as a page, with the curves of all trainings.</summary>
    public ReportView Page()
    {
        var names = _runs.Select(run => run.Run.Id).ToList();
        return new ReportView
        {
            Title = $"Runs {string.Join(", ", names)}",
            Source = string.Join(", ", _runs.Select(run => run.Run.Pipeline).Distinct(StringComparer.Ordinal)),
            Colours = names,
            Sections =
            [
                new ReportSection("Runs")
                {
                    Tables = [new TableView(["", .. names], [Row("started", run => History.HistoryText.Moment(run.Run.Started)), Row("state", run => run.Run.State), Row("time", run => run.Run.Seconds is { } seconds ? ProgressText.Time(seconds) : "")])],
                },
                .. Curves(),
                .. Groups.Where(group => group.Rows.Count > 0).Select(group => new ReportSection(char.ToUpperInvariant(group.Title[0]) + group.Title[1..])
                {
                    Note = group.Title switch
                    {
                        Metrics or Seconds => null,
                        Classes => "How well each class is found on the examples that the training watched.",
                        _ => "What is the same in all runs is left out, unless all was asked for.",
                    },
                    Tables = [new TableView(["", .. names], [.. group.Rows.Select(row => (IReadOnlyList<TableCell>)
                        [row.Name, .. row.Values.Select((value, index) => new TableCell(value ?? "-") { IsStrong = index == row.Best, IsText = group.Title is not (Metrics or Classes or Seconds) })])])],
                }),
            ],
        };

        IReadOnlyList<TableCell> Row(string name, Func<RunFacts, string> of) => [name, .. _runs.Select(run => new TableCell(of(run)) { IsText = true })];
    }

    IEnumerable<ReportSection> Curves()
    {
        foreach (var node in _runs.SelectMany(run => run.Curves).Select(curve => curve.Node).Distinct(StringComparer.Ordinal))
        {
            var curves = _runs.Select((run, index) => (Run: run, Index: index, Curve: run.Curves.FirstOrDefault(curve => curve.Node == node))).Where(each => each.Curve is not null).ToList();
            var metrics = curves.SelectMany(each => each.Curve!.Training.Epochs.SelectMany(RunFacts.MetricsOf)).Select(metric => metric.Name).Distinct(StringComparer.Ordinal).ToList();
            yield return new ReportSection($"Curves of {node}")
            {
                Note = curves.Any(each => each.Curve!.Training.KeptEpoch is not null) ? "A ring marks the epoch that the model is of." : null,
                Plots = [.. metrics.Select(metric => new PlotView(metric.Replace('_', ' '), [.. curves.Select(each => new PlotSeries(each.Run.Run.Id, each.Index, Points(each.Curve!, metric)) { Ring = each.Curve!.Training.KeptEpoch })]) { Across = "epoch" })],
            };
        }
    }

    static IReadOnlyList<PlotPoint> Points(RunCurve curve, string metric) =>
        [.. curve.Training.Epochs.SelectMany(epoch => RunFacts.MetricsOf(epoch).Where(each => each.Name == metric).Select(each => new PlotPoint(epoch.Epoch, each.Value)))];

    IEnumerable<Cell> Cells(string name, Func<RunFacts, string> of) => _runs.Select(run => new Cell(of(run))).Prepend(name);

    IReadOnlyList<ComparedRow> Numbers(Func<RunFacts, IReadOnlyDictionary<string, double>> of) =>
    [
        .. Keys(run => of(run).Keys).Select(name =>
        {
            var values = _runs.Select(run => of(run).TryGetValue(name, out var value) ? value : (double?)null).ToList();
            return new ComparedRow(name, [.. values.Select(value => value?.ToString(value == Math.Floor(value.Value) && Math.Abs(value.Value) >= 1 ? "0" : "0.0000", CultureInfo.InvariantCulture))], BestOf(name, values));
        }),
    ];

    IReadOnlyList<ComparedRow> Texts(Func<RunFacts, IReadOnlyDictionary<string, string>> of, bool all) =>
        [.. Keys(run => of(run).Keys).Select(name => new ComparedRow(name, [.. _runs.Select(run => of(run).GetValueOrDefault(name))])).Where(row => all || (row.Differs && IsOfNodesOfAll(row.Name)))];

    /// <summary>All parameters of a node that only some of the runs have differ; that it is there is said by its time.</summary>
    bool IsOfNodesOfAll(string name) => _runs.All(run => run.Nodes.Contains(NodeOf(name), StringComparer.Ordinal)) || _runs.All(run => !run.Nodes.Contains(NodeOf(name), StringComparer.Ordinal));

    static string NodeOf(string name) => name.IndexOfAny(['.', ' ']) is > 0 and var end ? name[..end] : name;

    IEnumerable<string> Keys(Func<RunFacts, IEnumerable<string>> of) => _runs.SelectMany(of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Which value is the best, where the metric has a better side and the runs differ.</summary>
    static int? BestOf(string name, List<double?> values)
    {
        // Of classes the metric stands behind the node, and the class, which may hold anything, behind it.
        var metric = name.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? name[(space + 1)..].Split(' ')[0] : name[(name.LastIndexOf('.') + 1)..];
        var small = SmallIsBetter.Contains(metric, StringComparer.Ordinal);
        var plain = metric.StartsWith("eval_", StringComparison.Ordinal) ? metric[5..] : metric;
        if (!small && Metric.All.FirstOrDefault(each => each.Name == plain) is not { Direction: MetricDirection.Higher })
            return null;
        var known = values.OfType<double>().ToList();
        return known.Count < 2 || known.Distinct().Count() == 1 ? null : values.IndexOf(small ? known.Min() : known.Max());
    }
}
