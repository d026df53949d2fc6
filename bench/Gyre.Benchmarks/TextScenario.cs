using System.Diagnostics;
using System.Globalization;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Torch;
using Gyre.Torch.Layers;
using Gyre.Training;

namespace Gyre.Benchmarks;

/// <summary>
/// One of eighteen classes from real texts, beside scikit-learn's tf-idf and logistic regression on the same split:
///   apt-get install python3-sklearn python3-pandas
///   dotnet run -c Release --project bench/Gyre.Benchmarks -- text
/// </summary>
sealed class TextScenario(string repository)
{
    const string Python = "/usr/bin/python3";

    readonly string _directory = Directory.CreateTempSubdirectory("gyre-bench-text-").FullName;

    public async Task RunAsync()
    {
        try
        {
            RunPython("prepare", Path.Combine(repository, "..", "shared"), _directory);
            var lines = await ScoreAsync("Gyre, LinearTrainer, words", Linear, longest: 1) + await ScoreAsync("Gyre, NeuralNetwork, words and pairs", Network, longest: 2)
                + RunPython("fit", _directory);
            var rows = string.Concat(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"| {line.Replace("|", " | ", StringComparison.Ordinal)} |\n"));
            var section = $"""
                ## Real texts

                One run of `bench/Gyre.Benchmarks text`: a class of 18, from texts of people; the same four fifths are learnt from and the same fifth is predicted (texts that occur twice
                are on one side only). Gyre's predictions are those of the served graph, fed with raw texts. Its options were chosen on parts of the training texts.

                | model | macro-F1 | accuracy |
                |---|---|---|
                {rows}
                """;
            Console.Write(section);
            await Report.ReplaceSectionAsync(Path.Combine(repository, "bench", "REPORT.md"), "## Real texts", section);
        }
        finally
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    static LinearTrainer Linear { get; } = new() { InverseDocumentFrequency = true, ClassWeights = ClassWeights.Balanced };

    static NeuralNetwork Network { get; } = new()
    {
        Epochs = 8,
        LearningRate = 0.002,
        Schedule = LearningRateSchedule.Cosine(),
        ClassWeights = ClassWeights.Balanced,
        Towers = [new Tower { Text = new EmbeddingBag(64) { IsGentle = false }, Layers = [new Dropout(0.5)] }],
    };

    async Task<string> ScoreAsync(string name, Trainer trainer, int longest)
    {
        var predictions = Path.Combine(_directory, "predictions.txt");
        await File.WriteAllLinesAsync(predictions, await PredictAsync(_directory, trainer, longest));
        return RunPython("score", _directory, predictions, name);
    }

    static void Define(FeatureBuilder f, int longest)
    {
        f.LabelClass("product");
        f.Output("words", f.Text("narrative").Lower().Tokens("[a-z0-9]+").NGrams(1, longest).Vocabulary(top: 60_000, minCount: 2, oovBuckets: 0));
    }

    /// <summary>The class that the served graph finds most probable for each raw example of the eval split.</summary>
    static async Task<IReadOnlyList<string>> PredictAsync(string directory, Trainer trainer, int longest)
    {
        using var home = new TemporaryHome();
        var pipeline = new Pipeline("texts");
        var examples = pipeline.Add(new IngestCsv(directory) { Splits = Split.FromFolders(("train", "train/*.csv"), ("eval", "eval/*.csv")) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, f => Define(f, longest)));
        var trained = pipeline.Add(new TrainModel(transform, trainer) { EvalSplit = "eval" });
        var result = await home.RunAsync(pipeline);
        if (result.ExitCode != 0)
            throw new InvalidOperationException(string.Join('\n', result.Nodes));
        var record = home.Artifact(result, trained).LoadTraining();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parity on {record.Parity.Rows} rows: {record.Parity.LargestDifference:E1}"));

        var classes = home.Artifact(result, transform.Graph).Describe().Label.Classes;
        using var model = new OnnxModel(home.Artifact(result, trained).GraphPath);
        return
        [
            .. ExampleReader.Read(home.Artifact(result, examples).FileOf("eval"), [.. model.Inputs.Select(input => input.Name)], 256)
                .SelectMany(batch => model.Predict(batch).Chunk(classes.Count)).Select(row => classes[row.IndexOf(row.Max())]),
        ];
    }

    string RunPython(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(repository, "bench", "text_baseline.py"), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"text_baseline.py {arguments[0]} ended with {process.ExitCode}: {output}");
    }
}
