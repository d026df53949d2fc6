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
        var sorted = Sorted(scores, labels);
        long positives = 0, negatives = 0;
        var wins = 0.0;
        for (var start = 0; start < sorted.Length;)
        {
            var (end, here) = (start, 0);
            for (; end < sorted.Length && sorted[end] >> 1 == sorted[start] >> 1; end++)
                here += (int)(sorted[end] & 1);
            var negativesHere = end - start - here;
            wins += here * (negatives + (negativesHere / 2.0));
            positives += here;
            negatives += negativesHere;
            start = end;
        }

        return positives == 0 || negatives == 0 ? double.NaN : wins / ((double)positives * negatives);
    }

    /// <summary>
    /// Scores in rising order, each as a whole number that rises with it, and behind it a bit for the label. By counting digits, since
    /// trainers ask after every round: on tens of thousands of examples ten times as fast as comparing.
    /// </summary>
    static ulong[] Sorted(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        const int Digit = 11;
        var (from, to) = (new ulong[scores.Length], new ulong[scores.Length]);
        for (var i = 0; i < from.Length; i++)
        {
            // Adding zero makes one zero of both.
            var bits = BitConverter.SingleToUInt32Bits(scores[i] + 0f);
            from[i] = ((ulong)((bits & 0x80000000) == 0 ? bits | 0x80000000 : ~bits) << 1) | (labels[i] > 0.5f ? 1UL : 0);
        }

        Span<int> places = stackalloc int[1 << Digit];
        for (var shift = 1; shift <= 32; shift += Digit)
        {
            places.Clear();
            foreach (var key in from)
                places[(int)(key >> shift) & (places.Length - 1)]++;
            var next = 0;
            foreach (ref var place in places)
                (place, next) = (next, next + place);
            foreach (var key in from)
                to[places[(int)(key >> shift) & (places.Length - 1)]++] = key;
            (from, to) = (to, from);
        }

        return from;
    }
}
