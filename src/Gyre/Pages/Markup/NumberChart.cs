using Gyre.Statistics;

namespace Gyre.Pages.Markup;

/// <summary>The distribution of a number in one or more sets, drawn one over the other: by density, and as quantiles.</summary>
sealed class NumberChart
{
    const double Width = 300;
    const double Height = 84;
    const double LogarithmicSpan = 1000;

    /// <summary>The thinnest bar, as a part of the whole width; values of one point have no width of their own.</summary>
    const double Thinnest = 1 / 75.0;

    readonly IReadOnlyList<IReadOnlyList<HistogramBucket>> _histograms;
    readonly IReadOnlyList<IReadOnlyList<HistogramBucket>> _quantiles;
    readonly IReadOnlyList<string> _names;
    readonly double _low;
    readonly double _high;
    readonly double _most;

    /// <param name="names">The names of the sets.</param>
    /// <param name="histograms">Ranges of equal width, for each set; empty where the set has no values.</param>
    /// <param name="quantiles">Ranges of equal count, for each set.</param>
    public NumberChart(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<HistogramBucket>> histograms, IReadOnlyList<IReadOnlyList<HistogramBucket>> quantiles)
    {
        (_names, _histograms) = (names, histograms);
        _quantiles = [.. quantiles.Select(set => set.Where(bucket => double.IsFinite(bucket.Low) && double.IsFinite(bucket.High)).ToList())];
        var bounds = _histograms.Concat(_quantiles).SelectMany(set => set).SelectMany(bucket => new[] { bucket.Low, bucket.High }).ToList();
        if (bounds.Count == 0)
            return;
        (_low, _high) = (bounds.Min(), bounds.Max());
        _most = _histograms.SelectMany(set => set.Select(bucket => Density(set, bucket))).DefaultIfEmpty(0).Max();
    }

    public Fragment Draw()
    {
        if (_histograms.All(set => set.Count == 0) && _quantiles.All(set => set.Count == 0))
            return Fragment.Of($"<div class=\"empty\">no numbers to draw</div>");
        return Fragment.Of($"""
            <svg class="num" viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{Description()}"><g class="eq"><g class="lin">{Areas(share => share)}</g><g class="log">{Areas(Logarithmic)}</g>{Hits()}</g><g class="qu">{Bands()}</g></svg><div class="axis{(_low == _high ? " one" : "")}"><span>{FigureText.Number(_low)}</span>{(_low == _high ? Fragment.None : Fragment.Of($"<span>{FigureText.Number(_high)}</span>"))}</div>
            """);
    }

    /// <summary>The length of a share on a scale by magnitudes, three of them.</summary>
    public static double Logarithmic(double share) => share <= 0 ? 0 : Math.Log(1 + (LogarithmicSpan * share)) / Math.Log(1 + LogarithmicSpan);

    string Description() => $"Distribution from {FigureText.Number(_low)} to {FigureText.Number(_high)}";

    /// <summary>The place of a value; halves first, because the span of two doubles may be more than a double.</summary>
    double X(double value) => _high == _low ? Width / 2 : ((value / 2) - (_low / 2)) / ((_high / 2) - (_low / 2)) * Width;

    (double Left, double Right) Span(HistogramBucket bucket)
    {
        var (left, right) = (X(bucket.Low), X(bucket.High));
        var lacking = (Width * Thinnest) - (right - left);
        return lacking <= 0 ? (left, right) : (Math.Max(0, left - (lacking / 2)), Math.Min(Width, right + (lacking / 2)));
    }

    double Density(IReadOnlyList<HistogramBucket> set, HistogramBucket bucket)
    {
        var (left, right) = Span(bucket);
        return Share(set, bucket) / Math.Max(right - left, double.Epsilon);
    }

    static double Share(IReadOnlyList<HistogramBucket> set, HistogramBucket bucket) => bucket.Count / Math.Max(set.Sum(each => each.Count), double.Epsilon);

    Fragment Areas(Func<double, double> scale) => Fragment.Join(_histograms.Select((set, index) =>
    {
        if (set.Count == 0 || _most <= 0)
            return Fragment.None;
        var path = new MarkupBuilder();
        foreach (var bucket in set.Where(bucket => bucket.Count > 0))
        {
            var (left, right) = Span(bucket);
            var top = Height - (scale(Density(set, bucket) / _most) * (Height - 4));
            path.Add($"M{left} {Height}V{Math.Min(top, Height - 1)}H{right}V{Height}Z");
        }

        return Fragment.Of($"<path class=\"area s{index}\" d=\"{path.ToFragment()}\"/>");
    }));

    /// <summary>What is under the pointer: invisible bars over the whole height that say the shares.</summary>
    Fragment Hits()
    {
        var bounds = _histograms.SelectMany(set => set).SelectMany(bucket => new[] { bucket.Low, bucket.High }).Distinct().Order().ToList();
        if (bounds.Count == 1)
            return Hit(0, Width, bounds[0], bounds[0]);
        return Fragment.Join(bounds.Zip(bounds.Skip(1), (low, high) => Hit(X(low), X(high), low, high)));
    }

    Fragment Hit(double left, double right, double low, double high)
    {
        var lines = _histograms.Select((set, index) => set.FirstOrDefault(bucket => bucket.Low <= low && bucket.High >= high) is { } bucket
            ? $"{(_names.Count > 1 ? _names[index] + ": " : "")}{FeatureFacts.Range(bucket)}: {FigureText.Count(bucket.Count)} ({FigureText.Percent(Share(set, bucket))})"
            : null).OfType<string>();
        return Fragment.Of($"<rect class=\"hit\" x=\"{left}\" y=\"0\" width=\"{right - left}\" height=\"{Height}\"><title>{string.Join('\n', lines)}</title></rect>");
    }

    /// <summary>A band for each set: ranges of equal count, light and dark in turn; the narrower, the denser the values.</summary>
    Fragment Bands()
    {
        var band = Height / Math.Max(1, _quantiles.Count);
        return Fragment.Join(_quantiles.SelectMany((set, index) => set.Select((bucket, place) =>
        {
            var (left, right) = Span(bucket);
            var text = $"{(_names.Count > 1 ? _names[index] + ": " : "")}{FigureText.Percent((double)place / set.Count)} to {FigureText.Percent((place + 1.0) / set.Count)} of the values: {FeatureFacts.Range(bucket)}";
            return Fragment.Of($"<rect class=\"band s{index}{(place % 2 == 0 ? "" : " odd")}\" x=\"{left}\" y=\"{(band * index) + (band * 0.15)}\" width=\"{right - left}\" height=\"{band * 0.7}\"><title>{text}</title></rect>");
        })));
    }
}
