using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Cli;
using Gyre.Data;
using Gyre.Evaluation;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Registry;
using Gyre.Schemas;
using Gyre.Serving;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Parity.Tests;

/// <summary>A model's whole way from rows to being pushed, in a pipeline; and what the trainer itself, the server and the command line predict.</summary>
sealed class PushedLife(TemporaryHome home, string folder, LearningTask task, Trainer trainer, string name)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IReadOnlyList<FeatureSpec> Features { get; private set; } = [];

    public ParityRecord Recorded { get; private set; } = new("", 0, 0);

    public string ModelDirectory => Directory.GetDirectories(Path.Combine(ServingDirectory, name)).ShouldHaveSingleItem();

    public int Width { get; private set; }

    /// <summary>One to each model, so that a server loads no others.</summary>
    string ServingDirectory => Path.Combine(home.Root, "serving", name);

    /// <summary>Runs the pipeline.</summary>
    /// <returns>What the trainer predicts of the eval split: trained once more on what the transform gave, in memory.</returns>
    public async Task<float[]> RunAsync()
    {
        var pipeline = new Pipeline(name);
        var examples = pipeline.Add(new IngestJson(folder)
        {
            Splits = Split.FromFolders(("train", "train.jsonl"), ("eval", "eval.jsonl")),
            Columns = [Column.Named("text").Of(ColumnType.Text), Column.Named("city").Of(ColumnType.Text), Column.Named("day").Of(ColumnType.Text), .. new[] { "amount", "size", "stamp", "tags", "sizes", "answer", "kind", "marks", "price", "relevance", "query" }.Select(Column.Named)],
        });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, f => OddFeatures.Define(f, task, trainer.TakesMissing)));
        var model = pipeline.Add(new TrainModel(transform, trainer));
        var evaluation = pipeline.Add(new EvaluateModel(model, examples));
        pipeline.Add(new PushModel(pipeline.Add(new RegisterModel(model, evaluation, name)), ServingDirectory));
        var run = await home.RunAsync(pipeline, cancellationToken: Cancel);
        run.Nodes.Where(node => !node.EndedWell).Select(node => $"{node.NodeId}: {node.Message}").ShouldBeEmpty();

        var description = home.Artifact(run, transform.Graph).Describe();
        var transformed = home.Artifact(run, transform.Examples);
        Recorded = home.Artifact(run, model).LoadTraining().Parity;
        (Features, Width) = (description.Features, description.Label.OutputWidth);
        FeatureSet Read(string split) => FeatureReader.Read(transformed.FileOf(split), description.Features, description.Label);
        using var learnt = trainer.Train(TrainerContract.Input(description.Features, description.Label, Read("train"), Read("eval").Labelled()), Cancel);
        return learnt.Predict(Read("eval"));
    }

    /// <summary>What the server answers over HTTP: each row by itself, and all at once.</summary>
    public async Task<(float[] Each, float[] Together)> ServeAsync(IReadOnlyList<JsonObject> rows)
    {
        var options = new ServingOptions { Directory = ServingDirectory, Port = 0, Logging = _ => { } };
        await using var server = ModelServer.Build(options);
        var address = await ModelServer.StartAsync(server, options, Cancel);
        using var client = new HttpClient { BaseAddress = address };
        var each = new List<float>();
        foreach (var row in rows)
            each.AddRange(await AskAsync(client, [row]));
        var together = await AskAsync(client, rows);
        await server.StopAsync(Cancel);
        return ([.. each], together);
    }

    /// <summary>What <c>predict</c> writes for a file of the rows.</summary>
    public async Task<float[]> PredictFileAsync(IReadOnlyList<JsonObject> rows)
    {
        var (input, output) = (home.Write($"{name}.jsonl", OddRows.Lines(rows)), Path.Combine(home.Root, $"{name}.csv"));
        (await GyreApp.RunAsync(["predict", input, "--model-dir", ServingDirectory, "--output", output, "--home", home.Home.Directory, "--quiet"])).ShouldBe(0);
        var lines = await File.ReadAllLinesAsync(output, Cancel);
        // Classes stand, perhaps in quotes, before their probabilities, which hold no commas.
        return [.. lines.Skip(1).SelectMany(line => line.Split(',')[^Width..]).Select(text => float.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
    }

    async Task<IEnumerable<float>> Answer(HttpClient client, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"/v1/models/{name}:predict", UriKind.Relative), content, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("predictions").EnumerateArray().SelectMany(Numbers)];
    }

    async Task<float[]> AskAsync(HttpClient client, IEnumerable<JsonObject> rows) => [.. await Answer(client, $"{{\"instances\":[{string.Join(',', rows.Select(row => row.ToJsonString()))}]}}")];

    static IEnumerable<float> Numbers(JsonElement prediction) => prediction.ValueKind == JsonValueKind.Number
        ? [prediction.GetSingle()]
        : prediction.GetProperty(OnnxModel.Probabilities).EnumerateArray().Select(value => value.GetSingle());
}
