using Gyre.Schemas.Protos;
using Selection = Gyre.Schemas.Protos.HistogramSelection.Types.Type;

namespace Gyre.Schemas.Comparison;

/// <summary>Measures all distances of one feature between the data looked at and a reference.</summary>
sealed class FeatureMeasurements(FeatureDistribution current, FeatureDistribution reference, FeatureComparator? comparator, ComparisonOptions options)
{
    readonly List<Distance> _distances = [];
    readonly List<string> _notes = [];

    public FeatureComparison Measure(string feature)
    {
        var (values, test) = current.Categories is not null && reference.Categories is not null ? (ComparedValues.Categories, Texts())
            : current.Numbers is { } numbers && reference.Numbers is { } others ? (ComparedValues.Numbers, Numbers(numbers, others))
            : (ComparedValues.Presence, null);
        if (values == ComparedValues.Presence)
            SayWhyNot();
        return new FeatureComparison
        {
            Feature = feature,
            Values = values,
            MissingTest = Missing(),
            Test = test,
            Distances = _distances,
            Notes = _notes,
        };
    }

    TestResult? Texts()
    {
        if (current.Values <= 0 || reference.Values <= 0)
        {
            _notes.Add($"There are no values {(current.Values <= 0 ? "in this data" : "in the reference")} to compare.");
            return null;
        }

        var (now, before) = (current.WeightedCategories, reference.WeightedCategories);
        var (far, where) = CategoryDistances.LInfinity(now, before);
        Add(DistanceNames.LInfinity, far, options.LInfinity, comparator?.InfinityNorm?.HasThreshold == true ? comparator.InfinityNorm.Threshold : null, where);
        (far, where) = CategoryDistances.NormalizedAbsoluteDifference(now, before);
        Add(DistanceNames.NormalizedAbsoluteDifference, far, null, OfDifference(), where);
        var positive = (Now: Positive(now), Before: Positive(before));
        if (positive.Now.Count > 0 && positive.Before.Count > 0)
            Add(DistanceNames.JensenShannon, CategoryDistances.JensenShannon(positive.Now, positive.Before), options.JensenShannon, OfDivergence());
        var cells = Pooled();
        Add(DistanceNames.PopulationStability, CategoryDistances.PopulationStability(cells), options.PopulationStability, null);
        var test = SignificanceTests.ChiSquare([.. cells.Select(cell => (cell.One * reference.SampleShare, cell.Other * current.SampleShare))]);
        var sample = (current.Values * current.SampleShare) + (reference.Values * reference.SampleShare);
        if (test.Freedom > 0)
            Add(DistanceNames.CramersV, Math.Sqrt(test.Statistic / sample), null, null);
        if (current.Rest > 0 || reference.Rest > 0)
            _notes.Add("There are more distinct texts than the statistics list; the rest counts as one in tests and in the stability index.");
        return test;
    }

    /// <summary>Categories that are rare in both, and all that statistics do not list, are one cell: reference first.</summary>
    IReadOnlyList<(double One, double Other)> Pooled()
    {
        var cells = CategoryDistances.Cells(reference.Categories!, current.Categories!);
        var (all, allCurrent) = (cells.Sum(cell => cell.One) + reference.Rest, cells.Sum(cell => cell.Other) + current.Rest);
        if (reference.Rest + current.Rest > 0)
            cells = [.. cells.Append((reference.Rest, current.Rest))];
        var smaller = Math.Min(all * reference.SampleShare, allCurrent * current.SampleShare) / (all + allCurrent);
        var pooled = SignificanceTests.Pool(cells, cell => (cell.One + cell.Other) * smaller);
        return pooled.Count < 2 ? cells : pooled;
    }

