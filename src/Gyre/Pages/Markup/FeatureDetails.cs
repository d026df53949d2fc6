using Gyre.Statistics;

namespace Gyre.Pages.Markup;

/// <summary>What a page shows of one feature: its name, its picture, and all its figures when it is opened.</summary>
/// <param name="sets">The data sets of the page.</param>
/// <param name="labels">What the sets are called, in short.</param>
/// <param name="anomalies">What validation found, by feature.</param>
sealed class FeatureDetails(IReadOnlyList<DataSetView> sets, IReadOnlyList<string> labels, ILookup<string, AnomalyNote> anomalies)
{
    const int ShownValues = 20;
    const int ShownPairs = 12;
    const int LongestName = 200;

    public Fragment Title(FeatureRow row)
    {
        var marks = Fragment.Join(row.Sets.OfType<FeatureView>().SelectMany(Marks).Distinct(StringComparer.Ordinal).Select(mark => Fragment.Of($"<span class=\"tag warn\">{mark}</span>")));
        var found = anomalies[row.Name].ToList();
        var note = found.Count == 0 ? Fragment.None : Fragment.Of($"<a class=\"tag {(found.Exists(each => each.IsError) ? "bad" : "warn")}\" href=\"#anomalies\">{(found.Count == 1 ? "anomaly" : $"{found.Count} anomalies")}</a>");
        var types = string.Join(" → ", row.Sets.OfType<FeatureView>().Select(TypeOf).Distinct(StringComparer.Ordinal));
        return Fragment.Of($"<bdi class=\"title\">{VisibleText.Name(row.Name, LongestName)}</bdi><span class=\"type\">{types}</span>{note}{marks}");
    }

    static IEnumerable<string> Marks(FeatureView feature)
    {
        if (feature is { Values: 0 } and not { Type: FeatureValues.Structure })
            yield return "no values";
        if (feature.NotNumbers > 0)
            yield return $"{FigureText.Count(feature.NotNumbers.Value)} NaN";
        if (feature.Infinities > 0)
            yield return $"{FigureText.Count(feature.Infinities.Value)} infinite";
        if (feature.InvalidTexts > 0)
            yield return $"{FigureText.Count(feature.InvalidTexts.Value)} not UTF-8";
        if (feature.Values > 1 && (feature.Unique == 1 || (feature.Min is { } min && min == feature.Max)))
            yield return "constant";
    }

    static string TypeOf(FeatureView feature) => (feature.IsList ? "list of " : "") + feature.Type.ToString().ToLowerInvariant();

    public Fragment Chart(FeatureRow row, bool isNumber)
    {
        var plain = isNumber
            ? new NumberChart(labels, [.. row.Sets.Select(set => set?.Histogram ?? [])], [.. row.Sets.Select(set => set?.Quantiles ?? [])]).Draw()
            : new ValueChart(labels, [.. row.Sets.Select(Series)]).Draw();
        if (row.Sets.All(set => set?.Weighted is null))
            return plain;
        var weighted = isNumber
            ? new NumberChart(labels, [.. row.Sets.Select(set => set?.Weighted?.Histogram ?? [])], [.. row.Sets.Select(set => set?.Weighted?.Quantiles ?? [])]).Draw()
            : new ValueChart(labels, [.. row.Sets.Select(ByWeight)]).Draw();
        return Fragment.Of($"<div class=\"uw\">{plain}</div><div class=\"wt\">{weighted}</div>");
    }

    static ValueSeries Series(FeatureView? feature) => new(feature?.TopValues ?? [], feature?.Ranks ?? [], Math.Max(1.0, feature?.Values ?? 0), feature?.Unique ?? 0);

    static ValueSeries ByWeight(FeatureView? feature) => new(feature?.Weighted?.TopValues ?? [], feature?.Weighted?.Ranks ?? [], feature?.Weighted?.Present ?? 0, feature?.Unique ?? 0);

    public Fragment Draw(FeatureRow row)
    {
        var found = anomalies[row.Name].Select(note => Fragment.Of($"<p class=\"{(note.IsError ? "bad" : "warn")}\">{note.Set}: {note.Text}</p>"));
        return Fragment.Of($"<div class=\"detail\">{Fragment.Join(found)}{Figures(row)}{Quantiles(row)}{Values(row)}{Lengths(row)}{Fragment.Join(Custom(row))}{Pairs(row)}</div>");
    }

    Fragment Figures(FeatureRow row)
    {
        var facts = row.Sets.Select(set => set is null ? [] : FeatureFacts.Of(set).Concat(set.Weighted is { } weighted ? FeatureFacts.Of(weighted).Select(fact => fact with { Name = $"{fact.Name} by weight" }) : []).ToList()).ToList();
        return Table("figures", [.. facts.Cast<IReadOnlyList<Fact>>()]);
    }

