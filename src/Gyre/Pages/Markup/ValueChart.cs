using Gyre.Statistics;

namespace Gyre.Pages.Markup;

/// <summary>The listed values of a text in one set, ready to be drawn.</summary>
/// <param name="Top">The most frequent values.</param>
/// <param name="Ranks">All listed values by rank.</param>
/// <param name="Total">How many values there are in all.</param>
/// <param name="Unique">How many distinct ones.</param>
sealed record ValueSeries(IReadOnlyList<ValueFrequency> Top, IReadOnlyList<RankedValues> Ranks, double Total, long? Unique)
{
    /// <summary>Whether the set lacks the feature, or the feature has no values.</summary>
    public bool IsEmpty => Top.Count == 0 && Ranks.Count == 0;

    public double ShareOf(string value) => Shares.GetValueOrDefault(value);

    public Dictionary<string, double> Shares { get; } = Top.Select(top => (top.Value, top.Count))
        .Concat(Ranks.Where(rank => rank.Low == rank.High).Select(rank => (Value: rank.Label, rank.Count)))
        .DistinctBy(pair => pair.Value, StringComparer.Ordinal)
        .ToDictionary(pair => pair.Value, pair => Total <= 0 ? 0 : Math.Min(1, pair.Count / Total), StringComparer.Ordinal);
}

/// <summary>The frequent values of a text in one or more sets: as bars, and as the share that the most frequent ones hold together.</summary>
sealed class ValueChart(IReadOnlyList<string> names, IReadOnlyList<ValueSeries> sets)
{
    const int ShownValues = 6;
    const int ShownOfSeveral = 5;
    const int LongestLabel = 80;
    const double Width = 300;
    const double Height = 84;

    /// <summary>A bar over the full width means at least this share, so that rare values look rare.</summary>
    const double LeastFullBar = 0.1;

    /// <summary>Ranks at which the curve is drawn: some to each power of ten.</summary>
    const double RankStep = 1.25;

    public Fragment Draw() => sets.All(set => set.IsEmpty)
        ? Fragment.Of($"<div class=\"empty\">no values to draw</div>")
        : Fragment.Of($"<div class=\"vals\">{Bars(sets.Count > 1 ? ShownOfSeveral : ShownValues)}</div><div class=\"cum\">{Curve()}</div>");

    /// <summary>The values that all sets together have most, most frequent first.</summary>
    public IEnumerable<string> Values => sets.SelectMany(set => set.Top).Select(top => top.Value).Distinct(StringComparer.Ordinal)
        .OrderByDescending(value => sets.Max(set => set.ShareOf(value)));

    /// <summary>A line for each value with a bar for each set.</summary>
    public Fragment Bars(int shown)
    {
        var values = Values.Take(shown).ToList();
        var full = Math.Max(LeastFullBar, values.Select(value => sets.Max(set => set.ShareOf(value))).DefaultIfEmpty(0).Max());
        var lines = values.Select(value => Fragment.Of(
            $"<div class=\"val\"><bdi class=\"lab\">{VisibleText.Name(value, LongestLabel)}</bdi><span class=\"bars\">{Fragment.Join(sets.Select((set, index) => Bar(set.ShareOf(value), full, index)))}</span></div>"));
        return Fragment.Of($"{Fragment.Join(lines)}{Rest(values)}");
    }

    Fragment Bar(double share, double full, int index) => sets[index].IsEmpty ? Fragment.None : Fragment.Of(
        $"<span class=\"bar\"><i class=\"s{index}{(share > 0 ? "" : " zero")}\" style=\"--w:{share / full * 100}%;--l:{NumberChart.Logarithmic(share / full) * 100}%\"></i><b>{FigureText.Percent(share)}</b></span>");

    /// <summary>What is not shown, as a number: as a bar it would dwarf the others.</summary>
    Fragment Rest(List<string> shown)
    {
        var lines = sets.Select((set, index) => (Index: index, Left: (set.Unique ?? set.Top.Count) - shown.Count(set.Shares.ContainsKey), Share: 1 - shown.Sum(set.ShareOf)))
            .Where(rest => rest.Left > 0 && rest.Share > 0)
            .Select(rest => $"{(names.Count > 1 ? VisibleText.Of(names[rest.Index], 24) + ": " : "")}{FigureText.Count(rest.Left)} more, {FigureText.Percent(Math.Max(0, rest.Share))}").ToList();
        return lines.Count == 0 ? Fragment.None : Fragment.Of($"<div class=\"rest\">{string.Join(" · ", lines)}</div>");
    }

    Fragment Curve()
    {
        var most = Math.Max(2, sets.Max(set => Math.Max(set.Unique ?? 0, set.Ranks.Select(rank => rank.High + 1).DefaultIfEmpty(set.Top.Count).Max())));
        var lines = sets.Select((set, index) =>
        {
            var path = new MarkupBuilder();
            path.Add($"M0 {Height}");
            foreach (var rank in Ranks(most))
                path.Add($"L{X(rank, most)} {Y(Together(set, rank))}");
            return Fragment.Of($"<path class=\"line s{index}\" d=\"{path.ToFragment()}\"/>");
        });
        var marks = Marks(most).ToList();
        var hits = marks.Select((rank, place) =>
        {
            var (left, right) = (place == 0 ? 0 : X(marks[place - 1], most), X(rank, most));
            var text = sets.Select((set, index) => $"{(names.Count > 1 ? names[index] + ": " : "")}the {FigureText.Count(rank)} most frequent values hold {FigureText.Percent(Together(set, rank))}");
            return Fragment.Of($"<rect class=\"hit\" x=\"{left}\" y=\"0\" width=\"{right - left}\" height=\"{Height}\"><title>{string.Join('\n', text)}</title></rect>");
        });
        return Fragment.Of(
            $"<svg class=\"num\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Share that the most frequent values hold together\">{Fragment.Join(lines)}{Fragment.Join(hits)}</svg><div class=\"axis\"><span>rank 1</span><span>{FigureText.Count(most)}</span></div>");
    }

    static double X(double rank, double most) => Math.Log(rank) / Math.Log(most) * Width;

    static double Y(double share) => 2 + ((1 - Math.Clamp(share, 0, 1)) * (Height - 4));

    static IEnumerable<double> Ranks(double most)
    {
        for (var rank = 1.0; rank < most; rank = Math.Max(rank + 1, Math.Floor(rank * RankStep)))
            yield return rank;
        yield return most;
    }

    static IEnumerable<double> Marks(double most)
    {
        for (var power = 1.0; power * 3 < most; power *= 10)
        {
            yield return power * 3;
            if (power * 10 < most)
                yield return power * 10;
        }

        yield return most;
    }

    /// <summary>The share that the most frequent values hold; beyond those listed it rises evenly to 1.</summary>
    static double Together(ValueSeries set, double rank)
    {
        if (set.Total <= 0)
            return 0;
        var (held, listed) = (0.0, 0.0);
        var ranks = set.Ranks.Count > 0 ? set.Ranks : [.. set.Top.Select((top, index) => new RankedValues(index, index, top.Value, top.Count))];
        foreach (var bucket in ranks)
        {
            var part = Math.Clamp((rank - bucket.Low) / (bucket.High - bucket.Low + 1), 0, 1);
            held += bucket.Count * part;
            listed = bucket.High + 1;
        }

        var share = held / set.Total;
        return rank <= listed || set.Unique is not { } unique || unique <= listed ? share : share + ((1 - share) * Math.Clamp((rank - listed) / (unique - listed), 0, 1));
    }
}
