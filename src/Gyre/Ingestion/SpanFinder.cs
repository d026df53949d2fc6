using System.Globalization;

namespace Gyre.Ingestion;

/// <summary>A file to read.</summary>
/// <param name="Path">Its path, written as the pattern is.</param>
/// <param name="Split">The index of the split that it is, where files are splits; else 0.</param>
readonly record struct SpanPart(string Path, int Split);

/// <summary>The files of one span, in the order in which they are read.</summary>
/// <param name="Span">Its number; 0 where the path tells none.</param>
/// <param name="Version">Its version; 0 where the path tells none.</param>
/// <param name="Files">The files.</param>
sealed record SpanFiles(long Span, long Version, IReadOnlyList<SpanPart> Files);

/// <summary>Finds the files that a path, with a plan of splits and a choice of spans, means.</summary>
static class SpanFinder
{
    const int Shown = 8;

    /// <summary>Everything that is wrong with the three together, before anything is looked for.</summary>
    public static IEnumerable<string> Problems(string path, SplitPlan splits, SpanSelection spans)
    {
        // A plain path is no pattern: most are, and a run that is all cached has no time for regular expressions.
        if (splits is not FolderSplits && spans == Span.Latest && path.AsSpan().IndexOfAny("{}*?") < 0)
            yield break;
        var patterns = Patterns(path, splits).ToList();
        var problems = patterns.SelectMany(pattern => PathPattern.Problems(pattern)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var problem in problems.Concat(spans.Problems()))
            yield return problem;
        if (problems.Count > 0)
            yield break;
        var parsed = patterns.ConvertAll(PathPattern.Parse);
        if (parsed.Select(pattern => (pattern.Form, pattern.HasVersion)).Distinct().Count() > 1)
            yield return $"The paths of the splits number spans in different ways: {string.Join(", ", patterns.Select(pattern => $"'{pattern}'"))}. Expected the same placeholders in all.";
        foreach (var pattern in parsed.Where(pattern => !pattern.HasSpans && spans != Span.Latest).Take(1))
            yield return $"Spans chooses {spans.InWords}, but the path '{pattern.Text}' does not tell spans. Expected {{SPAN}}, or {{YYYY}}{{MM}}{{DD}}, in it, or no choice.";
        foreach (var pattern in parsed.Where(pattern => pattern.HasSpans && !pattern.HasVersion && spans.Version is not null).Take(1))
            yield return $"Spans asks for version {spans.Version}, but the path '{pattern.Text}' does not tell versions. Expected {{VERSION}} in it, or no choice.";
        if (spans.IsWindow && splits.WhyOneSpan is { } reason)
            yield return $"Spans chooses {spans.InWords}, which cannot be split so: {reason}.";
    }

    /// <summary>
    /// The chosen spans with their files, the oldest span first. A path without placeholders that means no file is returned
    /// itself, so that whoever opens it names it as missing.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no such file or span, or it cannot be told which is meant.</exception>
    public static IReadOnlyList<SpanFiles> Find(string path, SplitPlan splits, SpanSelection spans)
    {
        var patterns = Patterns(path, splits).ToList();
        if (splits is not FolderSplits && File.Exists(path))
            return [new SpanFiles(0, 0, [new SpanPart(path, 0)])];
        var parsed = patterns.ConvertAll(PathPattern.Parse);
        var found = parsed.ConvertAll(pattern => pattern.Find());
        if (parsed.TrueForAll(pattern => !pattern.HasSpans))
            return [new SpanFiles(0, 0, [.. found.SelectMany((files, split) => files.Count > 0 ? files.Select(file => new SpanPart(file.Path, split)) : [new SpanPart(patterns[split], split)])])];
        for (var split = 0; split < parsed.Count; split++)
        {
            if (found[split].Count == 0)
                throw new InvalidDataException(NothingFound(parsed[split]));
        }

        var all = found.SelectMany(files => files.Select(file => file.Span)).Distinct().Order().ToList();
        var chosen = spans.Choose(all);
        if (chosen.Count == 0)
        {
            throw new InvalidDataException(
                $"The path '{path}' has no {spans.InWords}. There are the spans {Some(all, parsed[0])}. Expected at least one of those asked for: wait for it, or change Spans.");
        }

        return [.. chosen.Select(span => FilesOf(span, spans.Version, parsed, found))];
    }

