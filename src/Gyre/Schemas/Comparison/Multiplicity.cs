namespace Gyre.Schemas.Comparison;

/// <summary>How probabilities are corrected when many features are tested at once: without it, one in a hundred is «significant» at 1 %.</summary>
public enum Correction
{
    /// <summary>Among those found, the expected share of false alarms is limited (Benjamini and Hochberg 1995).</summary>
    BenjaminiHochberg,

    /// <summary>The probability of a single false alarm is limited, step by step (Holm 1979).</summary>
    Holm,

    /// <summary>The probability of a single false alarm is limited, by the number of tests.</summary>
    Bonferroni,

    /// <summary>Each feature is tested as if it were the only one.</summary>
    None,
}

/// <summary>Corrects probabilities for the number of tests.</summary>
public static class Multiplicity
{
    /// <summary>The corrected probabilities, in the order given: compare them with the level wanted.</summary>
    /// <param name="probabilities">The p-values of all tests.</param>
    /// <param name="correction">By which rule.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> probabilities, Correction correction)
    {
        var n = probabilities.Count;
        var order = Enumerable.Range(0, n).OrderBy(i => probabilities[i]).ThenBy(i => i).ToArray();
        var adjusted = new double[n];
        switch (correction)
        {
            case Correction.BenjaminiHochberg:
                for (var (rank, least) = (n, 1.0); rank >= 1; rank--)
                    adjusted[order[rank - 1]] = least = Math.Min(least, probabilities[order[rank - 1]] * n / rank);
                break;
            case Correction.Holm:
                for (var (rank, most) = (1, 0.0); rank <= n; rank++)
                    adjusted[order[rank - 1]] = most = Math.Max(most, Math.Min(1, probabilities[order[rank - 1]] * (n - rank + 1)));
                break;
            case Correction.Bonferroni:
                return [.. probabilities.Select(probability => Math.Min(1, probability * n))];
            default:
                return [.. probabilities];
        }

        return adjusted;
    }
}