    Fragment Quantiles(FeatureRow row) => row.Sets.All(set => set is null || set.Quantiles.Count == 0)
        ? Fragment.None
        : Table("quantiles", [.. row.Sets.Select(set => FeatureFacts.Quantiles(set?.Quantiles ?? []))]);

    Fragment Values(FeatureRow row)
    {
        var series = row.Sets.Select(Series).ToList();
        return series.TrueForAll(set => set.Top.Count == 0) ? Fragment.None : Block("most frequent values", new ValueChart(labels, series).Bars(ShownValues));
    }

    Fragment Lengths(FeatureRow row) => row.Sets.Any(set => set is { IsList: true, ValueCounts.Count: > 0 })
        ? Table("values in an example", [.. row.Sets.Select(set => FeatureFacts.Quantiles(set?.ValueCounts ?? []))])
        : Fragment.None;

    IEnumerable<Fragment> Custom(FeatureRow row)
    {
        foreach (var name in row.Sets.OfType<FeatureView>().SelectMany(set => set.Custom).Where(custom => custom.Histogram.Count + custom.Ranks.Count > 0).Select(custom => custom.Name).Distinct(StringComparer.Ordinal))
        {
            var each = row.Sets.Select(set => set?.Custom.FirstOrDefault(custom => custom.Name == name)).ToList();
            yield return Block(VisibleText.Name(name, LongestName), each.Exists(custom => custom?.Histogram.Count > 0)
                ? new NumberChart(labels, [.. each.Select(custom => custom?.Histogram ?? [])], [.. each.Select(_ => (IReadOnlyList<HistogramBucket>)[])]).Draw()
                : new ValueChart(labels, [.. each.Select(custom => Ranked(custom?.Ranks ?? []))]).Bars(ShownValues));
        }
    }

    static ValueSeries Ranked(IReadOnlyList<RankedValues> ranks) =>
        new([.. ranks.Select(rank => new ValueFrequency(rank.Label, rank.Count))], ranks, ranks.Sum(rank => rank.Count), ranks.Count);

    Fragment Pairs(FeatureRow row)
    {
        var pairs = sets.SelectMany(set => set.Pairs.Where(pair => pair.First == row.Name || pair.Second == row.Name).Take(ShownPairs).Select(pair => (Set: set, Pair: pair)))
            .Select(found => Fragment.Of($"<tr><th scope=\"row\"><bdi>{VisibleText.Name(found.Pair.First == row.Name ? found.Pair.Second : found.Pair.First, 60)}</bdi></th>{(sets.Count > 1 ? Fragment.Of($"<td>{found.Set.Name}</td>") : Fragment.None)}<td class=\"text\">{FeatureFacts.Relation(found.Pair)}</td></tr>")).ToList();
        return pairs.Count == 0 ? Fragment.None : Block("together with", Fragment.Of($"<table class=\"facts\">{Fragment.Join(pairs)}</table>"));
    }

    /// <summary>Figures by name, a column for each set.</summary>
    Fragment Table(string title, IReadOnlyList<IReadOnlyList<Fact>> facts)
    {
        var names = facts.SelectMany(each => each).Select(fact => fact.Name).Distinct(StringComparer.Ordinal);
        var head = sets.Count == 1 ? Fragment.None : Fragment.Of($"<tr><td></td>{Fragment.Join(labels.Select((_, index) => Fragment.Of($"<th scope=\"col\"><i class=\"s{index}\"></i><bdi>{VisibleText.Name(labels[index], 40)}</bdi></th>")))}</tr>");
        var rows = names.Select(name => Fragment.Of($"<tr><th scope=\"row\">{name}</th>{Fragment.Join(facts.Select(each => Cell(each.FirstOrDefault(fact => fact.Name == name))))}</tr>"));
        return Block(title, Fragment.Of($"<table class=\"facts\">{head}{Fragment.Join(rows)}</table>"));

        static Fragment Cell(Fact? fact) => Fragment.Of($"<td class=\"{(fact?.IsBad == true ? "high" : "")}\"><bdi>{fact?.Text}</bdi></td>");
    }

    static Fragment Block(string title, Fragment content) => Fragment.Of($"<section><h3>{title}</h3>{content}</section>");
}

/// <summary>An anomaly as pages show it.</summary>
sealed record AnomalyNote(string Set, string Feature, bool IsError, string Types, string Text, IReadOnlyList<string> Rows);
