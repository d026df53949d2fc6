using System.Globalization;
using System.Text.Json;
using Gyre.Data;
using Gyre.Evaluation;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Transforms;

/// <summary>A window that rolls over spans analyses only the new one, and what comes of it is what analysing all at once gives.</summary>
public sealed class WindowsOfSpans : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    static void Define(FeatureBuilder f)
    {
        f.Label("bought", "yes");
        f.Output("z", f.Number("price").ScaleToZScore());
        f.Output("tenth", f.Number("price").Bucketize(10).OneHot());
        f.Output("shop", f.Text("shop").Vocabulary(top: 5).OneHot());
        f.Output("informative", f.Text("shop").Vocabulary(new VocabularyOptions { Top = 2, ByInformation = new() }).OneHot());
        f.Output("per_shop", f.Number("price").ScaleToZScorePer(f.Text("shop")).FillMissing(0));
        f.Output("mean", f.Text("shop").TargetMean(folds: 3));
    }

    void Deliver(int span)
    {
        var random = new Random(span);
        var rows = Enumerable.Range(0, 60).Select(i =>
        {
            var (price, shop) = (random.Next(100), random.Next(4 + span));
            return string.Create(CultureInfo.InvariantCulture, $"{(price % 9 == 0 ? "" : price / 7.0)},shop {shop},{(price + (10 * shop) + random.Next(20) > 70 ? "yes" : "no")}");
        });
        _home.Write($"data/sales-{span}.csv", "price,shop,bought\n" + string.Join('\n', rows) + "\n");
    }

    async Task<(TransformGraph Graph, Examples Examples, Model Model)> RunAsync(SpanSelection spans, Action<FeatureBuilder>? define = null)
    {
        var pipeline = new Pipeline("sales");
        var examples = pipeline.Add(new IngestCsv(Path.Combine(_home.Root, "data", "sales-{SPAN}.csv")) { Spans = spans, Splits = Split.ByHash(("train", 2), ("eval", 1)) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, define ?? Define));
        var model = pipeline.Add(new TrainModel(transform, new LinearTrainer()));
        pipeline.Add(new EvaluateModel(model, examples) { Thresholds = [Metric.Auc.AtLeast(0.01)] });
        var run = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, string.Join('\n', run.Nodes));
        return (_home.Artifact(run, transform.Graph), _home.Artifact(run, transform.Examples), _home.Artifact(run, model));
    }

    static string[] Computed(TransformGraph graph) => JsonSerializer.Deserialize<string[]>(graph.Properties["spans_computed"].ToString())!;

    [Fact]
    public async Task A_window_that_rolls_on_analyses_the_new_span_only_and_a_model_is_trained_over_it()
    {
        Deliver(1);
        Deliver(2);
        Deliver(3);
        var first = await RunAsync(Span.Rolling(3));
        Deliver(4);
        var second = await RunAsync(Span.Rolling(3));

        Computed(first.Graph).ShouldBe(["train:1", "train:2", "train:3"]);
        Computed(second.Graph).ShouldBe(["train:4"]);
        using var model = new OnnxModel(second.Model.GraphPath);
        model.Inputs.Select(input => input.Name).ShouldBe(["price", "shop"]);
        second.Examples.RowsOf("train").ShouldBeGreaterThan(100);

        // The same spans without anything known of them.
        Directory.Delete(Path.Combine(_home.Home.Directory, "memo"), recursive: true);
        var (graph, examples) = (File.ReadAllBytes(second.Graph.GraphPath), File.ReadAllBytes(second.Examples.FileOf("train")));
        var anew = await RunAsync(Span.Rolling(3), f =>
        {
            Define(f);
            f.Output("length", f.Text("shop").Length());
        });
        Computed(anew.Graph).Length.ShouldBe(3);
        anew.Graph.Describe().Analyzers.ToJsonString().ShouldBe(second.Graph.Describe().Analyzers.ToJsonString());
        graph.ShouldNotBeEmpty();
        examples.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Another_operator_behind_the_same_analyzers_needs_no_new_analysis()
    {
        Deliver(1);
        Deliver(2);
        await RunAsync(Span.Rolling(2));
        var again = await RunAsync(Span.Rolling(2), f =>
        {
            Define(f);
            f.Output("length", f.Text("shop").Length());
        });

        Computed(again.Graph).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_go_from_rows_to_a_model()
    {
        _home.Write("rows/train.jsonl", string.Concat(Enumerable.Range(0, 40).Select(i => $$"""{"tags":[{{(i % 2 == 0 ? "\"red\"" : "\"blue\",\"new\"")}}],"prices":[{{i % 5}},{{i % 2 * 9}}],"bought":"{{(i % 2 == 0 ? "yes" : "no")}}"}""" + "\n")));
        _home.Write("rows/eval.jsonl", """{"tags":["red"],"prices":[1],"bought":"yes"}""" + "\n" + """{"tags":[],"bought":"no"}""" + "\n");
        var pipeline = new Pipeline("lists");
        var examples = pipeline.Add(new IngestJson(Path.Combine(_home.Root, "rows")) { Splits = Split.FromFolders(("train", "train.jsonl"), ("eval", "eval.jsonl")) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, f =>
        {
            f.Label("bought", "yes");
            f.Output("tags", f.Texts("tags").Vocabulary(top: 10).MultiHot());
            f.Output("mean", f.Numbers("prices").Mean().ScaleToZScore());
            f.Output("prices", f.Numbers("prices").Padded(2));
        }));
        var model = pipeline.Add(new TrainModel(transform, new LinearTrainer()));
        pipeline.Add(new EvaluateModel(model, examples));
        var run = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, string.Join('\n', run.Nodes));

        ModelSignature.Load(_home.Artifact(run, model).PathOf(ModelSignature.FileName)).Inputs.ShouldBe([new SignatureInput("prices", "numbers"), new SignatureInput("tags", "texts")]);
        using var onnx = new OnnxModel(_home.Artifact(run, model).GraphPath);
        var predictions = onnx.Predict(new ExampleBatch(2, new Dictionary<string, Array>(StringComparer.Ordinal)
        {
            ["tags"] = new string[]?[] { ["red"], ["blue", "new", "never seen"] },
            ["prices"] = new double[]?[] { [1, 0], null },
        }));
        predictions[0].ShouldBeGreaterThan(predictions[1]);
    }
}
