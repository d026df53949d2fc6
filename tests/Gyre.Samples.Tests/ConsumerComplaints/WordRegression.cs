using System.Text.RegularExpressions;
using Synthesis;

namespace Gyre.Samples.Tests.ConsumerComplaints;

/// <summary>
/// A small logistic regression on which words, which issue and which response a complaint has: it knows nothing of the
/// formula, and shows what can be learnt from the rows.
/// </summary>
static partial class WordRegression
{
    const int Epochs = 6, MinimumCount = 20;
    const double Rate = 0.05, Decay = 1e-4;

    /// <summary>Learns from nine of ten complaints and returns the area under the ROC curve on every tenth.</summary>
    public static double EvaluateOn(IReadOnlyList<string[]> complaints)
    {
        var bags = complaints.Select(FeaturesOf).ToList();
        var positions = bags.SelectMany(bag => bag).CountBy(feature => feature).Where(entry => entry.Value >= MinimumCount)
            .Select((entry, position) => (entry.Key, position)).ToDictionary(StringComparer.Ordinal);
        var rows = bags.ConvertAll(bag => bag.Where(positions.ContainsKey).Select(feature => positions[feature]).ToArray());
        var labels = complaints.Select(complaint => complaint[10] == "Yes").ToList();

        var weights = new double[positions.Count];
        var bias = -1.0;
        var order = Enumerable.Range(0, rows.Count).Where(row => row % 10 != 0).ToArray();
        var dice = new Dice(1, 1);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            dice.Shuffle<int>(order);
            foreach (var row in order)
            {
                var step = Rate / (1 + epoch) * ((labels[row] ? 1 : 0) - Probability(rows[row]));
                bias += step;
                foreach (var feature in rows[row])
                    weights[feature] += step - (Rate * Decay * weights[feature]);
            }
        }

        return RankingQuality.Auc([.. Enumerable.Range(0, rows.Count).Where(row => row % 10 == 0).Select(row => new Outcome(Probability(rows[row]), labels[row]))]);

        double Probability(int[] row) => 1 / (1 + Math.Exp(-(bias + row.Sum(feature => weights[feature]))));
    }

    static HashSet<string> FeaturesOf(string[] complaint)
    {
        var features = new HashSet<string>(StringComparer.Ordinal) { "issue " + complaint[2], "response " + complaint[8] };
        foreach (var word in Word().EnumerateMatches(complaint[4]))
            features.Add(complaint[4].Substring(word.Index, word.Length).ToLowerInvariant());
        return features;
    }

    [GeneratedRegex("[A-Za-z0-9']+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word();
}
