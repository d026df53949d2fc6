using System.Globalization;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

/// <summary>Every task from rows to a model, by the trainer that learns least.</summary>
public sealed class TasksFromEndToEnd
{
    const string Train = """
        {"size":1,"kind":"a","tags":["red"],"price":1,"fixed":1,"query":"x","trust":1}
        {"size":2,"kind":"b","tags":["red","new"],"price":2,"fixed":1,"query":"y","trust":2}
        {"size":3,"kind":"a","tags":[],"price":3,"fixed":1,"query":"x","trust":1}
        {"size":4,"kind":"c","tags":["red"],"price":4,"fixed":1,"query":"y","trust":1}
        {"size":5,"kind":"a","tags":["red"],"price":5,"fixed":1,"query":"z","trust":1}
        {"size":6,"kind":"a","price":6,"fixed":1,"query":"z","trust":1}
        {"size":7,"kind":"b","tags":["red"],"price":7,"fixed":1,"query":"x","trust":3}
        {"size":8,"kind":"c","tags":[],"price":8,"fixed":1,"query":"y","trust":4}

        """;

    const string Eval = """
        {"size":1,"kind":"a","tags":["red"],"price":1,"fixed":1,"query":"x","trust":1}
        {"size":2,"kind":"z","tags":["blue"],"price":2,"fixed":1,"query":"x","trust":1}
        {"size":9,"kind":"b","tags":[],"fixed":1,"query":"w","trust":1}

        """;

    [Fact]
    public async Task A_class_is_predicted_with_the_shares_of_the_classes()
    {
        using var run = await LifeAsync(f => f.LabelClass("kind"));

        run.Label.Classes.ShouldBe(["a", "b", "c"]);
        run.Model.Outputs.ShouldBe(["probabilities"]);
        run.Predict().ShouldBe([[0.5f, 0.25f, 0.25f], [0.5f, 0.25f, 0.25f]]);
        run.Train.Labels.ShouldBe([0, 1, 0, 2, 0, 0, 1, 2]);
        // «z» is not known from the training split.
        run.Eval.Labels.ShouldBe([0, float.NaN, 1]);
    }

    [Fact]
    public async Task Classes_can_be_given_in_an_order_of_ones_own()
    {
        using var run = await LifeAsync(f =>
        {
            f.LabelClass("kind", "c", "b", "never");
            f.Weight("trust");
        });

        run.Label.Classes.ShouldBe(["c", "b", "never"]);
        run.Train.Labels.ShouldBe([1, 0, 1, 0]);
        run.Train.Weights.ShouldBe([2, 1, 3, 4]);
        run.Predict()[0].ShouldBe([0.5f, 0.5f, 0]);
        run.Warnings.ShouldContain("4 examples of the split 'train' have a label that is none of the classes given, and are left out: the column 'kind' holds 'a' (4), 'b' (2), 'c' (2).");
        run.Warnings.ShouldContain("no example of the split 'train' is of the class 'never', so nothing can be learnt of it.");
    }

    [Fact]
    public async Task Several_classes_are_predicted_each_with_its_share()
    {
        using var run = await LifeAsync(f => f.LabelClasses("tags"));

        run.Label.Classes.ShouldBe(["new", "red"]);
        run.Train.LabelWidth.ShouldBe(2);
        run.Train.Labels.ShouldBe([0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0]);
        run.Model.Outputs.ShouldBe(["probabilities"]);
        run.Predict()[0].ShouldBe([1 / 7f, 5 / 7f]);
    }

    [Fact]
    public async Task A_number_is_predicted_by_its_mean()
    {
        using var run = await LifeAsync(f => f.LabelNumber("price", unit: "EUR"));

        run.Signature.Task.ShouldBe(LearningTask.Regression);
        run.Signature.Label.Unit.ShouldBe("EUR");
        run.Signature.Outputs.ShouldBe([new SignatureOutput("prediction", "float")]);
        run.Predict().ShouldBe([[4.5f], [4.5f]]);
    }

    [Fact]
    public async Task An_order_is_learnt_within_groups()
    {
        using var run = await LifeAsync(f => f.LabelRelevance("price", group: "query"));

        run.Model.Outputs.ShouldBe(["score"]);
        run.Train.Groups.ShouldBe([0, 1, 0, 1, 2, 2, 0, 1]);
        run.Train.RowsByGroup().ShouldBe([[0, 2, 6], [1, 3, 7], [4, 5]]);
        run.Predict().ShouldBe([[0f], [0f]]);
    }

