using System.Globalization;

namespace Gyre.Pages.Markup;

/// <summary>One feature in all sets of a page; where a set lacks it, null.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="Order">Its place among all features.</param>
/// <param name="Sets">The feature in each set.</param>
/// <param name="Distance">How far the first two sets are from each other; null with one set.</param>
sealed record FeatureRow(string Name, int Order, IReadOnlyList<FeatureView?> Sets, FeaturePair? Distance)
{
    /// <summary>The feature in the first set that has it.</summary>
    public FeatureView Main { get; } = Sets.OfType<FeatureView>().First();
}

/// <summary>A column of figures.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Key">The name under which features are sorted by it.</param>
/// <param name="Text">The figure, written for people.</param>
/// <param name="Value">The figure, to sort by.</param>
/// <param name="ByWeight">The figure by weight; null where weights make no difference.</param>
sealed record FigureColumn(string Title, string Key, Func<FeatureView, string> Text, Func<FeatureView, double?> Value, Func<WeightedView, string>? ByWeight = null);

/// <summary>The features of one kind as a table: a body for each, so that sorting moves a feature as a whole.</summary>
/// <param name="sets">What the sets are called, in short.</param>
/// <param name="details">Draws names, pictures and what is opened.</param>
sealed class FeatureSection(IReadOnlyList<string> sets, FeatureDetails details)
{
    const double BarWidth = 100;

    static readonly FigureColumn Count = new("count", "count", feature => FigureText.Count(feature.Present), feature => feature.Present, weighted => FigureText.Number(weighted.Present));

    static readonly FigureColumn[] NumberColumns =
    [
        Count,
        new("mean", "mean", feature => FigureText.Number(feature.Mean), feature => feature.Mean, weighted => FigureText.Number(weighted.Mean)),
        new("std dev", "std", feature => FigureText.Number(feature.StandardDeviation), feature => feature.StandardDeviation, weighted => FigureText.Number(weighted.StandardDeviation)),
        new("zeros", "zeros", feature => feature.Zeros is { } zeros ? FigureText.Percent(zeros / Math.Max(1.0, feature.Values)) : "", feature => feature.Zeros / Math.Max(1.0, feature.Values)),
        new("min", "min", feature => FigureText.Number(feature.Min), feature => feature.Min),
        new("median", "median", feature => FigureText.Number(feature.Median), feature => feature.Median, weighted => FigureText.Number(weighted.Median)),
        new("max", "max", feature => FigureText.Number(feature.Max), feature => feature.Max),
    ];

    static readonly FigureColumn[] TextColumns =
    [
        Count,
        new("distinct", "unique", feature => feature.Unique is { } unique ? FigureText.Count(unique) : "", feature => feature.Unique),
        new("top", "top", feature => feature.TopValues is [var top, ..] ? VisibleText.Name(top.Value, 60) : "", _ => null, weighted => weighted.TopValues is [var top, ..] ? VisibleText.Name(top.Value, 60) : ""),
        new("top share", "share", feature => feature.TopValues is [var top, ..] ? FigureText.Percent(Math.Min(1, top.Count / Math.Max(1.0, feature.Values))) : "", feature => feature.TopValues is [var top, ..] ? top.Count / Math.Max(1.0, feature.Values) : null,
            weighted => weighted.TopValues is [var top, ..] && weighted.Present > 0 ? FigureText.Percent(Math.Min(1, top.Count / weighted.Present)) : ""),
        new("avg length", "length", feature => FigureText.Number(feature.AverageLength), feature => feature.AverageLength),
    ];

    bool IsPair => sets.Count > 1;

    public Fragment Draw(string id, string title, IReadOnlyList<FeatureRow> rows, bool isNumber)
    {
        if (rows.Count == 0)
            return Fragment.None;
        var columns = isNumber ? NumberColumns : TextColumns;
        return Fragment.Of($"""
            <section id="{id}" class="features"><h2>{title} <span class="n">{rows.Count}</span></h2>
            <table><thead><tr>{Head("feature", "name")}{(IsPair ? Fragment.Of($"<th scope=\"col\" class=\"key\">set</th>") : Fragment.None)}{Head(columns[0].Title, columns[0].Key)}{Head("missing", "missing")}{Fragment.Join(columns.Skip(1).Select(column => Head(column.Title, column.Key)))}{(IsPair ? Head("distance", "drift") : Fragment.None)}<th scope="col" class="chart">{(isNumber ? "distribution" : "values")}</th></tr></thead>
            {Fragment.Join(rows.Select(row => Body(row, columns, isNumber)))}</table><p class="none" hidden>No feature matches.</p></section>

            """);
    }

    static Fragment Head(string title, string key) => Fragment.Of($"<th scope=\"col\" class=\"{key}\"><button type=\"button\" data-by=\"{key}\">{title}</button></th>");

