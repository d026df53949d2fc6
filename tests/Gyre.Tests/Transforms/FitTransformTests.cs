using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Testing;
using Gyre.Transforms;

namespace Gyre.Tests.Transforms;

public sealed class FitTransformTests
{
    static readonly string?[] Train = ["5,The good cat,Yes", "7,a bad dog,No", ",The the CAT,1", "9,,No", "100,dog,", "3,good,No"];
    static readonly string?[] Eval = ["8,good zebra,Yes", "1,cat,", ",,No"];

    static void Define(FeatureBuilder f)
    {
        f.Label("answer", "Yes", "1");
        f.Output("words", f.Text("words").Lower().Tokens("[a-z]+").Vocabulary(top: 3, minCount: 2));
        f.Output("count", f.Number("count").ScaleToZScore());
        f.Output("bucket", f.Number("count").Bucketize(2).OneHot());
    }

    [Fact]
    public async Task Examples_are_transformed_split_by_split()
    {
        using var home = new TemporaryHome();
        var (pipeline, outputs) = Build(Define);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        var examples = home.Artifact(run, outputs.Examples);
        examples.Splits.ShouldBe(["train", "eval"]);
        examples.RowsOf("train").ShouldBe(5);
        examples.RowsOf("eval").ShouldBe(3);
        examples.Properties["unlabelled"].AsInteger().ShouldBe(1);

        var graph = home.Artifact(run, outputs.Graph);
        var description = graph.Describe();
        description.Label.Column.ShouldBe("answer");
        description.Inputs.ShouldBe([new SignatureInput("count", "number"), new SignatureInput("words", "text")]);
        description.Features.ShouldBe([
            new FeatureSpec("bucket", FeatureKind.OneHot, 2), new FeatureSpec("count", FeatureKind.Number, 1), new FeatureSpec("words", FeatureKind.Tokens, 4)]);

        description.Definition["outputs"]!["bucket"]![1]!["bucketize"]!["buckets"]!.GetValue<int>().ShouldBe(2);
        description.Analyzers.Select(analyzer => (string)analyzer!["operator"]!).ShouldBe(["bucketize", "scale_to_z_score", "token_vocabulary"]);
        description.Analyzers[2]!["found"]!.ToJsonString().ShouldBe("""{"size":3,"distinct":6,"most_frequent":{"the":3,"good":2,"dog":2}}""");

        // Words of the training split, that of the example without label included: the ×3, good, dog, cat ×2 each;
        // of equally frequent ones the greater comes first, and three are kept. Counts: 3, 5, 7, 9, 100; half of them below 7.
        var train = FeatureReader.Read(examples.FileOf("train"), description.Features);
        train.Labels.ShouldBe([1, 0, 1, 0, 0]);
        train.Ids["bucket"].ShouldBe([0, 1, -1, 1, 0]);
        Lists(train.Tokens["words"]).ShouldBe(["0,1,3", "3,3,2", "0,0,3", "", "1"]);

        var eval = FeatureReader.Read(examples.FileOf("eval"), description.Features);
        eval.Labels.ShouldBe([1, float.NaN, 0]);
        eval.Ids["bucket"].ShouldBe([1, 0, -1]);
        Lists(eval.Tokens["words"]).ShouldBe(["1,3", "3", ""]);
        eval.Numbers["count"][2].ShouldBe(0);
    }

    [Fact]
    public async Task The_graph_that_is_kept_gives_the_examples_that_are_kept()
    {
        using var home = new TemporaryHome();
        var (pipeline, outputs) = Build(Define);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var graph = home.Artifact(run, outputs.Graph);
        var eval = FeatureReader.Read(home.Artifact(run, outputs.Examples).FileOf("eval"), graph.Describe().Features);

        using var model = new OnnxModel(graph.GraphPath);
        var raw = new ExampleBatch(3, new Dictionary<string, Array>(StringComparer.Ordinal)
        {
            ["count"] = new[] { 8, 1, double.NaN },
            ["words"] = new[] { "good zebra", "cat", null },
        });

        model.Run(raw, ["/features/count"], chunk => chunk.Floats("/features/count").ToArray().ShouldBe(eval.Numbers["count"]));
    }

    [Fact]
    public async Task A_model_can_be_appended_to_the_graph()
    {
        using var home = new TemporaryHome();
        var (pipeline, outputs) = Build(Define);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var graph = home.Artifact(run, outputs.Graph).LoadGraph();

        graph.RemoveOutputs();
        graph.Output("probability", graph.Node("Reshape", ["/features/count", graph.Constant([-1L])]), OnnxType.Float, [null]);

        using var model = new OnnxModel(graph);
        model.Inputs.Select(input => input.Name).ShouldBe(["count", "words"]);
        model.Outputs.ShouldBe(["probability"]);
        ModelSignature.Of(graph, new LabelSpec("answer", ["Yes"])).Operators.ShouldBe(["ai.onnx.ml.LabelEncoder", "com.microsoft.Tokenizer"]);
    }

    [Fact]
    public async Task The_contract_of_components_is_held() =>
        (await ComponentContract.BreachesAsync(() => Build(Define).Pipeline, TestContext.Current.CancellationToken)).ShouldBeEmpty();

    [Fact]
    public async Task Kernels_change_no_byte_of_the_examples_and_nobody_computes_anew_for_them()
    {
        using var byKernels = new TemporaryHome();
        using var byGraph = new TemporaryHome();
        var (pipeline, outputs) = Build(Define);
        var (without, outputsWithout) = Build(Define, kernels: false);
        var run = await byKernels.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var runWithout = await byGraph.RunAsync(without, cancellationToken: TestContext.Current.CancellationToken);

        foreach (var split in new[] { "train", "eval" })
        {
            File.ReadAllBytes(byKernels.Artifact(run, outputs.Examples).FileOf(split))
                .ShouldBe(File.ReadAllBytes(byGraph.Artifact(runWithout, outputsWithout.Examples).FileOf(split)));
        }

        var again = await byKernels.RunAsync(Build(Define, kernels: false).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        again.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);
    }

