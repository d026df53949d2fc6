using Gyre.Pipelines;
using Gyre.Testing;
using Gyre.Transforms;

namespace Gyre.Tests.Transforms;

public sealed class TargetMeanTests
{
    static async Task<(float[] Train, float[] Eval)> MeansAsync(IReadOnlyList<string> train, IReadOnlyList<string> eval, int folds, double smoothing)
    {
        using var home = new TemporaryHome();
        var pipeline = new Pipeline("test");
        var source = pipeline.Add(new GiveExamples(train, eval));
        var outputs = pipeline.Add(new FitTransform(source.Examples, source.Schema, f =>
        {
            f.Label("answer", "Yes");
            f.Output("mean", f.Text("words").TargetMean(folds, smoothing));
        }));
        var run = await home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        run.Nodes.ShouldAllBe(node => node.Message == null);
        var features = home.Artifact(run, outputs.Graph).Describe().Features;
        var examples = home.Artifact(run, outputs.Examples);
        return (FeatureReader.Read(examples.FileOf("train"), features).Numbers["mean"], FeatureReader.Read(examples.FileOf("eval"), features).Numbers["mean"]);
    }

    [Fact]
    public async Task A_training_example_sees_only_labels_of_other_folds()
    {
        // Two folds: the rows 0, 2, 4 and the rows 1, 3, 5.
        var (train, eval) = await MeansAsync(["1,a,Yes", "1,a,No", "1,a,Yes", "1,b,No", "1,b,Yes", "1,,No"], ["1,a,", "1,b,Yes", "1,z,", "1,,No"], folds: 2, smoothing: 0);

        // Outside the fold of row 0: a is No. Outside that of row 1: a is Yes, Yes. Row 3: b is Yes. Row 4: b is No. Row 5 has no text: rows 0, 2, 4 are all Yes.
        train.ShouldBe([0, 1, 0, 1, 0, 1]);
        eval.ShouldBe([2 / 3f, 0.5f, 0.5f, 0.5f]);
    }

    [Fact]
    public async Task Rare_texts_are_drawn_towards_the_mean_of_all()
    {
        var (_, eval) = await MeansAsync(["1,a,Yes", "1,b,No", "1,b,No", "1,b,No"], ["1,a,", "1,b,"], folds: 2, smoothing: 3);

        eval.ShouldBe([(1 + (3 * 0.25f)) / 4, 3 * 0.25f / 6]);
    }

    [Fact]
    public async Task A_text_that_tells_nothing_tells_nothing_in_training()
    {
        // Each text occurs once, so a mean over all would give the label away.
        var random = new Random(5);
        var train = Enumerable.Range(0, 400).Select(i => $"1,t{i},{(random.Next(2) == 0 ? "Yes" : "No")}").ToList();
        var (means, _) = await MeansAsync(train, ["1,a,"], folds: 5, smoothing: 1);

        means.Distinct().Count().ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public void It_wants_a_label_that_has_a_mean()
    {
        var definition = TransformDefinition.From(f =>
        {
            f.LabelClass("y", "a", "b", "c");
            f.Output("mean", f.Text("c").TargetMean());
            f.Output("many", f.Text("c").TargetMean(folds: 1));
            f.Output("less", f.Text("c").TargetMean(smoothing: -1));
        });

        definition.Errors.ShouldContain(error => error.StartsWith("TargetMeanTests.cs:", StringComparison.Ordinal) && error.Contains("the label is a class among several"));
        definition.Errors.ShouldContain(error => error.Contains("TargetMean was given 1 folds"));
        definition.Errors.ShouldContain(error => error.Contains("Give a number of examples, 0 or more"));
    }
}
