using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ConsumerComplaints;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;

namespace Gyre.Benchmarks;

/// <summary>
/// The features of made-up complaints by kernels and by the graph, alternating in one process: from raw examples in memory by one thread, then from
/// a Parquet file of raw examples to one of features. Everything that comes out is compared.
/// </summary>
sealed class MaterialiseScenario(Sample sample, int rows)
{
    const int Repeats = 3;
    const int BatchRows = 2048;

    readonly TransformDefinition _definition = TransformDefinition.From(ComplaintFeatures.Define);

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("gyre-bench-").FullName;
        try
        {
            Console.Write(await MeasureAsync(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task<string> MeasureAsync(string folder)
    {
        var raw = MakeUp(folder);
        string[] columns = [.. _definition.Columns.Select(column => column.Name), .. _definition.Label.Columns];
        var began = Stopwatch.GetTimestamp();
        var fitter = new TransformFitter(_definition, [new AnalyzedPart("all", null, wanted => ExampleReader.Read(raw, wanted, BatchRows))], threads: 1, (_, _, _) => { });
        var fitted = await fitter.FitAsync(CancellationToken.None);
        var analysis = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var features = TransformCompiler.FeaturesOf(_definition, fitted);
        var label = new LabelReader(_definition.Label);
        using var model = new OnnxModel(TransformCompiler.Compile(_definition, fitted));
        using var kernels = FeatureKernels.Compile(_definition, fitted) ?? throw new InvalidOperationException("No feature has a kernel.");

        var strings = ExampleReader.Read(raw, columns, BatchRows).ToList();
        var utf8 = ExampleReader.ReadUtf8([raw], columns, BatchRows).ToList();
        List<FeatureBatch> byGraph = [], byKernels = [];
        var (graphSeconds, kernelSeconds) = Medians(
            () => byGraph = strings.ConvertAll(batch => FeatureBatch.Run(model, features, label, batch)),
            () => byKernels = utf8.ConvertAll(batch => FeatureBatch.Run(kernels, label, batch)));
        var different = byGraph.Zip(byKernels).Count(pair => pair.Second.FirstDifference(pair.First) is not null);

        var (graphFile, kernelFile) = (Path.Combine(folder, "graph.parquet"), Path.Combine(folder, "kernels.parquet"));
        var (graphWrites, kernelWrites) = Medians(
            () => Write(ExampleReader.Read(raw, columns, BatchRows), new FeatureMaterializer(model, features, label, threads: 1), graphFile),
            () => Write(ExampleReader.ReadUtf8([raw], columns, BatchRows), new FeatureMaterializer(model, features, label, threads: 1) { Kernels = kernels }, kernelFile));
        var sameFile = Hash(graphFile) == Hash(kernelFile);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {rows:N0} rows, {features.Count} features, {features.Count - kernels.Others.Count()} of them by kernels; medians of {Repeats}, seconds of CPU time of the process
            computing, one thread   graph {graphSeconds:0.000} s = {rows / graphSeconds:N0} rows/s; kernels {kernelSeconds:0.000} s = {rows / kernelSeconds:N0} rows/s; {graphSeconds / kernelSeconds:0.0} times
            reading to writing      graph {graphWrites:0.000} s = {rows / graphWrites:N0} rows/s; kernels {kernelWrites:0.000} s = {rows / kernelWrites:N0} rows/s; {graphWrites / kernelWrites:0.0} times
            equal bit by bit        {(different == 0 ? $"all {byGraph.Count} batches" : $"NO: {different} of {byGraph.Count} batches differ")}; files {(sameFile ? "equal byte by byte" : "DIFFER")}
            analysis                {analysis:0.000} s

            """);
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

    /// <summary>Seconds of CPU time of all threads, so that a core is a core however many there are; the first round warms up.</summary>
    static (double First, double Second) Medians(Action first, Action second)
    {
        var (ones, others) = (new List<double>(), new List<double>());
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var times = (Measure(first), Measure(second));
            if (repeat == 0)
                continue;
            ones.Add(times.Item1);
            others.Add(times.Item2);
        }

        return (ones.Order().ElementAt(Repeats / 2), others.Order().ElementAt(Repeats / 2));
    }

    static double Measure(Action work)
    {
        GC.Collect();
        var start = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }
}
