namespace Gyre.Pages;

/// <summary>How much a remark matters.</summary>
public enum RemarkWeight
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>Probably not what somebody wants.</summary>
    Warning,
}

/// <summary>Something that stands out in data.</summary>
/// <param name="Weight">How much it matters.</param>
/// <param name="Features">The features it is about; none when it is the data set as a whole.</param>
/// <param name="Text">What was found.</param>
public sealed record Remark(RemarkWeight Weight, IReadOnlyList<string> Features, string Text)
{
    /// <summary>From this share on, missing values stand out.</summary>
    public const double MuchMissing = 0.2;

    /// <summary>From this distance on, or this change of what is missing, two sets differ noticeably.</summary>
    public const double MuchDrift = 0.1;

    const double MissingPoints = 0.05;

    /// <summary>What stands out in one data set, the weightiest first.</summary>
    public static IReadOnlyList<Remark> Of(DataSetView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var remarks = new List<Remark>();
        if (data.Examples == 0)
            remarks.Add(new Remark(RemarkWeight.Warning, [], "There are no examples."));
        Group(RemarkWeight.Warning, feature => feature is { Values: 0 } and not { Type: Statistics.FeatureValues.Structure } && feature.Present + feature.Missing > 0, "never has a value", "never have a value");
        Group(RemarkWeight.Warning, feature => feature.Values > 0 && feature.MissingShare >= MuchMissing, "is often missing", "are often missing",
            feature => $"{VisibleText.Name(feature.Name)} {FigureText.Percent(feature.MissingShare)}");
        Group(RemarkWeight.Warning, feature => feature.NotNumbers > 0 || feature.Infinities > 0, "has values that are no numbers or infinite", "have values that are no numbers or infinite");
        Group(RemarkWeight.Warning, feature => feature.InvalidTexts > 0, "has texts that are not valid UTF-8", "have texts that are not valid UTF-8");
        Group(RemarkWeight.Note, feature => data.Examples > 1 && feature.Present > 1 && (feature.Unique == 1 || (feature.Min is { } min && min == feature.Max)), "has one value only", "have one value only");
        Group(RemarkWeight.Note, feature => data.Examples > 1 && feature.Present > 1 && feature.Unique == feature.Values && feature.Unique > 1, "has another value in every example: a name or a free text", "have another value in every example: names or free texts");
        return remarks;

        void Group(RemarkWeight weight, Func<FeatureView, bool> stands, string one, string many, Func<FeatureView, string>? name = null)
        {
            var found = data.Features.Where(stands).ToList();
            if (found.Count > 0)
                remarks.Add(new Remark(weight, [.. found.Select(feature => feature.Name)], $"{FigureText.List([.. found.Select(name ?? (feature => VisibleText.Name(feature.Name)))])} {(found.Count == 1 ? one : many)}."));
        }
    }

    /// <summary>What stands out between two data sets, the weightiest first.</summary>
    public static IReadOnlyList<Remark> Of(SideBySide comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (first, second) = (comparison.First, comparison.Second);
        var remarks = new List<Remark>();
        var onlyFirst = comparison.Features.Where(pair => pair.Second is null).Select(pair => pair.First!).ToList();
        var onlySecond = comparison.Features.Where(pair => pair.First is null).Select(pair => pair.Second!).ToList();
        if (HeaderTakenForData.Find(first, onlyFirst, second, onlySecond) is { } header)
        {
            remarks.Add(header);
        }
        else
        {
            Lacking(second, onlyFirst);
            Lacking(first, onlySecond);
        }

        var both = comparison.Features.Where(pair => pair is { First: not null, Second: not null }).ToList();
        remarks.AddRange(both.Where(pair => pair.First!.Type != pair.Second!.Type).Select(pair => new Remark(
            RemarkWeight.Warning, [pair.Name], $"{VisibleText.Name(pair.Name)} is {Word(pair.First!)} in {Called(first)} and {Word(pair.Second!)} in {Called(second)}.")));
        Several(both.Where(pair => pair.Distance >= MuchDrift), pair => $"{VisibleText.Name(pair.Name)} {FigureText.Number(Math.Round(pair.Distance ?? 0, 3))}", "Distributed differently");
        Several(both.Where(pair => Math.Abs(pair.MissingChange) >= MissingPoints),
            pair => $"{VisibleText.Name(pair.Name)} {FigureText.Percent(pair.First!.MissingShare)} → {FigureText.Percent(pair.Second!.MissingShare)}", "Missing more or less often");
        Several(both.Where(pair => pair.Appeared.Count > 0), pair => $"{VisibleText.Name(pair.Name)} ({Values(pair.Appeared)})", $"With frequent values that {Called(first)} lacks");
        Several(both.Where(pair => pair.Vanished.Count > 0), pair => $"{VisibleText.Name(pair.Name)} ({Values(pair.Vanished)})", $"With frequent values that {Called(second)} lacks");
        return remarks;

        void Lacking(DataSetView set, List<FeatureView> features)
        {
            if (features.Count > 0)
                remarks.Add(new Remark(RemarkWeight.Warning, [.. features.Select(feature => feature.Name)], $"{Called(set)} lacks {FigureText.List([.. features.Select(feature => VisibleText.Name(feature.Name))])}."));
        }

        void Several(IEnumerable<FeaturePair> pairs, Func<FeaturePair, string> text, string title)
        {
            var found = pairs.ToList();
            if (found.Count > 0)
                remarks.Add(new Remark(RemarkWeight.Warning, [.. found.Select(pair => pair.Name)], $"{title}: {FigureText.List([.. found.Select(text)])}."));
        }
    }

    internal static string Called(DataSetView set) => set.Name.Length == 0 ? "the other set" : VisibleText.Of(set.Name);

    static string Values(IReadOnlyList<Statistics.ValueFrequency> values) => FigureText.List([.. values.Select(value => $"'{VisibleText.Of(value.Value, 24)}'")], 2);

    static string Word(FeatureView feature) => feature.Type.ToString().ToLowerInvariant();
}
