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
    const int Repeats = 3;
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
        var (graphFit, kernelFit) = Medians(
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
        var (graphSeconds, kernelSeconds) = Medians(
            () => byGraph = strings.ConvertAll(batch => FeatureBatch.Run(model, features, label, batch)),
            () => byKernels = utf8.ConvertAll(batch => FeatureBatch.Run(kernels, label, batch)));
        var different = byGraph.Zip(byKernels).Count(pair => pair.Second.FirstDifference(pair.First) is not null);

        var (graphFile, kernelFile) = (Path.Combine(folder, "graph.parquet"), Path.Combine(folder, "kernels.parquet"));
        var threads = Environment.ProcessorCount;
        var (graphWrites, kernelWrites) = Medians(
            () => Write(ExampleReader.Read(raw, columns, BatchRows), new FeatureMaterializer(model, features, label, threads), graphFile),
            () => Write(ExampleReader.ReadUtf8([raw], columns, BatchRows), new FeatureMaterializer(model, features, label, threads) { Kernels = kernels }, kernelFile));
        var (reads, writes) = Medians(
            () => ExampleReader.ReadUtf8([raw], columns, BatchRows).Count(),
            () => WriteOnly(byKernels, features, label.Spec, Path.Combine(folder, "written.parquet")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {rows:N0} rows, {features.Count} features, {features.Count - kernels.Others.Count()} of them by kernels; {threads} threads; medians of {Repeats}
                                        CPU s of all threads    rows/s per core              s by the clock    rows/s
            computing    graph   {Row(graphSeconds)}
                         kernels {Row(kernelSeconds)}   {graphSeconds.Cpu / kernelSeconds.Cpu:0.0} times
            Parquet to   graph   {Row(graphWrites)}
              Parquet    kernels {Row(kernelWrites)}   {graphWrites.Cpu / kernelWrites.Cpu:0.0} times
                         of which reading {reads.Cpu:0.000} s, writing {writes.Cpu:0.000} s of CPU
            analysis     graph   {Row(graphFit)}
              (Parquet)  kernels {Row(kernelFit)}   {graphFit.Cpu / kernelFit.Cpu:0.0} times
            equal bit by bit        {(different == 0 ? $"all {byGraph.Count} batches" : $"NO: {different} of {byGraph.Count} batches differ")}; files {(Hash(graphFile) == Hash(kernelFile) ? "equal byte by byte" : "DIFFER")}; analysis {(sameGraph ? "gives the same graph byte by byte" : "DIFFERS")}

            """);

        string Row(Seconds seconds) => string.Create(
            CultureInfo.InvariantCulture, $"{seconds.Cpu,20:0.000}{rows / seconds.Cpu,20:N0}{seconds.Clock,32:0.000}{rows / seconds.Clock,10:N0}");
    }

    IReadOnlyDictionary<Step, Fitted> Fit(string raw, bool withKernels)
    {
        var part = new AnalyzedPart("all", null, wanted => withKernels ? ExampleReader.ReadUtf8([raw], wanted, BatchRows) : ExampleReader.Read(raw, wanted, BatchRows));
        var fitter = new TransformFitter(_definition, [part], Environment.ProcessorCount, (_, _, _) => { }) { Kernels = withKernels };
        return fitter.FitAsync(CancellationToken.None).GetAwaiter().GetResult();
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

    /// <summary>The first round warms up.</summary>
    static (Seconds First, Seconds Second) Medians(Action first, Action second)
    {
        var (ones, others) = (new List<Seconds>(), new List<Seconds>());
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var (one, other) = (Measure(first), Measure(second));
            if (repeat == 0)
                continue;
            ones.Add(one);
            others.Add(other);
        }

        return (Seconds.Median(ones), Seconds.Median(others));
    }

    static Seconds Measure(Action work)
    {
        GC.Collect();
        var (cpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        work();
        return new Seconds((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>What some work took.</summary>
    /// <param name="Cpu">Seconds of CPU time of all threads of the process, so that a core is a core however many there are.</param>
    /// <param name="Clock">Seconds by the clock.</param>
    readonly record struct Seconds(double Cpu, double Clock)
    {
        public static Seconds Median(List<Seconds> some) =>
            new(some.Select(seconds => seconds.Cpu).Order().ElementAt(some.Count / 2), some.Select(seconds => seconds.Clock).Order().ElementAt(some.Count / 2));
    }
}
