namespace Gyre.Training;

/// <summary>How well log-odds fit labels of 0 and 1; for watching training. Evaluation measures far more.</summary>
public static class TrainingMetrics
{
    /// <summary>The mean negative log-likelihood; NaN without examples.</summary>
    public static double LogLoss(ReadOnlySpan<float> logOdds, ReadOnlySpan<float> labels)
    {
        var sum = 0.0;
        for (var i = 0; i < logOdds.Length; i++)
            sum += LogLoss(logOdds[i], labels[i]);
        return sum / logOdds.Length;
    }

    /// <summary>The negative log-likelihood of one example, without overflow for log-odds of any size.</summary>
    public static double LogLoss(double logOdds, double label) =>
        Math.Max(logOdds, 0) - (logOdds * label) + Math.Log(1 + Math.Exp(-Math.Abs(logOdds)));

    /// <summary>
    /// The probability that a positive example scores higher than a negative one, ties counting half; NaN when either class
    /// is missing.
    /// </summary>
    public static double Auc(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        var sorted = scores.ToArray();
        var positive = new bool[labels.Length];
        for (var i = 0; i < positive.Length; i++)
            positive[i] = labels[i] > 0.5f;
        Array.Sort(sorted, positive);
        long positives = 0, negatives = 0;
        var wins = 0.0;
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            var here = positive.AsSpan(start, end - start).Count(true);
            var negativesHere = end - start - here;
            wins += here * (negatives + (negativesHere / 2.0));
            positives += here;
            negatives += negativesHere;
            start = end;
        }

        return positives == 0 || negatives == 0 ? double.NaN : wins / ((double)positives * negatives);
    }
}
