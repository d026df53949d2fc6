using Gyre.Data;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm.Tests;

public sealed class WeightTests
{
    static readonly FeatureSpec[] Features = [new("city", FeatureKind.OneHot, 12), new("price", FeatureKind.Number, 1)];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_example_of_weight_two_counts_as_two_examples()
    {
        // Of one feature with few values, so that bins are the same and leaves are large.
        FeatureSpec[] city = [Features[0]];
        var train = new MadeUpFeatures(city, seed: 1).Make(500, out _);
        var repeated = train.Take([.. Enumerable.Range(0, 500), .. Enumerable.Range(0, 500).Where(row => train.Labels[row] == 1)]);
        var weighted = train with { Weights = Array.ConvertAll(train.Labels, label => 1 + label) };
        var trainer = new LightGbmTrainer { Trees = 20, MinDataInLeaf = 1 };

        using var one = trainer.Train(TrainerContract.Input(city, repeated, train), Token);
        using var other = trainer.Train(TrainerContract.Input(city, weighted, train), Token);
        using var unweighted = trainer.Train(TrainerContract.Input(city, train, train), Token);

        // Weights are brought to 1 on average, as if there were fewer examples; that alters no mean.
        one.Predict(train).Zip(other.Predict(train), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4f);
        one.Predict(train).Zip(unweighted.Predict(train), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(0.1f);
    }

    [Fact]
    public void Balanced_classes_raise_the_recall_of_the_rare_one()
    {
        var (train, eval) = (Rare(4000, seed: 2), Rare(2000, seed: 2));
        using var plain = new LightGbmTrainer().Train(TrainerContract.Input(Features, train, eval), Token);
        using var balanced = new LightGbmTrainer { ClassWeights = ClassWeights.Balanced }.Train(TrainerContract.Input(Features, train, eval), Token);

        Recall(balanced).ShouldBeGreaterThan(Recall(plain) + 0.2);

        double Recall(ITrainedModel model) => model.Predict(eval).Where((probability, row) => eval.Labels[row] == 1 && probability > 0.5f).Count() / (double)eval.Labels.Count(label => label == 1);
    }

    [Fact]
    public void Class_weights_and_sample_weights_multiply()
    {
        var train = new MadeUpFeatures(Features, seed: 3).Make(300, out _);
        var samples = Enumerable.Range(0, 300).Select(row => 1f + (row % 2)).ToArray();
        var both = TreeExamples.Weights(TrainerContract.LabelOf(LearningTask.Binary), train with { Weights = samples }, ClassWeights.Of(("yes", 3)))!;
        var product = samples.Select((weight, row) => weight * (train.Labels[row] == 1 ? 3 : 1)).ToArray();
        for (var row = 0; row < both.Length; row++)
            both[row].ShouldBe(product[row] / product.Average(), 1e-5f);
        both.Average().ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Class_weights_of_a_number_are_refused()
    {
        var label = TrainerContract.LabelOf(LearningTask.Regression);
        var train = new MadeUpFeatures(Features, seed: 3).Make(300, label);
        Should.Throw<InvalidDataException>(() => new LightGbmTrainer { ClassWeights = ClassWeights.Balanced }.Train(TrainerContract.Input(Features, label, train, train), Token))
            .Message.ShouldContain("LightGbmTrainer.ClassWeights is set");
    }

    /// <summary>Examples of which about one in ten is positive.</summary>
    static FeatureSet Rare(int rows, int seed)
    {
        var examples = new MadeUpFeatures(Features, seed).Make(rows * 2, out _);
        var seen = 0;
        return examples.Take([.. Enumerable.Range(0, examples.Rows).Where(row => examples.Labels[row] == 0 || seen++ % 10 == 0)]);
    }
}
