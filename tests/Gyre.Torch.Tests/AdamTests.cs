using System.Runtime.InteropServices;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Gyre.Torch.Tests;

public sealed class AdamTests
{
    const int Steps = 20;

    public AdamTests() => NativeTorch.Prepare();

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void It_moves_weights_as_torch_does(double weightDecay)
    {
        var random = new Random(1);
        var gradients = Enumerable.Range(0, Steps).Select(_ => Draw(random, 37)).ToArray();
        float[] weights = Draw(random, 37), means = new float[37], squares = new float[37];
        using var parameter = nn.Parameter(tensor(weights));
        using var reference = optim.AdamW([parameter], 0.01, eps: 1e-7, weight_decay: weightDecay);
        var adam = new Adam(weightDecay);

        foreach (var gradient in gradients)
        {
            using var scope = NewDisposeScope();
            parameter.grad = tensor(gradient);
            reference.step();
            adam.NextStep(0.01);
            adam.Apply(weights, gradient, means, squares, Pace.Weights);
        }

        LargestDifference(weights, parameter.data<float>().ToArray()).ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Vectors_and_single_elements_are_moved_alike()
    {
        // 16 or 8 lanes of a vector, and a rest: every element has the same history, so all must stay equal.
        float[] weights = new float[21], means = new float[21], squares = new float[21];
        var adam = new Adam(0.5);
        for (var step = 0; step < Steps; step++)
        {
            adam.NextStep(0.01);
            adam.Apply(weights, Enumerable.Repeat(0.3f * (step - 7), 21).ToArray(), means, squares, new Pace(3, 0.01f, Decays: true));
        }

        weights.ShouldAllBe(weight => weight == weights[0]);
        weights[0].ShouldNotBe(0);
    }

    [Fact]
    public void No_gradient_counts_as_zeros()
    {
        float[] weights = [1, 2, 3], means = [0.5f, 0, -1], squares = [1, 2, 3];
        float[] otherWeights = [1, 2, 3], otherMeans = [0.5f, 0, -1], otherSquares = [1, 2, 3];
        var adam = new Adam(0);
        adam.NextStep(0.01);
        adam.Apply(weights, [], means, squares, Pace.Weights);
        adam.Apply(otherWeights, [0, 0, 0], otherMeans, otherSquares, Pace.Weights);
        weights.ShouldBe(otherWeights);
        squares.ShouldBe(otherSquares);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tables_have_the_values_and_gradients_of_torchs_embedding_bag(bool isMean)
    {
        var bag = Bag.Of("bag", [new("words", Transforms.FeatureKind.Tokens, 9)], width: 5, isMean);
        var table = new VectorTable(bag, new WeightSource(1), limit: 1);
        int[][] lists = [[0, 3, 3, 8], [], [7], [1, 0]];
        var ids = new BagIds();
        ids.Reset(lists.Length, lists.Sum(list => list.Length));
        foreach (var list in lists)
            list.CopyTo(ids.Add(list.Length));
        var upstream = Draw(new Random(2), 4 * 5);

        using var scope = NewDisposeScope();
        var reference = nn.EmbeddingBag(9, 5, mode: isMean ? EmbeddingBagMode.Mean : EmbeddingBagMode.Sum);
        table.Weights.CopyTo(MemoryMarshal.Cast<byte, float>(reference.weight!.bytes));
        var expected = reference.call(tensor(lists.SelectMany(list => list).ToArray()), tensor([0, 4, 4, 5]));
        (expected * tensor(upstream, 4, 5)).sum().backward();

        var actual = new float[4 * 5];
        table.Forward(ids, actual);
        LargestDifference(actual, expected.data<float>().ToArray()).ShouldBeLessThan(1e-6f);
        actual.AsSpan(5, 5).ToArray().ShouldBe(new float[5]);

        table.Backward(ids, upstream);
        LargestDifference(table.Gradients.ToArray(), reference.weight!.grad!.data<float>().ToArray()).ShouldBeLessThan(1e-6f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_tokens_that_share_a_mean_the_rare_one_moves_less(bool isMean)
    {
        var bag = Bag.Of("bag", [new("words", Transforms.FeatureKind.Tokens, 3)], width: 4, isMean);
        var table = new VectorTable(bag, new WeightSource(1), limit: 0);
        var adam = new Adam(0);
        for (var step = 0; step < Steps; step++)
        {
            var ids = new BagIds();
            ids.Reset(10, 20);
            for (var i = 0; i < 10; i++)
                new[] { 0, i == 3 && step == 5 ? 1 : 0 }.CopyTo(ids.Add(2));
            table.Backward(ids, Enumerable.Repeat(1f, 40).ToArray());
            adam.NextStep(0.01);
            table.Step(adam, scale: 1);
        }

        var (busy, rare) = (-table.Weights[0], -table.Weights[4]);
        busy.ShouldBeInRange(isMean ? 0.09f : 0.19f, 0.21f);
        (rare / busy).ShouldBeInRange(isMean ? 0.001f : 0.15f, isMean ? 0.1f : 2);
        table.Weights[8].ShouldBe(0);
    }

    [Fact]
    public void A_bag_that_is_not_gentle_moves_rare_tokens_as_far_as_others()
    {
        var bag = Bag.Of("bag", [new("words", Transforms.FeatureKind.Tokens, 3)], width: 4, isMean: true) with { IsGentle = false };
        var table = new VectorTable(bag, new WeightSource(1), limit: 0);
        var adam = new Adam(0);
        var ids = new BagIds();
        ids.Reset(10, 20);
        for (var i = 0; i < 10; i++)
            new[] { 0, i == 3 ? 1 : 0 }.CopyTo(ids.Add(2));
        table.Backward(ids, Enumerable.Repeat(1f, 40).ToArray());
        adam.NextStep(0.01);
        table.Step(adam, scale: 1);

        table.Weights[0].ShouldBe(-0.01f, 1e-5f);
        table.Weights[4].ShouldBe(-0.01f, 1e-5f);
        table.Weights[8].ShouldBe(0);
    }

    static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];

    static float LargestDifference(float[] left, float[] right) => left.Zip(right, (a, b) => Math.Abs(a - b)).Max();
}
