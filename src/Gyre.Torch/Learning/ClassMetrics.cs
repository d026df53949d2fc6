namespace Gyre.Torch.Learning;

/// <summary>How well predicted classes fit true ones; for watching training.</summary>
static class ClassMetrics
{
    /// <summary>The share that is right; NaN without examples.</summary>
    public static double Accuracy(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual)
    {
        var right = 0;
        for (var i = 0; i < actual.Length; i++)
            right += predicted[i] == actual[i] ? 1 : 0;
        return (double)right / actual.Length;
    }

    /// <summary>
    /// The mean over the classes, of those that occur in either list, of 2 × hits / (predicted + actual). NaN without examples.
    /// </summary>
    public static double MacroF1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual, int classes)
    {
        var (hits, seen) = (new int[classes], new int[classes]);
        for (var i = 0; i < actual.Length; i++)
        {
            seen[predicted[i]]++;
            seen[actual[i]]++;
            hits[actual[i]] += predicted[i] == actual[i] ? 1 : 0;
        }

        var (sum, count) = (0.0, 0);
        for (var i = 0; i < classes; i++)
        {
            if (seen[i] == 0)
                continue;
            sum += 2.0 * hits[i] / seen[i];
            count++;
        }

        return sum / count;
    }
}