    TestResult? Numbers(NumberDistribution now, NumberDistribution before)
    {
        var cells = NumberDistances.DecileCells(before, now);
        AddOverCells(cells);
        var kind = comparator?.JensenShannonDivergence?.Source?.Type == Selection.Quantiles ? HistogramKind.Quantiles : HistogramKind.EqualWidth;
        Divergence(OfDivergence() is null ? HistogramKind.Quantiles : kind);
        Add(DistanceNames.PopulationStability, CategoryDistances.PopulationStability(cells), options.PopulationStability, null);
        if (now.Placed <= 0 || before.Placed <= 0)
        {
            _notes.Add($"All numbers {(now.Placed <= 0 ? "of this data" : "of the reference")} are NaN.");
            return SignificanceTests.ChiSquare(cells);
        }

        var (far, certain) = NumberDistances.KolmogorovSmirnov(now, before);
        Add(DistanceNames.KolmogorovSmirnov, far, options.KolmogorovSmirnov, null);
        var distance = NumberDistances.Wasserstein(now, before);
        Add(DistanceNames.Wasserstein, distance, null, null);
        Add(DistanceNames.NormalizedWasserstein, NumberDistances.NormalizedWasserstein(distance, reference.Deviation), options.Wasserstein, null);
        return SignificanceTests.KolmogorovSmirnov(certain, now.Placed * current.SampleShare, before.Placed * reference.SampleShare);
    }

    /// <summary>TFX measures 0 here, in silence; a threshold that can never be passed is worse than one over cells.</summary>
    void AddOverCells(IReadOnlyList<(double Before, double Now)> cells)
    {
        var (all, allNow) = (cells.Sum(cell => cell.Before), cells.Sum(cell => cell.Now));
        if (all <= 0 || allNow <= 0)
            return;
        Add(DistanceNames.LInfinity, cells.Max(cell => Math.Abs((cell.Now / allNow) - (cell.Before / all))), null, comparator?.InfinityNorm?.HasThreshold == true ? comparator.InfinityNorm.Threshold : null);
        Add(DistanceNames.NormalizedAbsoluteDifference, cells.Max(cell => Math.Abs(cell.Now - cell.Before) / (all + allNow)), null, OfDifference());
    }

    /// <summary>By TFX's convention where the schema sets a threshold; otherwise NaN and infinities are like themselves.</summary>
    void Divergence(HistogramKind kind)
    {
        if (current.Source(kind) is not { } now || reference.Source(kind) is not { } before)
        {
            _notes.Add($"The statistics have no histogram by {(kind == HistogramKind.Quantiles ? "quantiles" : "equal widths")} on both sides, so the divergence of Jensen and Shannon is not measured.");
            return;
        }

        try
        {
            var divergence = NumberDistances.JensenShannon(now, before, OfDivergence() is null ? Unplaced.LikeThemselves : Unplaced.NeverAlike);
            Add(DistanceNames.JensenShannon, divergence, options.JensenShannon, OfDivergence());
        }
        catch (ArgumentException problem)
        {
            _notes.Add($"The divergence of Jensen and Shannon is not measured: {problem.Message}");
        }
    }

    TestResult? Missing()
    {
        var (all, allBefore) = (current.Present + current.Missing, reference.Present + reference.Missing);
        if (all <= 0 || allBefore <= 0)
            return null;
        Add(DistanceNames.MissingShare, Math.Abs((current.Missing / all) - (reference.Missing / allBefore)), options.MissingShare, null);
        return SignificanceTests.ChiSquare([(reference.Present, current.Present), (reference.Missing, current.Missing)]);
    }

    void SayWhyNot()
    {
        if ((current.Categories is null) != (reference.Categories is null) && current.Values > 0 && reference.Values > 0)
            _notes.Add($"The values are {Kind(current)} here and {Kind(reference)} in the reference: only their presence is compared.");
        else
            _notes.Add($"There are no values {(current.Values <= 0 ? "in this data" : reference.Values <= 0 ? "in the reference" : "of a kind that is compared")}: only their presence is compared.");
    }

    static string Kind(FeatureDistribution feature) => feature.Categories is not null ? "texts" : feature.Numbers is not null ? "numbers" : "of another kind";

    double? OfDifference() => comparator?.NormalizedAbsDifference?.HasThreshold == true ? comparator.NormalizedAbsDifference.Threshold : null;

    double? OfDivergence() => comparator?.JensenShannonDivergence?.HasThreshold == true ? comparator.JensenShannonDivergence.Threshold : null;

    void Add(string name, double value, double? byDefault, double? ofSchema, string? where = null) =>
        _distances.Add(new Distance(name, value, ofSchema ?? byDefault, ofSchema is not null, value > 0 ? where : null));

    static Dictionary<string, double> Positive(IReadOnlyDictionary<string, double> counts) => counts.Where(entry => entry.Value > 0).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
}
