using System.Diagnostics;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Benchmarks;

/// <summary>What the engine under a node needs for the same work and nothing else: the median of three, in seconds.</summary>
static class Limits
{
    const int Repeats = 3;
    const int Threads = 2;

    static readonly string[] Splits = ["train", "eval"];

    public static double Ingest(PipelineTimes pipeline)
    {
        var target = Path.Combine(Path.GetDirectoryName(pipeline.Home)!, "raw.parquet");
        return Median(() =>
        {
            using var engine = new DataEngine(Threads);
            engine.Execute($"COPY (SELECT * FROM read_csv({SqlText.Literal(pipeline.Data)}, all_varchar = true, header = true)) TO {SqlText.Literal(target)} (FORMAT parquet, COMPRESSION zstd)");
        });
    }

    public static double Statistics(PipelineTimes pipeline)
    {
        var files = $"[{SqlText.Literal(pipeline.Split("ingest-csv", "train"))}, {SqlText.Literal(pipeline.Split("ingest-csv", "eval"))}]";
        return Median(() =>
        {
            using var engine = new DataEngine(Threads);
            foreach (var _ in engine.Query($"SUMMARIZE SELECT * FROM read_parquet({files})", row => row.GetString(0)))
            {
                // Read to the end: the work is done as rows are asked for.
            }
        });
    }

    public static double Transform(PipelineTimes pipeline)
    {
        var batches = Splits.SelectMany(split => ExampleReader.Read(pipeline.Split("ingest-csv", split))).ToList();
        using var model = new OnnxModel(pipeline.File("fit-transform", "graph", "transform.onnx"));
        return Median(() => Parallel.ForEach(
            batches, new ParallelOptions { MaxDegreeOfParallelism = Threads }, batch => model.Run(batch, model.Outputs, _ => { })));
    }

    public static double Train(PipelineTimes pipeline) => Median(new RawTraining(pipeline).Run);

    static double Median(Action work) => Enumerable.Range(0, Repeats).Select(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }).Order().ElementAt(Repeats / 2);
}
