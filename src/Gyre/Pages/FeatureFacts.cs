using System.Globalization;
using Gyre.Statistics;

namespace Gyre.Pages;

/// <summary>A figure of a feature with its name.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Text">The figure, written for people.</param>
/// <param name="IsBad">Whether it should catch the eye.</param>
public sealed record Fact(string Name, string Text, bool IsBad = false);

/// <summary>The figures of features in words, in one order for all views.</summary>
public static class FeatureFacts
{
    const int ShownLifts = 3;

    /// <summary>All single figures that a feature has.</summary>
    public static IReadOnlyList<Fact> Of(FeatureView feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        var facts = new List<Fact>
        {
            new("count", FigureText.Count(feature.Present)),
            new("missing", $"{FigureText.Count(feature.Missing)} ({FigureText.Percent(feature.MissingShare)})", feature.MissingShare >= Remark.MuchMissing),
        };
        if (feature.IsList)
        {
            Add("values", FigureText.Count(feature.Values));
            Add("values in an example", $"{FigureText.Number(feature.FewestValues)} … {FigureText.Number(feature.MostValues)}, {FigureText.Number(feature.AverageValues)} on average");
        }

        foreach (var (index, level) in feature.Levels.Skip(1).Index())
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"level {index + 2}"),
                $"{FigureText.Count(level.Present)} present, {FigureText.Count(level.Missing)} missing, {FigureText.Count(level.FewestValues)} … {FigureText.Count(level.MostValues)} values, {FigureText.Count(level.Values)} in all");
        }

        AddNumber("mean", feature.Mean);
        AddNumber("standard deviation", feature.StandardDeviation);
        AddNumber("min", feature.Min);
        AddNumber("median", feature.Median);
        AddNumber("max", feature.Max);
        if (feature.Zeros is { } zeros)
            Add("zeros", $"{FigureText.Count(zeros)} ({FigureText.Percent((double)zeros / Math.Max(1, feature.Values))})");
        if (feature.NotNumbers > 0)
            facts.Add(new Fact("no numbers (NaN)", FigureText.Count(feature.NotNumbers.Value), IsBad: true));
        if (feature.Infinities > 0)
            facts.Add(new Fact("infinite", FigureText.Count(feature.Infinities.Value), IsBad: true));
        if (feature.Unique is { } unique)
            Add("distinct", FigureText.Count(unique));
        if (feature.AverageLength is { } length)
            Add("average length", FigureText.Number(length));
        if (feature.MaxLength is { } longest)
            Add("lengths", $"{FigureText.Number(feature.MinLength)} … {FigureText.Number(longest)} bytes");
        if (feature.InvalidTexts > 0)
            facts.Add(new Fact("not valid UTF-8", FigureText.Count(feature.InvalidTexts.Value), IsBad: true));
        if (feature.NonUniformity is { } uneven)
            Add("non-uniformity", FigureText.Number(Math.Round(uneven, 4)));
        foreach (var custom in feature.Custom.Where(custom => custom.Number is not null || custom.Text is not null))
            Add(VisibleText.Name(custom.Name), custom.Text is { } text ? VisibleText.Of(text) : FigureText.Number(custom.Number));
        return facts;

        void Add(string name, string text) => facts.Add(new Fact(name, text));

        void AddNumber(string name, double? value)
        {
            if (value is not null)
                Add(name, FigureText.Number(value));
        }
    }

    /// <summary>All single figures by weight.</summary>
    public static IReadOnlyList<Fact> Of(WeightedView weighted)
    {
        ArgumentNullException.ThrowIfNull(weighted);
        var all = weighted.Present + weighted.Missing;
        (string Name, string? Text)[] facts =
        [
            ("count", FigureText.Number(weighted.Present)),
            ("missing", $"{FigureText.Number(weighted.Missing)} ({FigureText.Percent(all <= 0 ? 0 : weighted.Missing / all)})"),
            ("mean", weighted.Mean is { } mean ? FigureText.Number(mean) : null),
            ("standard deviation", weighted.StandardDeviation is { } deviation ? FigureText.Number(deviation) : null),
            ("median", weighted.Median is { } median ? FigureText.Number(median) : null),
        ];
        return [.. facts.Where(fact => fact.Text is not null).Select(fact => new Fact(fact.Name, fact.Text!))];
    }

    /// <summary>The bounds of ranges of equal count: the least value, the quantiles, the greatest.</summary>
    public static IReadOnlyList<Fact> Quantiles(IReadOnlyList<HistogramBucket> quantiles)
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        return quantiles.Count == 0 ? [] :
        [
            new Fact("0 %", FigureText.Number(quantiles[0].Low)),
            .. quantiles.Select((bucket, index) => new Fact(FigureText.Percent((index + 1.0) / quantiles.Count), FigureText.Number(bucket.High))),
        ];
    }

    /// <summary>The bounds of a range.</summary>
    public static string Range(HistogramBucket bucket)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        return bucket.Low == bucket.High ? FigureText.Number(bucket.Low) : $"{FigureText.Number(bucket.Low)} … {FigureText.Number(bucket.High)}";
    }

    /// <summary>What was counted of a pair of features.</summary>
    public static string Relation(PairView pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return pair.Correlation is { } correlation
            ? $"correlation {FigureText.Number(Math.Round(correlation, 4))}, covariance {FigureText.Number(pair.Covariance)}"
            : string.Join(", ", pair.Lifts.Take(ShownLifts).Select(lift => $"'{VisibleText.Of(lift.X, 24)}' with '{VisibleText.Of(lift.Y, 24)}' × {FigureText.Number(Math.Round(lift.Lift, 3))}{(lift.IsWeighted ? " by weight" : "")}"));
    }
}
