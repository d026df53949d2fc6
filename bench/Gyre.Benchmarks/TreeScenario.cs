using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gyre.LightGbm;
using Gyre.Testing;
using Gyre.Training;

namespace Gyre.Benchmarks;

/// <summary>
/// Trees by <see cref="LightGbmTrainer"/> beside LightGBM's bare C interface: the same rows, parameters and threads, alternating in
/// one process; then the model's graph beside LightGBM's own predictions.
/// </summary>
sealed partial class TreeScenario(int repeats)
{
    const int Rows = 450_000;
    const int EvalRows = 50_000;
    const int Trees = 100;
    const int Threads = 2;

    static readonly FeatureSpec[] Features =
    [
        new("product", FeatureKind.OneHot, 11), new("part", FeatureKind.OneHot, 45), new("issue", FeatureKind.OneHot, 90), new("state", FeatureKind.OneHot, 60),
        new("company", FeatureKind.Category, 2296), new("amount", FeatureKind.Number, 1), new("days", FeatureKind.Number, 1),
    ];

    readonly LightGbmTrainer _trainer = new() { Trees = Trees };

    public async Task RunAsync(string repository)
    {
        NativeLightGbm.Prepare();
        var source = new MadeUpFeatures(Features, seed: 1);
        var (train, eval) = (source.Make(Rows, out _), source.Make(EvalRows, out _));
        var columns = TreeColumns.Of(Features, int.MaxValue);
        var (matrix, evalMatrix) = (ExampleMatrix.Of(columns, train, 0, Rows), ExampleMatrix.Of(columns, eval, 0, EvalRows));
        var nothing = source.Make(0, out _);
        var (ours, watched, bare, bareWatched) = (new List<Taken>(), new List<Taken>(), new List<Taken>(), new List<Taken>());
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            var times = new[]
            {
                Measure(() => Train(train, nothing).Dispose()), Measure(() => Bare(matrix, train.Labels)),
                Measure(() => Train(train, eval).Dispose()), Measure(() => Bare(matrix, train.Labels, evalMatrix, eval.Labels)),
            };
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[0]}, bare {times[1]}; with an eval split {times[2]}, bare {times[3]}"));

            // The first round warms up.
            if (repeat == 0)
                continue;
            ours.Add(times[0]);
            bare.Add(times[1]);
            watched.Add(times[2]);
            bareWatched.Add(times[3]);
        }

        using var model = Train(train, eval);
        using var graph = new FeatureGraph(model, Features);
        var expected = model.Predict(eval);
        float[] actual = [];
        var predicting = Measure(() => actual = graph.Predict(eval, batchSize: 1024));
        var difference = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        var section = string.Create(CultureInfo.InvariantCulture, $"""
            ## Trees: LightGbmTrainer beside LightGBM's C interface

            One run of `bench/Gyre.Benchmarks lightgbm`: {Rows:N0} rows of 7 columns, {Trees} trees of {_trainer.Leaves} leaves, {Threads} threads, medians of {repeats},
            alternating in one process. Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.

            | what | seconds | ratio | processor seconds | ratio |
            |---|---|---|---|---|
            | LightGBM's C interface on a ready table: bin, learn | {Median(bare, Wall):F2} | 1.00 | {Median(bare, Processor):F2} | 1.00 |
            | `LightGbmTrainer` without an eval split: table, bin, learn, curve, text | {Beside(ours, bare)} |
            | LightGBM's C interface with its own log-loss and AUC of {EvalRows:N0} rows after every tree | {Median(bareWatched, Wall):F2} | 1.00 | {Median(bareWatched, Processor):F2} | 1.00 |
            | `LightGbmTrainer` with those of an eval split of {EvalRows:N0} rows | {Beside(watched, bareWatched)} |

            Seconds wander with whatever else the machine does, processor seconds of this process hardly.
            The graph agrees with LightGBM's own predictions of {EvalRows:N0} rows to {difference:E1} (AUC {TrainingMetrics.Auc(expected, eval.Labels):F4}) and predicts {EvalRows / predicting.Processor:N0} rows in a second of processor time.

            """);
        Console.Write(section);
        await Report.ReplaceSectionAsync(Path.Combine(repository, "bench", "REPORT.md"), "## Trees: LightGbmTrainer beside LightGBM's C interface", section);
    }

    ITrainedModel Train(FeatureSet train, FeatureSet eval) => _trainer.Train(TrainerContract.Input(Features, train, eval, Threads), CancellationToken.None);

    /// <summary>What a program in C would do, with the parameters that the trainer gives.</summary>
    void Bare(ExampleMatrix matrix, float[] labels, ExampleMatrix? watched = null, float[]? watchedLabels = null)
    {
        var parameters = TreeObjective.Binary.Parameters(_trainer, Threads).Replace("metric=none", watched is null ? "metric=none" : "metric=binary_logloss,auc", StringComparison.Ordinal);
        using var dataset = Dataset(matrix, labels, parameters, reference: 0);
        using var valid = watched is null ? null : Dataset(watched, watchedLabels!, parameters, dataset.DangerousGetHandle());
        NativeMethods.Check(NativeMethods.BoosterCreate(dataset, parameters, out var booster));
        if (valid is not null)
            NativeMethods.Check(BoosterAddValidData(booster, valid));
        var metrics = new double[2];
        for (var tree = 0; tree < Trees; tree++)
        {
            NativeMethods.Check(NativeMethods.BoosterUpdateOneIter(booster, out _));
            if (valid is not null)
                NativeMethods.Check(BoosterGetEval(booster, dataset: 1, out _, metrics));
        }

        booster.Dispose();
    }

    static unsafe DatasetHandle Dataset(ExampleMatrix matrix, float[] labels, string parameters, nint reference)
    {
        DatasetHandle dataset;
        fixed (float* values = matrix.Values)
            NativeMethods.Check(NativeMethods.DatasetCreateFromMat(values, NativeMethods.Float32, matrix.Rows, matrix.Columns, isRowMajor: 1, parameters, reference, out dataset));
        fixed (float* values = labels)
            NativeMethods.Check(NativeMethods.DatasetSetField(dataset, "label", values, labels.Length, NativeMethods.Float32));
        return dataset;
    }

    [LibraryImport(NativeMethods.Library, EntryPoint = "LGBM_BoosterAddValidData")]
    private static partial int BoosterAddValidData(BoosterHandle booster, DatasetHandle valid);

    [LibraryImport(NativeMethods.Library, EntryPoint = "LGBM_BoosterGetEval")]
    private static partial int BoosterGetEval(BoosterHandle booster, int dataset, out int length, [Out] double[] results);

    static string Beside(List<Taken> ours, List<Taken> bare) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(ours, Wall):F2} | {Median(ours, Wall) / Median(bare, Wall):F3} | {Median(ours, Processor):F2} | {Median(ours, Processor) / Median(bare, Processor):F3}");

    static double Wall(Taken taken) => taken.Wall;

    static double Processor(Taken taken) => taken.Processor;

    static double Median(List<Taken> times, Func<Taken, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);

    static Taken Measure(Action work)
    {
        using var process = Process.GetCurrentProcess();
        var (start, processor) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        work();
        process.Refresh();
        return new Taken(Stopwatch.GetElapsedTime(start).TotalSeconds, (process.TotalProcessorTime - processor).TotalSeconds);
    }

    /// <summary>What some work took, in seconds.</summary>
    /// <param name="Wall">From its beginning to its end.</param>
    /// <param name="Processor">Of all threads of this process.</param>
    sealed record Taken(double Wall, double Processor)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Wall:F2} s ({Processor:F2} of processor time)");
    }
}