    /// <summary>The paths of all files of the chosen spans, in the order in which they are read.</summary>
    /// <exception cref="InvalidDataException">There is no such file or span, or it cannot be told which is meant.</exception>
    public static IReadOnlyList<string> Paths(string path, SplitPlan splits, SpanSelection spans) =>
        [.. Find(path, splits, spans).SelectMany(span => span.Files).Select(file => file.Path)];

    /// <summary>Whether the path tells spans.</summary>
    public static bool TellsSpans(string path, SplitPlan splits) => !(splits is not FolderSplits && File.Exists(path)) && Patterns(path, splits).Any(pattern => PathPattern.Parse(pattern).HasSpans);

    static IEnumerable<string> Patterns(string path, SplitPlan splits) =>
        splits is FolderSplits folders ? folders.Folders.Select(split => Path.Join(path, split.Pattern)) : [path];

    static SpanFiles FilesOf(long span, long? version, List<PathPattern> patterns, List<IReadOnlyList<FoundFile>> found)
    {
        var there = found.SelectMany(files => files).Where(file => file.Span == span).Select(file => file.Version).Distinct().Order().ToList();
        var taken = version ?? there[^1];
        var files = new List<SpanPart>();
        for (var split = 0; split < patterns.Count; split++)
        {
            var fitting = found[split].Where(file => file.Span == span && file.Version == taken).ToList();
            if (fitting.Count == 0)
            {
                var others = found[split].Where(file => file.Span == span).Select(file => file.Version).Distinct().Order().ToList();
                throw new InvalidDataException(
                    $"The path '{patterns[split].Text}' has no {(patterns[split].HasVersion ? $"version {taken} of " : "")}span {patterns[split].Describe(span)}. "
                    + (others.Count > 0 ? $"There are the versions {string.Join(", ", others)}. " : $"There are the spans {Some([.. found[split].Select(file => file.Span).Distinct().Order()], patterns[split])}. ")
                    + (patterns.Count > 1 ? "Expected every split to have the same span and version: bring the files, or choose others with Spans." : "Expected one of them: change Spans."));
            }

            var texts = fitting.GroupBy(file => file.Text, StringComparer.Ordinal).ToList();
            if (texts.Count > 1)
            {
                throw new InvalidDataException(
                    $"The path '{patterns[split].Text}' finds span {patterns[split].Describe(span)}{(patterns[split].HasVersion ? $", version {taken}," : "")} more than once: "
                    + $"{string.Join(" and ", texts.Select(files => $"'{files.First().Path}'"))}. Expected it once: give the number a fixed width, for example {{SPAN:2}}, or remove what is not meant.");
            }

            files.AddRange(fitting.Select(file => new SpanPart(file.Path, split)));
        }

        return new SpanFiles(span, taken, files);
    }

    static string NothingFound(PathPattern pattern)
    {
        var (directory, nearMisses) = pattern.Nearby();
        var near = !Directory.Exists(directory) ? "which is not there"
            : nearMisses.Count > 0 ? $"where {string.Join(", ", nearMisses.Select(name => $"'{name}'"))} {(nearMisses.Count == 1 ? "is" : "are")} not quite it"
            : "where nothing is like it";
        return $"The path '{pattern.Text}' means no file: looked in '{directory}', {near}. Expected at least one span: correct the path (a fixed width such as {{SPAN:2}} takes exactly so many digits), or bring the files there.";
    }

    static string Some(List<long> spans, PathPattern pattern) => spans.Count <= Shown
        ? string.Join(", ", spans.Select(pattern.Describe))
        : $"{string.Join(", ", spans.Take(2).Select(pattern.Describe))}, … {string.Join(", ", spans.TakeLast(2).Select(pattern.Describe))} ({spans.Count.ToString(CultureInfo.InvariantCulture)} in all)";
}
