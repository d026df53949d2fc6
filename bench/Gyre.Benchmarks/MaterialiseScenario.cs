using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ConsumerComplaints;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Benchmarks;

/// <summary>
/// The features of made-up complaints by kernels and by the graph, alternating in one process: from raw examples in memory by one thread, then from
/// a Parquet file of raw examples to one of features, and their analysis. Everything that comes out is compared.
/// </summary>
sealed class MaterialiseScenario(Sample sample, int rows)
{
    const int Repeats = 5;
    const int BatchRows = 2048;

    readonly TransformDefinition _definition = TransformDefinition.From(ComplaintFeatures.Define);

    public void Run()
    {
        var folder = Directory.CreateTempSubdirectory("gyre-bench-").FullName;
        try
        {
            Console.Write(Measure(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    string Measure(string folder)
    {
        var raw = MakeUp(folder);
        string[] columns = [.. _definition.Columns.Select(column => column.Name), .. _definition.Label.Columns];
        IReadOnlyDictionary<Step, Fitted> foundByGraph = new Dictionary<Step, Fitted>(), fitted = foundByGraph;
        var (graphFit, kernelFit) = Measure(
            () => foundByGraph = Fit(raw, withKernels: false),
            () => fitted = Fit(raw, withKernels: true));
        var features = TransformCompiler.FeaturesOf(_definition, fitted);
        var label = new LabelReader(_definition.Label);
        var graph = TransformCompiler.Compile(_definition, fitted);
        var sameGraph = graph.ToBytes().AsSpan().SequenceEqual(TransformCompiler.Compile(_definition, foundByGraph).ToBytes());
        using var model = new OnnxModel(graph);
        using var kernels = FeatureKernels.Compile(_definition, fitted) ?? throw new InvalidOperationException("No feature has a kernel.");

        var strings = ExampleReader.Read(raw, columns, BatchRows).ToList();
        var utf8 = ExampleReader.ReadUtf8([raw], columns, BatchRows).ToList();
        List<FeatureBatch> byGraph = [], byKernels = [];
        var (graphSeconds, kernelSeconds) = Measure(
            () => byGraph = strings.ConvertAll(batch => FeatureBatch.Run(model, features, label, batch)),
            () => byKernels = utf8.ConvertAll(batch => FeatureBatch.Run(kernels, label, batch)));
        var different = byGraph.Zip(byKernels).Count(pair => pair.Second.FirstDifference(pair.First) is not null);

        var (graphFile, kernelFile) = (Path.Combine(folder, "graph.parquet"), Path.Combine(folder, "kernels.parquet"));
        var threads = Environment.ProcessorCount;
        var (graphWrites, kernelWrites) = Measure(
            () => Write(ExampleReader.Read(raw, columns, BatchRows), new FeatureMaterializer(model, features, label, threads), graphFile),
            () => Write(ExampleReader.ReadUtf8([raw], columns, BatchRows), new FeatureMaterializer(model, features, label, threads) { Kernels = kernels }, kernelFile));
        var (reads, writes) = Measure(
            () => Read(raw, columns),
            () => WriteOnly(byKernels, features, label.Spec, Path.Combine(folder, "written.parquet")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {rows:N0} rows, {features.Count} features, {features.Count - kernels.Others.Count()} of them by kernels; {threads} threads. Medians of {Repeats}, in brackets the best.

            | | | CPU of all threads, s | rows/s per core | by the clock, s | rows/s | times the graph |
            |---|---|---|---|---|---|---|
            {Line("computing, one thread", "graph", graphSeconds, graphSeconds)}
            {Line("", "kernels", kernelSeconds, graphSeconds)}
            {Line("Parquet to Parquet", "graph", graphWrites, graphWrites)}
            {Line("", "kernels", kernelWrites, graphWrites)}
            {Line("of which reading", "", reads, null)}
            {Line("of which writing", "", writes, null)}
            {Line("analysis of Parquet", "graph", graphFit, graphFit)}
            {Line("", "kernels", kernelFit, graphFit)}

            Equal bit by bit: {(different == 0 ? $"all {byGraph.Count} batches" : $"NO: {different} of {byGraph.Count} batches differ")}; files {(Hash(graphFile) == Hash(kernelFile) ? "equal byte by byte" : "DIFFER")}; analysis {(sameGraph ? "gives the same graph byte by byte" : "DIFFERS")}.

            """);

        string Line(string what, string how, Timing timing, Timing? graph) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {how} | {timing.Cpu:0.000} ({timing.BestCpu:0.000}) | {rows / timing.Cpu:N0} ({rows / timing.BestCpu:N0}) | {timing.Clock:0.000} ({timing.BestClock:0.000}) | {rows / timing.Clock:N0} ({rows / timing.BestClock:N0}) | {(graph is null ? "" : (graph.Cpu / timing.Cpu).ToString("0.0", CultureInfo.InvariantCulture))} |");
    }

    IReadOnlyDictionary<Step, Fitted> Fit(string raw, bool withKernels)
    {
        var part = new AnalyzedPart("all", null, wanted => withKernels ? ExampleReader.ReadUtf8([raw], wanted, BatchRows) : ExampleReader.Read(raw, wanted, BatchRows));
        var fitter = new TransformFitter(_definition, [part], Environment.ProcessorCount, (_, _, _) => { }) { Kernels = withKernels };
        return fitter.FitAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    static void Read(string raw, string[] columns)
    {
        foreach (var batch in ExampleReader.ReadUtf8([raw], columns, BatchRows))
            _ = batch;
    }

    static void WriteOnly(List<FeatureBatch> batches, IReadOnlyList<FeatureSpec> features, LabelSpec label, string target)
    {
        using var writer = new ParquetWriter(target, FeatureBatch.Columns(features, label));
        foreach (var batch in batches)
            writer.Write(batch.Values(labelledOnly: true));
        writer.Complete();
    }

    /// <summary>Complaints by the sample's own generator, as a Parquet file of texts.</summary>
    string MakeUp(string folder)
    {
        var home = Path.Combine(folder, "home");
        sample.Run("plan", "--rows", rows.ToString(CultureInfo.InvariantCulture), "--home", home);
        var csv = Directory.GetFiles(Path.Combine(home, "data"), "*.csv", SearchOption.AllDirectories).Single();
        var target = Path.Combine(folder, "raw.parquet");
        using var engine = new DataEngine(1);
        engine.Execute(ParquetWriter.CopyToParquet($"(SELECT * FROM read_csv({SqlText.Literal(csv)}, all_varchar = true, header = true))", target));
        return target;
    }

    static void Write(IEnumerable<ExampleBatch> batches, FeatureMaterializer materializer, string target) =>
        materializer.WriteAsync(batches, target, labelledOnly: true, audit: null, _ => { }, CancellationToken.None).GetAwaiter().GetResult();

    static string Hash(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>Both in turns; the first round warms up.</summary>
    static (Timing First, Timing Second) Measure(Action first, Action second)
    {
        var (ones, others) = (new List<(double, double)>(), new List<(double, double)>());
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var (one, other) = (Measure(first), Measure(second));
            if (repeat == 0)
                continue;
            ones.Add(one);
            others.Add(other);
        }

        return (Timing.Of(ones), Timing.Of(others));
    }

    static (double Cpu, double Clock) Measure(Action work)
    {
        GC.Collect();
        var (cpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        work();
        return ((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>What some work took, in seconds.</summary>
    /// <param name="Cpu">CPU time of all threads of the process, so that a core is a core however many there are: the median.</param>
    /// <param name="BestCpu">The least CPU time, which other work on the machine disturbed least.</param>
    /// <param name="Clock">By the clock: the median.</param>
    /// <param name="BestClock">The least by the clock.</param>
    sealed record Timing(double Cpu, double BestCpu, double Clock, double BestClock)
    {
        public static Timing Of(List<(double Cpu, double Clock)> some)
        {
            var (cpu, clock) = (some.Select(one => one.Cpu).Order().ToList(), some.Select(one => one.Clock).Order().ToList());
            return new(cpu[cpu.Count / 2], cpu[0], clock[clock.Count / 2], clock[0]);
        }
    }
}
