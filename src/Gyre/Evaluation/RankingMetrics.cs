namespace Gyre.Evaluation;

/// <summary>The metrics of a ranking, see <see cref="MetricValues.Ndcg"/>. A group weighs the mean weight of its examples.</summary>
static class RankingMetrics
{
    const int First = 10;

    public static MetricValues Of(ExampleScores scores)
    {
        double all = 0, first = 0, reciprocal = 0, total = 0;
        var groups = Enumerable.Range(0, scores.Count).GroupBy(scores.Group, StringComparer.Ordinal).Select(group => group.ToArray()).ToList();
        foreach (var group in groups)
        {
            double[] relevance = [.. group.Select(i => (double)scores.LabelOf(i)[0])];
            var weight = group.Average(scores.Weight);
            if (!(relevance.Max() > 0) || !(weight > 0))
                continue;
            float[] predictions = [.. group.Select(i => scores.Prediction(i)[0])];
            total += weight;
            all += weight * Ndcg(predictions, relevance, int.MaxValue);
            first += weight * Ndcg(predictions, relevance, First);
            reciprocal += weight / RankOfFirst(predictions, relevance);
        }

        return new MetricValues
        {
            ExampleCount = scores.Count,
            GroupCount = groups.Count,
            Ndcg = BinaryMetrics.Ratio(all, total),
            Ndcg10 = BinaryMetrics.Ratio(first, total),
            Mrr = BinaryMetrics.Ratio(reciprocal, total),
        };
    }

    static double Ndcg(float[] predictions, double[] relevance, int ranks)
    {
        var best = (double[])relevance.Clone();
        Array.Sort(best, static (a, b) => b.CompareTo(a));
        var ideal = 0.0;
        for (var i = 0; i < best.Length; i++)
            ideal += best[i] * Discount(i, ranks);
        var gained = 0.0;
        var rank = 0;
        foreach (var tied in Enumerable.Range(0, predictions.Length).GroupBy(i => predictions[i]).OrderByDescending(group => group.Key))
        {
            var (sum, count, discounts) = (0.0, 0, 0.0);
            foreach (var i in tied)
            {
                sum += relevance[i];
                discounts += Discount(rank++, ranks);
                count++;
            }

            gained += sum * discounts / count;
        }

        return gained / ideal;
    }

    static double Discount(int rank, int ranks) => rank < ranks ? 1 / Math.Log2(rank + 2) : 0;

    static double RankOfFirst(float[] predictions, double[] relevance)
    {
        var best = predictions.Where((_, i) => relevance[i] > 0).Max();
        return 1 + predictions.Where((score, i) => score >= best && relevance[i] <= 0).Count();
    }
}