    [Fact]
    public async Task Another_operator_fits_anew_and_the_plan_names_it()
    {
        using var home = new TemporaryHome();
        await home.RunAsync(Build(Define).Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        var changed = Build(f =>
        {
            Define(f);
            f.Output("length", f.Text("words").Length());
        });
        var again = await home.RunAsync(Build(f => Define(f)).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        var anew = await home.RunAsync(changed.Pipeline, cancellationToken: TestContext.Current.CancellationToken);

        again.Nodes.ShouldAllBe(node => node.Reason.StartsWith("same as", StringComparison.Ordinal));
        var fit = anew.Nodes.Single(node => node.NodeId == "fit-transform");
        fit.Reason.ShouldContain("definition.outputs.length was added");
        fit.Reason.ShouldContain("\"length\":{}");
    }

    [Fact]
    public void Unknown_columns_are_found_before_anything_runs()
    {
        var errors = Build(f =>
        {
            f.Label("anwser", "Yes");
            f.Output("x", f.Text("wrods").Length());
        }).Pipeline.Check().Select(error => error.Message).ToList();

        errors.Count.ShouldBe(2);
        errors[0].ShouldContain("'wrods', used by the features 'x'");
        errors[1].ShouldContain("'anwser', used as the label");
    }

    [Fact]
    public async Task A_single_class_is_refused_with_the_counts()
    {
        var message = await FailureAsync(f =>
        {
            f.Label("answer", "yes");
            f.Output("x", f.Text("words").Length());
        });

        message.ShouldContain("All 5 labelled examples of the split 'train' are of one class: 0 positive ('yes'), 5 negative, 1 without a label.");
        message.ShouldContain("'No' (3), '1' (1), 'Yes' (1)");
    }

    [Fact]
    public async Task A_label_that_is_always_missing_is_refused()
    {
        var message = await FailureAsync(Define, train: ["1,a,", "2,b,"]);

        message.ShouldContain("None of the 2 examples of the split 'train' has a label");
    }

    [Fact]
    public async Task Text_read_as_numbers_is_refused()
    {
        var message = await FailureAsync(f =>
        {
            f.Label("answer", "Yes");
            f.Output("x", f.Number("words").FillMissing(0));
        });

        message.ShouldContain("the column 'words' holds texts, not numbers; if single values are wrong");
    }

    [Fact]
    public async Task An_empty_vocabulary_without_ids_for_others_is_refused()
    {
        var message = await FailureAsync(f =>
        {
            f.Label("answer", "Yes");
            f.Output("rare", f.Text("words").Vocabulary(top: 5, minCount: 99, oovBuckets: 0).OneHot());
        });

        message.ShouldContain("The vocabulary of the feature 'rare' is empty");
    }

    static async Task<string> FailureAsync(Action<FeatureBuilder> define, string?[]? train = null)
    {
        using var home = new TemporaryHome();
        var run = await home.RunAsync(Build(define, train).Pipeline, cancellationToken: TestContext.Current.CancellationToken);
        return run.Nodes.Single(node => node.NodeId == "fit-transform").Message!;
    }

    static (Pipeline Pipeline, TransformOutputs Outputs) Build(Action<FeatureBuilder> define, string?[]? train = null, bool kernels = true)
    {
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(train ?? Train, Eval));
        return (pipeline, pipeline.Add(new FitTransform(source.Examples, source.Schema, define) { Kernels = kernels }));
    }

    static string[] Lists(TokenLists lists) =>
        [.. Enumerable.Range(0, lists.Offsets.Length - 1).Select(i => string.Join(",", lists.Values[lists.Offsets[i]..lists.Offsets[i + 1]]))];
}

sealed record GivenExamples(Output<Examples> Examples, Output<DataSchema> Schema);

/// <summary>Examples with a number, words and an answer, each given as «number,words,answer».</summary>
sealed class GiveExamples(IReadOnlyList<string?> train, IReadOnlyList<string?> eval) : Component<GivenExamples>
{
    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) => ["count", "words", "answer"];

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        Write(execution, "train", train);
        Write(execution, "eval", eval);
        Examples.Describe(execution, Outputs.Examples, [new("train", train.Count), new("eval", eval.Count)]);
        return File.WriteAllTextAsync(
            execution.PathOf(Outputs.Schema, "schema.pbtxt"),
            """
            feature { name: "count" type: FLOAT }
            feature { name: "words" type: BYTES }
            feature { name: "answer" type: BYTES }

            """,
            cancellationToken);
    }

    void Write(Execution execution, string split, IReadOnlyList<string?> rows)
    {
        var cells = rows.Select(row => row!.Split(',')).ToList();
        using var writer = new ParquetWriter(
            Examples.FileFor(execution, Outputs.Examples, split),
            [new("count", ParquetType.Double), new("words", ParquetType.Text), new("answer", ParquetType.Text)]);
        writer.Write(
            new DoubleValues([.. cells.Select(row => row[0].Length == 0 ? double.NaN : double.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture))]),
            Texts(cells, 1),
            Texts(cells, 2));
        writer.Complete();
    }

    static TextValues Texts(List<string[]> cells, int column) => new([.. cells.Select(row => row[column].Length == 0 ? null : row[column])]);
}
