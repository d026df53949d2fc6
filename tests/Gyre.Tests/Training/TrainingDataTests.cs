using Gyre.Data;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

public sealed class TrainingDataTests
{
    static readonly FeatureSpec[] Features = [new("size", FeatureKind.Number, 2), new("city", FeatureKind.OneHot, 3), new("words", FeatureKind.Tokens, 4)];

    static readonly LabelSpec Label = new("answer", ["Yes"]);

    static readonly FeatureSet Examples = new()
    {
        Rows = 3,
        Labels = [1, float.NaN, 0],
        Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["size"] = [1, 2, 3, 4, 5, 6] },
        Ids = new Dictionary<string, int[]>(StringComparer.Ordinal) { ["city"] = [0, -1, 2] },
        Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["words"] = new([3, 1, 0, 2], [0, 2, 2, 4]) },
    };

    [Fact]
    public void Some_examples_can_be_taken_in_any_order()
    {
        var taken = Examples.Take([2, 0, 1]);
        taken.Labels.ShouldBe([0, 1, float.NaN]);
        taken.Numbers["size"].ShouldBe([5, 6, 1, 2, 3, 4]);
        taken.Ids["city"].ShouldBe([2, 0, -1]);
        taken.Tokens["words"].Values.ShouldBe([0, 2, 3, 1]);
        taken.Tokens["words"].Offsets.ShouldBe([0, 2, 4, 4]);
    }

    [Fact]
    public void No_examples_can_be_taken()
    {
        var none = Examples.Take([]);
        none.Rows.ShouldBe(0);
        none.Tokens["words"].Offsets.ShouldBe([0]);
        none.Take([]).Numbers["size"].ShouldBeEmpty();
    }

    [Fact]
    public void Examples_without_a_label_are_left_out()
    {
        Examples.Labelled().Labels.ShouldBe([1, 0]);
        var all = Examples.Take([0, 2]);
        all.Labelled().ShouldBeSameAs(all);
    }

    [Fact]
    public void What_cannot_be_learnt_from_is_refused_with_the_place()
    {
        Refusal(Examples).ShouldStartWith("The label of example 2 of the transformed split 'train' is NaN.");
        var whole = Examples.Take([0, 2]);
        TrainingData.RequireLearnable(Features, Label, whole, "train");

        Refusal(whole with { Labels = [1, 1] }).ShouldStartWith("All 2 labelled examples of the split 'train' are positive.");
        Refusal(whole.Take([0])).ShouldContain("has 1 labelled examples. Expected at least 2");
        Refusal(whole with { Numbers = Of("size", new[] { 1f, 2, 3, float.NegativeInfinity }) }).ShouldStartWith("The feature 'size' of example 2 of the transformed split 'train' is -Infinity.");
        Refusal(whole with { Ids = Of("city", new[] { 0, 3 }) }).ShouldContain("'city' holds the id 3 in the transformed split 'train'. Expected -1 to 2");
        Refusal(whole with { Tokens = Of("words", new TokenLists([0, -1], [0, 1, 2])) }).ShouldContain("'words' holds the id -1 in the transformed split 'train'. Expected 0 to 3");
        Should.Throw<InvalidDataException>(() => TrainingData.RequireLearnable([], Label, whole, "train")).Message.ShouldStartWith("The transform gives no features.");
    }

    static string Refusal(FeatureSet examples) => Should.Throw<InvalidDataException>(() => TrainingData.RequireLearnable(Features, Label, examples, "train")).Message;

    static Dictionary<string, T> Of<T>(string name, T value) => new(StringComparer.Ordinal) { [name] = value };
}
