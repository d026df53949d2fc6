using Gyre.Data;
using Gyre.Schemas.Comparison;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Schemas.Comparison;

public sealed class LeakageSearchTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-leakage-");

    public void Dispose() => _directory.Delete(recursive: true);

    string File(string name, params (string Name, Array Values)[] columns) => ExampleFile.Write(Path.Combine(_directory.FullName, name), columns);

    static LeakageHints Search(string file, string? train = null, string label = "y")
    {
        using var engine = new DataEngine();
        return new LeakageSearch(engine, label, new LeakageOptions()).Search([file], train is null ? null : [train], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_feature_that_determines_the_label_is_found_and_one_that_does_not_is_not()
    {
        var random = new Random(3);
        var labels = Enumerable.Range(0, 1000).Select(_ => random.Next(4) == 0 ? "Yes" : "No").ToArray();
        var hints = Search(File(
            "a.parquet",
            ("refund", labels.Select(label => label == "Yes" ? random.NextDouble() + 1 : random.NextDouble()).ToArray()),
            ("outcome", labels.Select(label => label == "Yes" ? "disputed" : random.Next(2) == 0 ? "closed" : "open").ToArray()),
            ("noise", labels.Select(_ => (long)random.Next(5)).ToArray()),
            ("y", labels)));

        hints.Features.Where(hint => hint.IsHint).Select(hint => hint.Feature).Order().ShouldBe(["outcome", "refund"]);
        hints.Features.Single(hint => hint.Feature == "outcome").ShouldSatisfyAllConditions(hint => hint.UncertaintyCoefficient.ShouldBe(1, 1e-9), hint => hint.Accuracy.ShouldBe(1, 1e-9));
        hints.Features.Single(hint => hint.Feature == "noise").Gain.ShouldBe(0, 0.05);
    }

    [Fact]
    public void An_identifier_is_named_and_does_not_count_as_determining_the_label()
    {
        var hints = Search(File(
            "a.parquet", ("id", Enumerable.Range(0, 200).Select(i => $"c{i}").ToArray()), ("amount", Enumerable.Range(0, 200).Select(i => i / 7.0).ToArray()),
            ("y", Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? "Yes" : "No").ToArray())));

        hints.Identifiers.ShouldBe([new IdentifierHint("id", 200, 200)]);
        hints.Features.ShouldAllBe(hint => !hint.IsHint);
    }

    [Fact]
    public void Rows_of_the_training_split_are_found_again_whatever_their_label()
    {
        var train = File("train.parquet", ("a", new[] { "x", "y", null, "x" }), ("b", new[] { "1", "2", "3", "1" }), ("y", new[] { "Yes", "No", "No", "Yes" }));
        var eval = File("eval.parquet", ("a", new[] { "x", "z", null, "" }), ("b", new[] { "1", "2", "3", "3" }), ("y", new[] { "No", "No", null, "No" }));

        var duplicates = Search(eval, train).Duplicates!;

        duplicates.ShouldBe(duplicates with { Rows = 2, Share = 0.5, IsHint = true });
        duplicates.Samples.ShouldBe([new RowPair("eval.parquet, example 1", "train.parquet, example 1"), new RowPair("eval.parquet, example 3", "train.parquet, example 3")]);
        Search(train).Duplicates.ShouldBeNull();
    }

    [Fact]
    public void Values_that_read_the_same_when_joined_are_told_apart()
    {
        var train = File("train.parquet", ("a", new[] { "x|1:y" }), ("b", new[] { "z" }), ("y", new[] { "1" }));
        var eval = File("eval.parquet", ("a", new[] { "x" }), ("b", new[] { "y|1:z" }), ("y", new[] { "1" }));

        Search(eval, train).Duplicates!.Rows.ShouldBe(0);
    }

    [Fact]
    public void Equal_rows_with_different_labels_are_named()
    {
        var conflicts = Search(File("a.parquet", ("a", new[] { "x", "y", "x", "x", "y" }), ("y", new[] { "Yes", "No", "No", null, "No" }))).Conflicts!;

        conflicts.ShouldBe(conflicts with { Rows = 2, Share = 0.4, IsHint = true });
        conflicts.Samples.ShouldBe([new RowPair("a.parquet, example 1", "a.parquet, example 3")]);
    }

    [Fact]
    public void Without_a_label_only_identifiers_and_duplicates_are_looked_for()
    {
        var hints = Search(File("a.parquet", ("a", new[] { "x", "y" })), label: "none");

        hints.ShouldSatisfyAllConditions(each => each.Features.ShouldBeEmpty(), each => each.Conflicts.ShouldBeNull());
    }
}
