using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gyre.Tuning;

namespace Gyre.Benchmarks;

/// <summary>
/// A search of 60 trials by asynchronous halving beside a search by chance that may train as much, on trips:
///   dotnet build -c Release samples/ChicagoTaxi
///   dotnet run -c Release --project bench/Gyre.Benchmarks -- tuning [SEEDS] [ROWS]      (default 5 60000)
/// </summary>
sealed class TuningScenario(Sample sample, int seeds, int rows)
{
    const int Trials = 60;

    /// <summary>What a trial of the sample trains at most.</summary>
    const int MostEpochs = 27;

    const string Node = "tune-model";

    readonly string _home = Directory.CreateTempSubdirectory("gyre-bench-tuning-").FullName;
    readonly StringBuilder _lines = new();
    readonly List<(TuningReport Halving, TuningReport Chance)> _pairs = [];

    public async Task RunAsync()
    {
        try
        {
            for (var seed = 1; seed <= seeds; seed++)
                Compare(seed);
        }
        finally
        {
            Directory.Delete(_home, recursive: true);
        }

        Console.Write(ToString());
        await Report.ReplaceSectionAsync(Path.Combine(sample.Repository, "bench", "REPORT.md"), "## Tuning: asynchronous halving and chance at equal work", ToString());
    }

    public override string ToString()
    {
        var (halving, chance) = (Mean(pair => pair.Halving), Mean(pair => pair.Chance));
        return $"""
            ## Tuning: asynchronous halving and chance at equal work

            One run of `bench/Gyre.Benchmarks tuning`: `WideAndDeep` on {rows:N0} made-up trips of the sample ChicagoTaxi, five options, {seeds} seeds of the search.
            Each search by chance gets trials until it has worked as much as the halving, the last one whole; none is stopped by anything but its own early stopping. Work is passes over the examples that trials
            learn from; a trial that goes on does so from its checkpoint. Two trials run at a time, in processes of one thread each.
            Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.

            | seed | search | trials | trained to the end | work | loss of the winner, held back | loss of the winner, eval |
            |---|---|---|---|---|---|---|
            {_lines.ToString().TrimEnd()}
            | mean | halving | {Trials} | | {halving.Work:F0} | {halving.HeldBack:F4} | {halving.Eval:F4} |
            | mean | chance | | | {chance.Work:F0} | {chance.HeldBack:F4} | {chance.Eval:F4} |

            Halving is better by {chance.HeldBack - halving.HeldBack:F4} on the examples held back (in {_pairs.Count(pair => Best(pair.Halving) < Best(pair.Chance))} of {seeds} seeds), and by {chance.Eval - halving.Eval:F4} on the eval split, which neither search saw (in {_pairs.Count(pair => pair.Halving.Eval!.Tuned < pair.Chance.Eval!.Tuned)} of {seeds}).

            """;
    }

    void Compare(int seed)
    {
        var halving = Search("asha", Trials, seed);
        var trials = (int)Math.Ceiling(halving.Work / MostEpochs);
        var chance = Search("random", trials, seed);

        // What was trained is found again, so more trials cost no more than themselves.
        while (chance.Work < halving.Work)
            chance = Search("random", trials += (int)Math.Ceiling((halving.Work - chance.Work) / MostEpochs), seed);
        Tell(seed, "halving", halving);
        Tell(seed, "chance", chance);
        _pairs.Add((halving, chance));
    }

    TuningReport Search(string kind, int trials, int seed)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        sample.Run("run", "--json", "--to", Node, "--home", _home, "--rows", Text(rows), "--tune", Text(trials), "--search", kind, "--set", $"{Node}.seed={Text(seed)}");
        var newest = Directory.GetFiles(Path.Combine(_home, "artifacts"), TuningReport.FileName, SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)!;
        return TuningReport.Load(newest);
    }

    void Tell(int seed, string name, TuningReport report)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"| {seed} | {name} | {report.Trials.Count} | {report.Trials.Count(trial => trial.State == TrialState.Complete)} | {report.Work:F0} | {Best(report):F4} | {report.Eval!.Tuned:F4} |");
        _lines.AppendLine(line);
        Console.Error.WriteLine(line);
    }

    static double Best(TuningReport report) => report.Trials[0].Score!.Value;

    (double Work, double HeldBack, double Eval) Mean(Func<(TuningReport Halving, TuningReport Chance), TuningReport> of) =>
        (_pairs.Average(pair => of(pair).Work), _pairs.Average(pair => Best(of(pair))), _pairs.Average(pair => of(pair).Eval!.Tuned!.Value));
}
