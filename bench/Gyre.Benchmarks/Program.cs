using System.Globalization;
using Gyre.Benchmarks;
using Gyre.Torch;

// Whole pipelines and their parts, each beside its limit, in one run:
//   dotnet build -c Release samples/ConsumerComplaints
//   dotnet run -c Release --project bench/Gyre.Benchmarks [-- ROWS …]      (default 20000 66806)
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- data [REPEATS] (data rooms beside the bare engine; default 3)
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- lightgbm [REPEATS] (trees beside LightGBM's bare C interface; default 5)
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- materialise [ROWS] (kernels beside the graph; default 66806)
//   dotnet build -c Release samples/ChicagoTaxi
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- tuning [SEEDS] [ROWS] (a search beside one by chance; default 5 60000)
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- pytorch [REPEATS] (training beside PyTorch; default 5)
//   dotnet run -c Release --project bench/Gyre.Benchmarks -- text                (real texts beside scikit-learn)
if (args is ["data-child", var what, var file, var directory])
{
    DataWork.Run(what, file, directory);
    return;
}

if (args is ["data", ..])
{
    await new DataScenario(Sample.Find(), args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3).RunAsync();
    return;
}

if (args is ["materialise", ..])
{
    new MaterialiseScenario(Sample.Find(), args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 66_806).Run();
    return;
}

if (args is ["lightgbm", ..])
{
    await new TreeScenario(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5).RunAsync(Sample.FindRepository());
    return;
}

if (args is ["tuning", ..])
{
    var numbers = args.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
    await new TuningScenario(Sample.Find("ChicagoTaxi"), numbers.ElementAtOrDefault(0) is > 0 and var seeds ? seeds : 5, numbers.ElementAtOrDefault(1) is > 0 and var trips ? trips : 60_000).RunAsync();
    return;
}

if (args is ["pytorch-child", var competitor, var examples, var batch, var epochs])
{
    NativeTorch.Prepare();
    TorchScenario.Child(competitor, examples, int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(epochs, CultureInfo.InvariantCulture));
    return;
}

if (args is ["pytorch", ..])
{
    await new TorchScenario(Sample.FindRepository(), args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5).RunAsync();
    return;
}

if (args is ["text", ..])
{
    await new TextScenario(Sample.FindRepository()).RunAsync();
    return;
}

var rows = args.Length > 0 ? args.Select(text => int.Parse(text, CultureInfo.InvariantCulture)) : [20_000, 66_806];
var sample = Sample.Find();
var report = new Report();
foreach (var count in rows)
{
    using var pipeline = PipelineTimes.Measure(sample, count);
    report.Whole(pipeline);
    report.Part("ingest", pipeline, "ingest-csv", Limits.Ingest(pipeline), "DuckDB alone: the CSV file to Parquet, types as text");
    report.Part("statistics", pipeline, "compute-statistics", Limits.Statistics(pipeline), "DuckDB alone: SUMMARIZE of the Parquet files (approximate)");
    report.Part("transform", pipeline, "fit-transform", Limits.Transform(pipeline), "ONNX Runtime alone: the graph once over all rows in memory, 2 threads");
    report.Part("train", pipeline, "train-model", Limits.Train(pipeline), "TorchSharp alone: the same network, rows, epochs, batches; nothing else");
}

Console.Write(report);
await Report.KeepSectionsAsync(Path.Combine(sample.Repository, "bench", "REPORT.md"), report.ToString());
