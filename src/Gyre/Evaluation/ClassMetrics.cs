using System.Numerics.Tensors;

namespace Gyre.Evaluation;

/// <summary>
/// The metrics of models with named classes. Means over classes are over those that occur, by label or by decision, as
/// scikit-learn takes them.
/// </summary>
static class ClassMetrics
{
    /// <summary>Of a multiclass model, which decides for the most probable class, among equally probable ones for the first.</summary>
    public static MetricValues OfOneClass(ExampleScores scores)
    {
        var names = scores.Label.Classes;
        var tallies = Tallies(names.Count);
        var matrix = new int[names.Count, names.Count];
        double right = 0, losses = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            var weight = scores.Weight(i);
            var (label, decision) = ((int)scores.LabelOf(i)[0], TensorPrimitives.IndexOfMax(scores.Prediction(i)));
            matrix[label, decision]++;
            tallies[label].AddLabel(weight, label == decision);
            tallies[decision].AddDecision(weight);
            right += label == decision ? weight : 0;
            losses -= weight * BinaryMetrics.LogLikelihood(scores.Prediction(i)[label], label: true);
        }

        var accuracy = BinaryMetrics.Ratio(right, scores.TotalWeight);
        return Summary(scores, tallies, static (label, output) => (int)label[0] == output) with
        {
            Accuracy = accuracy,
            MicroF1 = accuracy,
            LogLoss = BinaryMetrics.Ratio(losses, scores.TotalWeight),
            ConfusionMatrix = [.. names.Select((_, row) => (IReadOnlyList<int>)[.. names.Select((_, column) => matrix[row, column])])],
        };
    }

    /// <summary>Of a multilabel model, which decides for each class by itself.</summary>
    /// <param name="scores">The examples.</param>
    /// <param name="threshold">A probability above it counts as «yes».</param>
    public static MetricValues OfSeveralClasses(ExampleScores scores, double threshold)
    {
        var tallies = Tallies(scores.Label.Classes.Count);
        double exact = 0, wrong = 0, losses = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            var weight = scores.Weight(i);
            var labels = scores.LabelOf(i);
            var predictions = scores.Prediction(i);
            var mistakes = 0;
            for (var at = 0; at < tallies.Length; at++)
            {
                var (label, decision) = (labels[at] > 0, predictions[at] > threshold);
                if (label)
                    tallies[at].AddLabel(weight, decision);
                if (decision)
                    tallies[at].AddDecision(weight);
                mistakes += label == decision ? 0 : 1;
                losses -= weight * BinaryMetrics.LogLikelihood(predictions[at], label);
            }

            wrong += weight * mistakes;
            exact += mistakes == 0 ? weight : 0;
        }

        var decisions = scores.TotalWeight * tallies.Length;
        return Summary(scores, tallies, static (label, output) => label[output] > 0) with
        {
            Accuracy = BinaryMetrics.Ratio(exact, scores.TotalWeight),
            HammingLoss = BinaryMetrics.Ratio(wrong, decisions),
            LogLoss = BinaryMetrics.Ratio(losses, decisions),
            MicroF1 = BinaryMetrics.Ratio(2 * tallies.Sum(tally => tally.Right), tallies.Sum(tally => tally.Labels + tally.Decisions)),
        };
    }

    static Tally[] Tallies(int count) => [.. Enumerable.Range(0, count).Select(_ => new Tally())];

    static MetricValues Summary(ExampleScores scores, Tally[] tallies, Func<float[], int, bool> isOf)
    {
        ClassValues[] classes = [.. tallies.Select((tally, i) => new ClassValues(
            scores.Label.Classes[i], tally.LabelCount, tally.DecisionCount, tally.Precision, tally.Recall, tally.F1,
            BinaryMetrics.Areas(scores.AsBinary(i, label => isOf(label, i))).Auc))];
        return new MetricValues
        {
            ExampleCount = scores.Count,
            MacroF1 = Mean(classes.Select(one => one.F1)),
            MacroRecall = Mean(classes.Select(one => one.Recall)),
            MacroAuc = Mean(classes.Select(one => one.Auc)),
            WeightedF1 = BinaryMetrics.Ratio(tallies.Sum(tally => tally.Labels * (tally.F1 ?? 0)), tallies.Sum(tally => tally.Labels)),
            Classes = classes,
        };
    }

    static double? Mean(IEnumerable<double?> values) => values.Average();

    /// <summary>How often one class is the label, the decision, and both; by number and by weight.</summary>
    sealed class Tally
    {
        public int LabelCount { get; private set; }

        public int DecisionCount { get; private set; }

        public double Labels { get; private set; }

        public double Decisions { get; private set; }

        public double Right { get; private set; }

        public double? Precision => BinaryMetrics.Ratio(Right, Decisions);

        public double? Recall => BinaryMetrics.Ratio(Right, Labels);

        public double? F1 => BinaryMetrics.Ratio(2 * Right, Labels + Decisions);

        public void AddLabel(double weight, bool isRight)
        {
            LabelCount++;
            Labels += weight;
            Right += isRight ? weight : 0;
        }

        public void AddDecision(double weight)
        {
            DecisionCount++;
            Decisions += weight;
        }
    }
}