    Fragment Body(FeatureRow row, FigureColumn[] columns, bool isNumber)
    {
        var columnCount = columns.Length + 3 + (IsPair ? 2 : 0);
        var body = new MarkupBuilder();
        body.Add($"<tbody id=\"f{row.Order}\" class=\"f\" data-name=\"{VisibleText.Of(row.Name)}\" data-kind=\"{Kind(row.Main)}\"{Keys(row, columns)}>");
        for (var index = 0; index < sets.Count; index++)
        {
            body.Add($"<tr class=\"{(index == 0 ? "first" : "next")}\">");
            if (index == 0)
                body.Add($"<th scope=\"row\" rowspan=\"{sets.Count}\" class=\"name\">{details.Title(row)}</th>");
            body.Add($"{Cells(row.Sets[index], index, columns)}");
            if (index == 0)
                body.Add($"{(IsPair ? Distance(row) : Fragment.None)}<td class=\"chart\" rowspan=\"{sets.Count}\">{details.Chart(row, isNumber)}</td>");
            body.Add($"</tr>");
        }

        body.Add($"<tr class=\"more\"><td colspan=\"{columnCount}\"><details><summary>more about <bdi>{VisibleText.Name(row.Name, 60)}</bdi></summary>{details.Draw(row)}</details></td></tr></tbody>\n");
        return body.ToFragment();
    }

    Fragment Cells(FeatureView? feature, int set, FigureColumn[] columns)
    {
        var key = IsPair ? Fragment.Of($"<td class=\"key\"><i class=\"s{set}\"></i><bdi>{VisibleText.Name(sets[set], 40)}</bdi></td>") : Fragment.None;
        if (feature is null)
            return Fragment.Of($"{key}<td class=\"lacks\" colspan=\"{columns.Length + 1}\">not in this set</td>");
        return Fragment.Of($"{key}{Figure(feature, columns[0])}{Missing(feature)}{Fragment.Join(columns.Skip(1).Select(column => Figure(feature, column)))}");
    }

    static Fragment Figure(FeatureView feature, FigureColumn column)
    {
        var (plain, weighted) = (column.Text(feature), feature.Weighted is { } weights ? column.ByWeight?.Invoke(weights) : null);
        var text = weighted is null ? Fragment.Of($"<bdi>{plain}</bdi>") : Fragment.Of($"<bdi class=\"uw\">{plain}</bdi><bdi class=\"wt\">{weighted}</bdi>");
        return Fragment.Of($"<td class=\"{column.Key}\" data-label=\"{column.Title}\">{text}</td>");
    }

    static Fragment Missing(FeatureView feature)
    {
        var text = Share(feature.MissingShare);
        if (feature.Weighted is { } weighted)
        {
            var all = weighted.Present + weighted.Missing;
            text = Fragment.Of($"<span class=\"uw\">{text}</span><span class=\"wt\">{Share(all <= 0 ? 0 : weighted.Missing / all)}</span>");
        }

        return Fragment.Of($"<td class=\"missing{(feature.MissingShare >= Remark.MuchMissing ? " high" : "")}\" data-label=\"missing\" title=\"{FigureText.Count(feature.Missing)} examples\">{text}</td>");

        static Fragment Share(double share) => share == 0
            ? Fragment.Of($"<span class=\"no\">0 %</span>")
            : Fragment.Of($"{FigureText.Percent(share)}<span class=\"meter\"><i style=\"--w:{share * BarWidth}%\"></i></span>");
    }

    Fragment Distance(FeatureRow row)
    {
        var text = row.Distance?.Distance is { } distance
            ? Fragment.Of($"<span class=\"{(distance >= Remark.MuchDrift ? "high" : "")}\">{Written(distance)}</span><small>{(row.Distance.Measure == "js" ? "JS" : "L∞")}</small><span class=\"meter drift\"><i style=\"--w:{distance * BarWidth}%\"></i></span>")
            : Fragment.Of($"<span class=\"no\">–</span>");
        return Fragment.Of($"<td class=\"drift\" rowspan=\"{sets.Count}\" data-label=\"distance\">{text}</td>");
    }

    public static string Written(double distance) => distance is > 0 and < 0.0005 ? "< 0.001" : FigureText.Number(Math.Round(distance, 3));

    static string Kind(FeatureView feature) => feature.Type.ToString().ToLowerInvariant() + (feature.IsList ? " list" : "");

    /// <summary>What the script sorts by; of several sets the greatest value, so that nothing hides behind the first.</summary>
    static Fragment Keys(FeatureRow row, FigureColumn[] columns)
    {
        var keys = columns.Select(column => (column.Key, Value: Greatest(column.Value)))
            .Append(("missing", Greatest(feature => feature.MissingShare)))
            .Append(("uneven", Greatest(feature => feature.NonUniformity)))
            .Append(("drift", row.Distance?.Drift));
        return Fragment.Join(keys.Where(key => key.Item2 is not null).Select(key => Fragment.Of($" data-{key.Item1}=\"{key.Item2!.Value.ToString("R", CultureInfo.InvariantCulture)}\"")));

        double? Greatest(Func<FeatureView, double?> value) => row.Sets.OfType<FeatureView>().Select(value).Max();
    }
}
