namespace Gyre.Pages.Markup;

/// <summary>Lines and points with axes, ticks and what is said under the pointer.</summary>
sealed class LinePlot
{
    const double Width = 460;
    const double Height = 250;
    const double Left = 58;
    const double Right = 12;
    const double Top = 10;
    const double Bottom = 34;
    const int Ticks = 5;

    readonly PlotView _plot;
    readonly bool _saysNames;
    readonly IReadOnlyList<PlotSeries> _series;
    readonly (double Low, double High) _across;
    readonly (double Low, double High) _up;

    /// <param name="plot">What is drawn.</param>
    /// <param name="saysNames">Whether the names of lines stand below the plot.</param>
    public LinePlot(PlotView plot, bool saysNames)
    {
        (_plot, _saysNames) = (plot, saysNames);
        _series = [.. plot.Series.Select(series => series with { Points = [.. series.Points.Where(point => double.IsFinite(Across(point.X)) && double.IsFinite(point.Y))] })];
        var points = _series.SelectMany(series => series.Points).ToList();
        _across = plot.Places.Count > 0 ? (-0.5, plot.Places.Count - 0.5) : Span([.. points.Select(point => Across(point.X))], margin: 0.02);
        _up = Span([.. points.Select(point => point.Y)], margin: 0.06);
    }

    public Fragment Draw()
    {
        if (_series.All(series => series.Points.Count == 0))
            return Fragment.Of($"<figure><figcaption>{VisibleText.Of(_plot.Title)}</figcaption><div class=\"empty\">nothing to draw</div></figure>");
        return Fragment.Of($"""
            <figure><figcaption>{VisibleText.Of(_plot.Title)}</figcaption><svg class="plot" viewBox="0 0 {Width} {Height}" role="img" aria-label="{VisibleText.Of(_plot.Title)}">{Grid()}{Fragment.Join(_series.OrderByDescending(series => series.IsFaint).Select(Line))}<text class="tick" x="{(Left + Width - Right) / 2}" y="{Height - 3}" text-anchor="middle">{VisibleText.Of(_plot.Across)}</text></svg>{Names()}</figure>
            """);
    }

    Fragment Names() => !_saysNames || _series.Count(series => series.Points.Count > 0) < 2
        ? Fragment.None
        : Fragment.Of($"<ul class=\"sets\">{Fragment.Join(_series.Where(series => series.Name.Length > 0 && series.Points.Count > 0).DistinctBy(series => series.Name, StringComparer.Ordinal).Select(series => Fragment.Of($"<li><i class=\"s{series.Colour % WebPage.MostColours}{(series.IsDashed ? " dashed" : "")}\"></i><bdi>{VisibleText.Of(series.Name)}</bdi></li>")))}</ul>");

    Fragment Grid()
    {
        var up = TicksOf(_up).Select(tick => Fragment.Of($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick)}\" y2=\"{Y(tick)}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{Y(tick) + 4}\" text-anchor=\"end\">{FigureText.Number(tick)}</text>"));
        var across = AcrossTicks().Select(tick => Fragment.Of($"<text class=\"tick\" x=\"{X(tick.Place)}\" y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{VisibleText.Of(tick.Text, 14)}</text>"));
        return Fragment.Of($"{Fragment.Join(up)}{Fragment.Join(across)}<line class=\"axis-line\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Height - Bottom}\" y2=\"{Height - Bottom}\"/>");
    }

    IEnumerable<(double Place, string Text)> AcrossTicks()
    {
        if (_plot.Places.Count > 0)
            return _plot.Places.Select((name, index) => ((double)index, name));
        var ticks = TicksOf(_across);
        return _plot.IsLogarithmic ? ticks.Select(tick => (tick, FigureText.Number(Math.Pow(10, tick)))) : ticks.Select(tick => (tick, FigureText.Number(tick)));
    }

    Fragment Line(PlotSeries series)
    {
        var colour = series.Colour % WebPage.MostColours;
        var path = series.IsLine && series.Points.Count > 1
            ? Fragment.Of($"<polyline class=\"curve s{colour}{(series.IsDashed ? " dashed" : "")}{(series.IsFaint ? " faint" : "")}\" points=\"{string.Join(' ', series.Points.Select(point => FormattableString.Invariant($"{X(Across(point.X)):0.##},{Y(point.Y):0.##}")))}\"/>")
            : Fragment.None;
        var radius = series.IsLine ? (series.IsFaint ? 1.5 : 2.5) : 4;
        var dots = series.Points.Select(point => Fragment.Of($"<circle class=\"dot s{colour}{(series.IsFaint ? " faint" : "")}\" cx=\"{X(Across(point.X))}\" cy=\"{Y(point.Y)}\" r=\"{radius}\"><title>{VisibleText.Of(point.Text ?? $"{series.Name}: {FigureText.Number(point.Y)} at {FigureText.Number(point.X)}")}</title></circle>"));
        return Fragment.Of($"{path}{Fragment.Join(dots)}{Fragment.Join(series.Points.Where(point => point.X == series.Ring).Select(point => Fragment.Of($"<circle class=\"ring s{colour}\" cx=\"{X(Across(point.X))}\" cy=\"{Y(point.Y)}\" r=\"7\"/>")))}");
    }

    double Across(double x) => _plot.IsLogarithmic ? Math.Log10(x) : x;

    double X(double across) => Left + ((across - _across.Low) / (_across.High - _across.Low) * (Width - Left - Right));

    double Y(double value) => Top + ((_up.High - value) / (_up.High - _up.Low) * (Height - Top - Bottom));

    static (double Low, double High) Span(IReadOnlyList<double> values, double margin)
    {
        if (values.Count == 0)
            return (0, 1);
        var (low, high) = (values.Min(), values.Max());
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high)))
            return (low - 0.5, high + 0.5);
        return (low - ((high - low) * margin), high + ((high - low) * margin));
    }

    /// <summary>Round numbers within a span: steps of 1, 2 or 5 times a power of ten.</summary>
    static IEnumerable<double> TicksOf((double Low, double High) span)
    {
        var rough = (span.High - span.Low) / Ticks;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit < 1.5 ? 1 : rough / unit < 3.5 ? 2 : rough / unit < 7.5 ? 5 : 10);
        for (var i = Math.Ceiling(span.Low / step); i * step <= span.High; i++)
            yield return Math.Abs(i) < 0.5 ? 0 : Math.Round(i * step, 12);
    }
}
