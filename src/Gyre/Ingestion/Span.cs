namespace Gyre.Ingestion;

/// <summary>
/// Which spans of data to read. A span is a delivery of data, numbered by <c>{SPAN}</c>, or by its date, in the path of its files; a
/// version is a re-delivery of it.
/// </summary>
public static class Span
{
    static readonly DateOnly Epoch = new(1970, 1, 1);

    /// <summary>The newest span, and of it the newest version.</summary>
    public static SpanSelection Latest { get; } = new RollingSpans(1, 0, [], 0);

    /// <summary>One span.</summary>
    public static SpanSelection Of(long span) => new SpanRange(span, span, []);

    /// <summary>The spans from <paramref name="first"/> to <paramref name="last"/>, both included, as far as there are any.</summary>
    /// <param name="first">The number of the first span.</param>
    /// <param name="last">The number of the last.</param>
    /// <param name="exclude">Spans that are left out.</param>
    public static SpanSelection Range(long first, long last, params IReadOnlyList<long> exclude) => new SpanRange(first, last, exclude);

    /// <summary>The newest spans, so that the window moves on with every new one. At first there may be fewer.</summary>
    /// <param name="count">How many spans that there are.</param>
    /// <param name="skipRecent">How many of the newest are not taken, for example because their labels are still to come.</param>
    /// <param name="exclude">Spans that are left out of the window afterwards; no older ones take their place.</param>
    /// <param name="start">Spans before this one are never taken.</param>
    public static SpanSelection Rolling(int count, int skipRecent = 0, IReadOnlyList<long>? exclude = null, long start = 0) =>
        new RollingSpans(count, skipRecent, exclude ?? [], start);

    /// <summary>The number of a day's span in paths with <c>{YYYY}</c>, <c>{MM}</c> and <c>{DD}</c>: days since 1970-01-01, as in TFX.</summary>
    public static long Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber - Epoch.DayNumber;

    /// <summary>The number of a month's span in paths with <c>{YYYY}</c> and <c>{MM}</c>: months since 1970-01.</summary>
    public static long Month(int year, int month) => ((new DateOnly(year, month, 1).Year - Epoch.Year) * 12L) + month - 1;
}

/// <summary>A choice of spans. Made by the methods of <see cref="Span"/>.</summary>
public abstract record SpanSelection
{
    private protected SpanSelection()
    {
    }

    /// <summary>The version to take of every span; null for the newest.</summary>
    public long? Version { get; init; }

    /// <summary>Whether it may choose more than one.</summary>
    internal abstract bool IsWindow { get; }

    /// <summary>The choice in words, to follow «expected».</summary>
    internal abstract string InWords { get; }

    /// <summary>A chosen version of every span, instead of the newest.</summary>
    public SpanSelection WithVersion(long version) => this with { Version = version };

    /// <summary>The chosen ones of the spans that there are.</summary>
    /// <param name="spans">Their numbers, rising.</param>
    internal abstract IReadOnlyList<long> Choose(IReadOnlyList<long> spans);

    /// <summary>Everything that is wrong with the choice by itself.</summary>
    internal IEnumerable<string> Problems() => OwnProblems().Concat(
        Version < 0 ? [$"Spans asks for version {Version}. Expected 0 or more, or null for the newest."] : []);

    private protected abstract IEnumerable<string> OwnProblems();

    private protected static string Without(IReadOnlyList<long> exclude) => exclude.Count == 0 ? "" : $", without {string.Join(", ", exclude)}";
}

/// <summary>The spans of a fixed range.</summary>
sealed record SpanRange(long First, long Last, IReadOnlyList<long> Exclude) : SpanSelection
{
    internal override bool IsWindow => First != Last;

    internal override string InWords => First == Last ? $"span {First}" : $"spans {First} to {Last}{Without(Exclude)}";

    internal override IReadOnlyList<long> Choose(IReadOnlyList<long> spans) =>
        [.. spans.Where(span => span >= First && span <= Last && !Exclude.Contains(span))];

    private protected override IEnumerable<string> OwnProblems()
    {
        if (First < 0)
            yield return $"Spans begins at span {First}. Expected 0 or more.";
        if (Last < First)
            yield return $"Spans reaches from span {First} to span {Last}. Expected the first to be before the last: Span.Range({Last}, {First}).";
        foreach (var span in Exclude.Where(span => span < First || span > Last))
            yield return $"Spans leaves out span {span}, which is not among {First} to {Last}. Expected spans of that range.";
        if (Last >= First && Last - First < Exclude.Count && Exclude.Distinct().Count() == Last - First + 1)
            yield return $"Spans leaves out all of the spans {First} to {Last}. Expected at least one that is left.";
    }
}

/// <summary>The newest spans.</summary>
sealed record RollingSpans(int Count, int SkipRecent, IReadOnlyList<long> Exclude, long Start) : SpanSelection
{
    internal override bool IsWindow => Count > 1;

    internal override string InWords => Count == 1 && SkipRecent == 0 && Exclude.Count == 0 && Start == 0
        ? "the newest span"
        : $"the newest {Count} spans{(SkipRecent > 0 ? $" before the last {SkipRecent}" : "")}{(Start > 0 ? $" from span {Start} on" : "")}{Without(Exclude)}";

    internal override IReadOnlyList<long> Choose(IReadOnlyList<long> spans) =>
        [.. spans.Where(span => span >= Start).SkipLast(SkipRecent).TakeLast(Count).Where(span => !Exclude.Contains(span))];

    private protected override IEnumerable<string> OwnProblems()
    {
        if (Count < 1)
            yield return $"Spans takes a window of {Count} spans. Expected at least 1.";
        if (SkipRecent < 0)
            yield return $"Spans skips {SkipRecent} of the newest spans. Expected 0 or more.";
        if (Start < 0)
            yield return $"Spans starts at span {Start}. Expected 0 or more.";
        foreach (var span in Exclude.Where(span => span < 0))
            yield return $"Spans leaves out span {span}. Expected numbers of 0 or more.";
    }
}
