namespace Gyre.Schemas.Comparison;

/// <summary>
/// When data counts as different from other data. A difference is an alarm only when it is both large (a distance above
/// its threshold) and hardly chance (the test's corrected probability below <see cref="Significance"/>). All distances
/// are measured and reported in any case. Thresholds in the schema (<c>drift_comparator</c>, <c>skew_comparator</c>) stop a
/// run; those here are for features without.
/// </summary>
public sealed record ComparisonOptions
{
    /// <summary>Below which corrected probability a difference no longer counts as chance.</summary>
    public double Significance { get; init; } = 0.01;

    /// <summary>How probabilities are corrected for the number of features tested at once.</summary>
    public Correction Correction { get; init; } = Correction.BenjaminiHochberg;

    /// <summary>Greatest difference of shares, for categories; null for no threshold.</summary>
    public double? LInfinity { get; init; } = 0.05;

    /// <summary>Population stability index; 0.1 is a moderate shift, 0.25 a large one by the convention of credit scoring. Null for no threshold.</summary>
    public double? PopulationStability { get; init; } = 0.1;

    /// <summary>Greatest distance of the cumulated distributions, for numbers; null for no threshold.</summary>
    public double? KolmogorovSmirnov { get; init; } = 0.1;

    /// <summary>Wasserstein's distance in standard deviations of the reference, for numbers; null for no threshold.</summary>
    public double? Wasserstein { get; init; } = 0.1;

    /// <summary>Divergence of Jensen and Shannon to the base 2; null, the default, for no threshold.</summary>
    public double? JensenShannon { get; init; }

    /// <summary>Difference of the shares of examples that lack the feature; null for no threshold.</summary>
    public double? MissingShare { get; init; } = 0.05;

    /// <summary>With fewer examples on either side nothing here is an alarm.</summary>
    public long MinExamples { get; init; } = 20;

    /// <summary>What an alarm by these thresholds is.</summary>
    public AnomalySeverity Severity { get; init; } = AnomalySeverity.Warning;

    internal IEnumerable<string> Problems()
    {
        if (Significance is not (> 0 and <= 1))
            yield return FormattableString.Invariant($"{nameof(Significance)} of the comparison is {Significance}. Expected a probability above 0 and at most 1.");
        foreach (var (name, value) in new[]
        {
            (nameof(LInfinity), LInfinity), (nameof(PopulationStability), PopulationStability), (nameof(KolmogorovSmirnov), KolmogorovSmirnov),
            (nameof(Wasserstein), Wasserstein), (nameof(JensenShannon), JensenShannon), (nameof(MissingShare), MissingShare),
        })
        {
            if (value is { } threshold && !(threshold >= 0))
                yield return FormattableString.Invariant($"The threshold {name} of the comparison is {threshold}. Expected zero or more, or null for none.");
        }
    }
}
