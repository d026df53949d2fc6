namespace Synthesis;

/// <summary>How well probabilities order labels.</summary>
public static class RankingQuality
{
    /// <summary>
    /// The area under the ROC curve: the chance that a positive example has the higher probability than a negative one,
    /// ties counting half. Of the probabilities that the labels were drawn with, it is the best that any model can expect.
    /// </summary>
    /// <returns>A number from 0 to 1; NaN when all labels are the same.</returns>
    public static double Auc(IReadOnlyList<Outcome> outcomes)
    {
        var ordered = outcomes.OrderBy(outcome => outcome.Probability).ToArray();
        double below = 0, won = 0;
        for (var start = 0; start < ordered.Length;)
        {
            var (end, positives) = (start, 0);
            for (; end < ordered.Length && ordered[end].Probability.Equals(ordered[start].Probability); end++)
                positives += ordered[end].Positive ? 1 : 0;
            var negatives = end - start - positives;
            won += positives * (below + (negatives / 2.0));
            below += negatives;
            start = end;
        }

        return won / (below * (ordered.Length - below));
    }
}
