using Gyre.Testing;
using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

/// <summary>Numbers that are missing reach the trees as they are; LightGBM itself and the graph agree on what becomes of them.</summary>
public sealed class MissingNumbersTests
{
    static readonly FeatureSpec[] Features =
    [
        new("amount", FeatureKind.Number, 1) { MayBeMissing = true },
        new("size", FeatureKind.Number, 1) { MayBeMissing = true },
        new("words", FeatureKind.Tokens, 5),
    ];

    static readonly float[] Odd = [float.NaN, 0, -0f, float.Epsilon, -1e-36f, 1e-36f, 3, -3, float.MaxValue, float.MinValue];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void The_graph_sends_missing_numbers_where_LightGBM_does(bool seenInTraining, bool sparse)
    {
        var features = sparse ? Features : Features[..2];
        var train = Make(600, seed: 5, sparse, row => seenInTraining && row % 3 == 0 ? float.NaN : null);
        var eval = Make(Odd.Length * Odd.Length, seed: 6, sparse, _ => null) with
        {
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["amount"] = [.. Odd.SelectMany(one => Odd.Select(_ => one))],
                ["size"] = [.. Odd.SelectMany(_ => Odd)],
            },
        };
        using var model = new LightGbmTrainer { Trees = 30, MinDataInLeaf = 3 }.Train(TrainerContract.Input(features, train, eval), TestContext.Current.CancellationToken);
        using var graph = new FeatureGraph(model, features);

        var expected = model.Predict(eval);
        var actual = graph.Predict(eval, Odd.Length);
        expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThanOrEqualTo(1e-6f);
        expected.ShouldAllBe(value => float.IsFinite(value));
        // A missing number is no zero, if training saw the difference; otherwise it counts as one.
        var (missing, zero) = (expected[0], expected[Odd.Length]);
        if (seenInTraining)
            Math.Abs(missing - zero).ShouldBeGreaterThan(0.2f);
        else
            missing.ShouldBe(zero);
    }

    /// <summary>Yes where the amount is missing, mostly, and else where it is above 1.</summary>
    static FeatureSet Make(int rows, int seed, bool sparse, Func<int, float?> missing)
    {
        var random = new Random(seed);
        var amounts = Enumerable.Range(0, rows).Select(row => missing(row) ?? (float)((random.NextDouble() * 6) - 3)).ToArray();
        return new FeatureSet
        {
            Rows = rows,
            Labels = [.. amounts.Select(amount => (float.IsNaN(amount) ? random.NextDouble() < 0.9 : amount + random.NextDouble() > 1.5) ? 1f : 0f)],
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["amount"] = amounts,
                ["size"] = [.. Enumerable.Range(0, rows).Select(row => missing(row + 1) ?? (float)random.NextDouble())],
            },
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal),
            Tokens = sparse
                ? new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["words"] = new TokenLists([.. Enumerable.Range(0, rows).Select(_ => random.Next(5))], [.. Enumerable.Range(0, rows + 1)]) }
                : new Dictionary<string, TokenLists>(StringComparer.Ordinal),
        };
    }
}
