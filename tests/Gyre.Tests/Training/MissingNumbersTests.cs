using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

/// <summary>Numbers that stay missing until they reach the model.</summary>
public sealed class MissingNumbersTests
{
    const string Rows = """
        {"size":1,"kind":"a"}
        {"kind":"b"}
        {"size":-3,"kind":"a"}
        {"size":null,"kind":"b"}

        """;

    [Fact]
    public void Only_trainers_that_take_missing_numbers_are_given_them()
    {
        Build(new LinearTrainer(), "rows").Pipeline.Check().Select(error => error.ToString()).ShouldBe([
            "train-model: LinearTrainer cannot learn from missing numbers, and 'root', 'size' may be missing for some examples. "
            + "Put FillMissing(…) in place of KeepMissing(), or use a trainer that takes them, such as one of trees."]);
        Build(new MajorityTrainer(), "rows").Pipeline.Check().ShouldBeEmpty();
    }

    [Fact]
    public void A_number_that_may_be_missing_is_no_feature_unless_that_is_said()
    {
        var errors = TransformDefinition.From(f =>
        {
            f.Label("kind", "b");
            f.Output("a", f.Number("size"));
            f.Output("b", f.Number("size").KeepMissing() + 1);
            f.Output("c", f.Vector(f.Number("size").KeepMissing()));
        }).Errors;

        errors.Count.ShouldBe(3);
        errors[0].ShouldContain("or KeepMissing() where the trainer takes missing numbers");
        errors[1].ShouldContain("The feature 'b' may be missing");
        errors[2].ShouldContain("Vector was given a number that may be missing");
    }

    [Fact]
    public async Task Missing_numbers_come_out_of_kernels_graph_and_files_as_missing()
    {
        using var home = new TemporaryHome();
        home.Write("rows/train.jsonl", Rows);
        var (pipeline, transform) = Build(new MajorityTrainer(), Path.GetDirectoryName(home.Write("rows/eval.jsonl", Rows))!);
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);

        run.Nodes.Where(node => !node.EndedWell).Select(node => node.Message).ShouldBeEmpty();
        string.Concat(Directory.GetFiles(Path.Combine(home.Home.Directory, "logs")).Select(File.ReadAllText)).ShouldNotContain("gives something else than the graph");
        var description = home.Artifact(run, transform.Graph).Describe();
        description.Features.Select(feature => (feature.Name, feature.MayBeMissing)).ShouldBe([("filled", false), ("root", true), ("size", true)]);
        var examples = FeatureReader.Read(home.Artifact(run, transform.Examples).FileOf("train"), description.Features, description.Label);
        examples.Numbers["size"].ShouldBe([1, float.NaN, -3, float.NaN]);
        examples.Numbers["root"].ShouldBe([1, float.NaN, float.NaN, float.NaN]);
        examples.Numbers["filled"].ShouldBe([1, 0, -3, 0]);
    }

    static (Pipeline Pipeline, TransformOutputs Transform) Build(Trainer trainer, string path)
    {
        var pipeline = new Pipeline("missing");
        var examples = pipeline.Add(new IngestJson(path) { Splits = Split.FromFolders(("train", "train.jsonl"), ("eval", "eval.jsonl")) });
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var transform = pipeline.Add(new FitTransform(examples, schema, f =>
        {
            f.Label("kind", "b");
            f.Output("size", f.Number("size").KeepMissing());
            f.Output("root", f.Number("size").Sqrt().KeepMissing());
            f.Output("filled", f.Number("size").FillMissing(0).KeepMissing());
        }));
        pipeline.Add(new TrainModel(transform, trainer));
        return (pipeline, transform);
    }
}