    [Fact]
    public async Task A_rule_over_columns_says_what_is_yes()
    {
        using var run = await LifeAsync(f => f.Label(f.Number("price") / f.Number("trust") > 2.5, "dear"));

        run.Label.Column.ShouldBe("dear");
        run.Label.Sources.ShouldBe(["price", "trust"]);
        run.Train.Labels.ShouldBe([0, 0, 1, 1, 1, 1, 0, 0]);
        run.Eval.Labels.ShouldBe([0, 0, float.NaN]);
        run.Predict()[0].ShouldBe([0.5f]);
    }

    [Fact]
    public async Task A_number_can_be_computed_from_columns()
    {
        using var run = await LifeAsync(f => f.LabelNumber(f.Number("price") * 2, "double", unit: "EUR"));

        run.Train.Labels.ShouldBe([2, 4, 6, 8, 10, 12, 14, 16]);
        run.Predict()[0].ShouldBe([9f]);
    }

    [Fact]
    public async Task A_signature_that_was_read_says_what_was_written()
    {
        using var run = await LifeAsync(f => f.LabelClass("kind"));

        var text = await File.ReadAllTextAsync(run.SignaturePath, TestContext.Current.CancellationToken);
        text.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)
            .ShouldContain("\"task\":\"multiclass\",\"inputs\":[{\"name\":\"size\",\"type\":\"number\"}],\"outputs\":[{\"name\":\"probabilities\",\"type\":\"float\"}],\"label\":{\"column\":\"kind\",\"task\":\"multiclass\",\"classes\":[\"a\",\"b\",\"c\"]}");
        run.Signature.ClassesOf([0.2f, 0.4f, 0.4f]).ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("fixed", "All 8 labelled examples of the split 'train' have the label 1 in the column 'fixed'")]
    [InlineData("kind", "the column 'kind' holds texts, not numbers")]
    public async Task Numbers_that_cannot_be_learnt_are_refused(string column, string expected) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => LifeAsync(f => f.LabelNumber(column)))).Message.ShouldContain(expected);

    [Theory]
    [InlineData("fixed", "All 8 labelled examples of the split 'train' are of one class. The column 'fixed' holds '1' (8).")]
    [InlineData("tags", "the column 'tags' holds lists, and the label is one value; if each example has any number of classes, use f.LabelClasses")]
    public async Task Classes_that_cannot_be_learnt_are_refused(string column, string expected) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => LifeAsync(f => f.LabelClass(column)))).Message.ShouldContain(expected);

    [Fact]
    public async Task What_is_no_list_has_no_number_of_classes() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => LifeAsync(f => f.LabelClasses("kind")))).Message
            .ShouldContain("the column 'kind' holds single values, and a label of any number of classes is a list; if each example has one class, use f.LabelClass");

    [Fact]
    public async Task Groups_without_an_order_are_refused() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => LifeAsync(f => f.LabelRelevance("fixed", group: "query")))).Message
            .ShouldContain("The 3 groups by 'query' of the split 'train' have 3 examples at most, and in none of them does the relevance 'fixed' differ");

    [Fact]
    public void A_trainer_refuses_what_it_cannot_learn_before_anything_runs() =>
        Build(f => f.LabelNumber("price"), new OnlyYesOrNo()).Pipeline.Check().Select(error => error.ToString()).ShouldBe([
            "train-model: OnlyYesOrNo cannot learn the label 'price', a regression task. It learns binary: use another trainer, or declare the label as what it is."]);

    [Fact]
    public void Class_weights_that_fit_no_class_are_refused_before_anything_runs()
    {
        string[] Errors(Action<FeatureBuilder> define, ClassWeights weights) =>
            [.. Build(define, new LinearTrainer { ClassWeights = weights }).Pipeline.Check().Select(error => error.ToString())];

        Errors(f => f.LabelNumber("price"), ClassWeights.Balanced).ShouldBe([
            "train-model: LinearTrainer: ClassWeights weigh examples by their one class, and the label 'price' is a regression one. Leave ClassWeights out, or weigh examples by f.Weight."]);
        Errors(f => f.LabelClass("kind", "a", "b"), ClassWeights.Of(("c", 2))).ShouldBe(["train-model: LinearTrainer: ClassWeights names 'c'. Expected classes of the label: a, b."]);
        Errors(f => f.LabelClass("kind"), ClassWeights.Of(("c", 2))).ShouldBeEmpty();
    }

    [Fact]
    public void Mistakes_in_labels_are_found_before_anything_runs()
    {
        Errors(f => f.LabelClass("kind", "a")).ShouldContain("LabelClass of 'kind' was given 1 class. Expected at least 2, or none for all values of the training split.");
        Errors(f => f.LabelClass("kind", "a", "a")).ShouldContain("LabelClass of 'kind' was given 'a' 2 times. Name it once.");
        Errors(f => f.LabelRelevance("price", "price")).ShouldContain("The label 'price' has itself as its group.");
        Errors(f =>
        {
            f.LabelNumber("price");
            f.Label("kind", "a");
        }).ShouldContain("The label is 'price' already. Call Label once.");
        Errors(f =>
        {
            f.LabelNumber("price");
            f.Weight("trust");
            f.Output("weight", f.Number("size").FillMissing(0));
        }).ShouldContain("A feature cannot be named 'weight': transformed examples hold the weight of each example under that name.");
        Errors(f =>
        {
            f.LabelNumber("price");
            f.Output("x", f.Number("prediction").FillMissing(0));
        }).ShouldContain("A column 'prediction' cannot be read: models of this task give their result under that name.");
    }

    [Fact]
    public void A_rule_can_neither_learn_nor_be_seen_by_the_model()
    {
        Errors(f => f.Label(f.Number("price").ScaleToZScore() > 1)).ShouldContain("The rule of the label 'label' uses scale_to_z_score, which learns from the data.");
        Errors(f =>
        {
            f.Label(f.Number("price") / f.Number("trust") > 2.5);
            f.Output("a", f.Number("price").FillMissing(0));
            f.Output("b", f.Number("trust").FillMissing(0));
        }).ShouldContain("The features are made of 'price' and 'trust', all that the rule of the label 'label' is made of, so the model would see the answer.");
        Errors(f =>
        {
            f.Label(f.Number("price") / f.Number("trust") > 2.5);
            f.Output("a", f.Number("price").FillMissing(0));
        }).ShouldBeEmpty();
    }

    static string Errors(Action<FeatureBuilder> define) => string.Join('\n', TransformDefinition.From(define).Errors);

    static (Pipeline Pipeline, TransformOutputs Transform, Output<Model> Model) Build(Action<FeatureBuilder> label, Trainer trainer, string path = "rows")
    {
        var pipeline = new Pipeline("tasks");
        var examples = pipeline.Add(new IngestJson(path) { Splits = Split.FromFolders(("train", "train.jsonl"), ("eval", "eval.jsonl")) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, f =>
        {
            label(f);
            f.Output("size", f.Number("size").FillMissing(0));
        }));
        return (pipeline, transform, pipeline.Add(new TrainModel(transform, trainer)));
    }

    static async Task<Life> LifeAsync(Action<FeatureBuilder> label)
    {
        var home = new TemporaryHome();
        try
        {
            home.Write("rows/train.jsonl", Train);
            var (pipeline, transform, output) = Build(label, new MajorityTrainer(), Path.GetDirectoryName(home.Write("rows/eval.jsonl", Eval))!);
            var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
            if (run.Nodes.FirstOrDefault(node => !node.EndedWell) is { } failed)
                throw new InvalidOperationException(failed.Message);
            return new Life(home, home.Artifact(run, transform.Graph).Describe(), home.Artifact(run, transform.Examples), home.Artifact(run, output));
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }

    /// <summary>What a run made.</summary>
    sealed class Life(TemporaryHome home, TransformDescription description, Examples examples, Model model) : IDisposable
    {
        public LabelSpec Label => description.Label;

        public OnnxModel Model { get; } = new(model.GraphPath);

        public string SignaturePath => model.PathOf(ModelSignature.FileName);

        public ModelSignature Signature => ModelSignature.Load(SignaturePath);

        public FeatureSet Train => FeatureReader.Read(examples.FileOf("train"), description.Features, Label);

        public FeatureSet Eval => FeatureReader.Read(examples.FileOf("eval"), description.Features, Label);

        /// <summary>All that was logged.</summary>
        public string Warnings => string.Join('\n', Directory.GetFiles(Path.Combine(home.Home.Directory, "logs")).Select(File.ReadAllText));

        /// <summary>The predictions of two raw examples.</summary>
        public float[][] Predict() =>
            [.. Model.Predict(new ExampleBatch(2, new Dictionary<string, Array>(StringComparer.Ordinal) { ["size"] = new[] { 1, double.NaN } })).Chunk(Model.PredictionWidth)];

        public void Dispose()
        {
            Model.Dispose();
            home.Dispose();
        }
    }

    sealed record OnlyYesOrNo : Trainer
    {
        public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken) =>
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"{input.Train.Rows} examples were never to be learnt from"));
    }
}
