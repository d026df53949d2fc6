using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gyre.Ingestion;

/// <summary>How the number of a span stands in a path.</summary>
enum SpanForm
{
    /// <summary>It does not; all files are span 0.</summary>
    None,

    /// <summary><c>{SPAN}</c>.</summary>
    Number,

    /// <summary><c>{YYYY}{MM}{DD}</c>: days since 1970-01-01.</summary>
    Day,

    /// <summary><c>{YYYY}{MM}</c>: months since 1970-01.</summary>
    Month,
}

/// <summary>A file that a pattern means, and what its path says.</summary>
/// <param name="Path">Its path, written as the pattern is.</param>
/// <param name="Span">Its span; 0 where paths tell none.</param>
/// <param name="Version">Its version; 0 where paths tell none.</param>
/// <param name="Text">The parts of the path that say so, as they stand there.</param>
readonly record struct FoundFile(string Path, long Span, long Version, string Text);

/// <summary>
/// A path with wildcards (<c>*</c>, <c>?</c>) and placeholders: <c>{SPAN}</c> or <c>{YYYY}{MM}[{DD}]</c>, and <c>{VERSION}</c>, the numbers also
/// with a fixed width (<c>{SPAN:3}</c>).
/// </summary>
sealed partial class PathPattern
{
    static readonly string[] DateParts = ["YYYY", "MM", "DD"];

    const int MostDigits = 18;

    readonly string _root;
    readonly string[] _parts;

    PathPattern(string text)
    {
        Text = text;
        _root = Path.GetPathRoot(text) ?? "";
        _parts = text[_root.Length..].Split('/', Path.DirectorySeparatorChar);
        var names = Placeholders().Matches(text).Select(match => match.Groups["name"].Value).ToList();
        HasVersion = names.Contains("VERSION");
        Form = names.Contains("SPAN") ? SpanForm.Number : names.Contains("DD") ? SpanForm.Day : names.Contains("YYYY") ? SpanForm.Month : SpanForm.None;
    }

    public string Text { get; }

    public SpanForm Form { get; }

    public bool HasVersion { get; }

    public bool HasSpans => Form != SpanForm.None;

    /// <exception cref="InvalidDataException">It is wrong; <see cref="Problems"/> tells it beforehand.</exception>
    public static PathPattern Parse(string text) => Problems(text).FirstOrDefault() is { } problem ? throw new InvalidDataException(problem) : new PathPattern(text);

    /// <summary>Everything that is wrong with a pattern: what, at which character, and the cure.</summary>
    public static IEnumerable<string> Problems(string text)
    {
        var found = Placeholders().Matches(text).ToList();
        var rest = new StringBuilder(text);
        foreach (var match in found)
        {
            rest.Replace('{', ' ', match.Index, match.Length).Replace('}', ' ', match.Index, match.Length);
            if (WrongPlaceholder(match) is { } problem)
                yield return At(text, match.Index, problem);
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (rest[at] is '{' or '}')
                yield return At(text, at, $"there is a single '{rest[at]}'. Expected placeholders such as {{SPAN}} or {{VERSION:2}}; braces have no other meaning in a path");
        }

        foreach (var problem in WrongTogether(text, found))
            yield return problem;
    }

    /// <summary>The files that the pattern means, by their paths.</summary>
    /// <exception cref="InvalidDataException">A path holds a date that there is not.</exception>
    public IReadOnlyList<FoundFile> Find()
    {
        IEnumerable<Step> steps = [new Step(_root, null, null, null, null, null)];
        for (var index = 0; index < _parts.Length; index++)
        {
            var (part, isLast) = (_parts[index], index == _parts.Length - 1);
            steps = steps.SelectMany(step => Next(step, part, isLast)).ToList();
        }

        return [.. steps.Select(File).OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>Where the first part of the path that could not be found should be, and what is there that looks alike.</summary>
    public (string Directory, IReadOnlyList<string> NearMisses) Nearby()
    {
        List<string> directories = [_root];
        for (var index = 0; index < _parts.Length; index++)
        {
            var (part, isLast) = (_parts[index], index == _parts.Length - 1);
            var next = directories.SelectMany(directory => Next(new Step(directory, null, null, null, null, null), part, isLast)).Select(step => step.Path).ToList();
            if (next.Count == 0)
                return (directories[0].Length == 0 ? "." : directories[0], [.. directories.SelectMany(directory => LookAlikes(directory, part)).Take(3)]);
            directories = next;
        }

        return (directories[0], []);
    }

    /// <summary>A span's number as a person would say it.</summary>
    public string Describe(long span) => Form switch
    {
        SpanForm.Day => string.Create(CultureInfo.InvariantCulture, $"{span} ({new DateOnly(1970, 1, 1).AddDays((int)span):yyyy-MM-dd})"),
        SpanForm.Month => string.Create(CultureInfo.InvariantCulture, $"{span} ({new DateOnly(1970, 1, 1).AddMonths((int)span):yyyy-MM})"),
        _ => span.ToString(CultureInfo.InvariantCulture),
    };

    FoundFile File(Step step)
    {
        var span = Form switch
        {
            SpanForm.Number => Number(step.Span!),
            SpanForm.Day or SpanForm.Month => DateOf(step),
            _ => 0,
        };
        return new FoundFile(step.Path, span, HasVersion ? Number(step.Version!) : 0, $"{step.Span ?? $"{step.Year}{step.Month}{step.Day}"}/{step.Version}");
    }

    long DateOf(Step step)
    {
        var (year, month, day) = (int.Parse(step.Year!, CultureInfo.InvariantCulture), int.Parse(step.Month!, CultureInfo.InvariantCulture), step.Day is null ? 1 : int.Parse(step.Day, CultureInfo.InvariantCulture));
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            throw new InvalidDataException($"The path '{step.Path}' fits '{Text}' with the date {step.Year}-{step.Month}{(step.Day is null ? "" : $"-{step.Day}")}. Expected a date from 1970 on: rename the file, or make the pattern narrower.");
        return step.Day is null ? Ingestion.Span.Month(year, month) : Ingestion.Span.Day(year, month, day);
    }

    static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    static IEnumerable<Step> Next(Step step, string part, bool isLast)
    {
        if (part is "" or "." or ".." || part.IndexOfAny(['*', '?', '{']) < 0)
        {
            var plain = Path.Join(step.Path, part);
            return (isLast ? System.IO.File.Exists(plain) : Directory.Exists(plain.Length == 0 ? "." : plain)) ? [step with { Path = plain }] : [];
        }

        var pattern = Expression(part);
        return Items(step.Path)
            .Where(item => (item is FileInfo) == isLast && (!item.Name.StartsWith('.') || part[0] == '.'))
            .Select(item => (item.Name, Match: pattern.Match(item.Name))).Where(item => item.Match.Success)
            .Select(item => step.With(Path.Join(step.Path, item.Name), item.Match));
    }

    static IEnumerable<string> LookAlikes(string directory, string part)
    {
        var loose = new Regex($"^{Regex.Replace(Regex.Escape(Placeholders().Replace(part, "*")), @"(\\\*|\\\?|[0-9])+", ".*")}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return Items(directory).Where(item => loose.IsMatch(item.Name)).Select(item => item.Name).Order(StringComparer.Ordinal);
    }

    static IEnumerable<FileSystemInfo> Items(string directory)
    {
        var folder = new DirectoryInfo(directory.Length == 0 ? "." : directory);
        return folder.Exists ? folder.EnumerateFileSystemInfos() : [];
    }

    /// <summary>The expression for one part of a path. A number beside a wildcard takes all digits that are there.</summary>
    static Regex Expression(string part)
    {
        var expression = new StringBuilder("^");
        var tokens = Tokens().Matches(part).ToList();
        for (var index = 0; index < tokens.Count; index++)
        {
            var (token, name) = (tokens[index].Value, tokens[index].Groups["name"].Value);
            var (before, behind) = (index > 0 && tokens[index - 1].Value is "*" or "?", index + 1 < tokens.Count && tokens[index + 1].Value is "*" or "?");
            expression.Append(token switch
            {
                "*" => ".*",
                "?" => ".",
                _ when name is "YYYY" => "(?<YYYY>[0-9]{4})",
                _ when name is "MM" or "DD" => $"(?<{name}>[0-9]{{2}})",
                _ when name.Length > 0 && tokens[index].Groups["width"] is { Success: true } width => $"(?<{name}>[0-9]{{{width.Value}}})",
                _ when name.Length > 0 => $"{(before ? "(?<![0-9])" : "")}(?<{name}>[0-9]{{1,{MostDigits}}}){(behind ? "(?![0-9])" : "")}",
                _ => Regex.Escape(token),
            });
        }

        return new Regex(expression.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    }

    static string? WrongPlaceholder(Match match)
    {
        var (name, width) = (match.Groups["name"].Value, match.Groups["width"]);
        if (name is not ("SPAN" or "VERSION" or "YYYY" or "MM" or "DD"))
        {
            return name.ToUpperInvariant() is "SPAN" or "VERSION" or "YYYY" or "MM" or "DD"
                ? $"there is {match.Value}. Expected {{{name.ToUpperInvariant()}}}, in capitals"
                : $"there is {match.Value}, which means nothing. Expected {{SPAN}}, {{VERSION}}, {{YYYY}}, {{MM}} or {{DD}}";
        }

        if (!width.Success)
            return null;
        if (name is not ("SPAN" or "VERSION"))
            return $"there is {match.Value}. Expected {{{name}}}: its width is fixed";
        return width.Value.Length <= 2 && int.TryParse(width.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits is >= 1 and <= MostDigits && width.Value[0] != '0'
            ? null
            : $"there is {match.Value}. Expected a width of 1 to {MostDigits} digits, such as {{{name}:3}}";
    }

    static IEnumerable<string> WrongTogether(string text, IReadOnlyList<Match> found)
    {
        foreach (var same in found.GroupBy(match => match.Groups["name"].Value, StringComparer.Ordinal).Where(same => same.Count() > 1))
            yield return At(text, same.ElementAt(1).Index, $"{{{same.Key}}} stands {same.Count()} times. Expected it once; write * for the others");
        var names = found.Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var isDate = names.Overlaps(DateParts);
        if (names.Contains("SPAN") && isDate)
            yield return At(text, 0, "there are both {SPAN} and a date. Expected one of them: the date is the span");
        if (isDate && !(names.Contains("YYYY") && names.Contains("MM")))
            yield return At(text, 0, $"the date {string.Concat(DateParts.Where(names.Contains).Select(name => $"{{{name}}}"))} is not complete. Expected {{YYYY}}{{MM}}{{DD}} for days, or {{YYYY}}{{MM}} for months");
        if (names.Contains("VERSION") && !names.Contains("SPAN") && !isDate)
            yield return At(text, 0, "there is {VERSION} without a span. Expected {SPAN}, or {YYYY}{MM}{DD}, too: versions are versions of a span");
        foreach (var (first, second) in found.Zip(found.Skip(1)).Where(pair => pair.First.Index + pair.First.Length == pair.Second.Index))
        {
            if (IsOpen(first) && (IsOpen(second) || !second.Groups["width"].Success) && !(first.Groups["name"].Value is "YYYY" or "MM" or "DD"))
                yield return At(text, first.Index, $"where {first.Value} ends and {second.Value} begins cannot be told. Expected a sign between them, or fixed widths such as {{{first.Groups["name"].Value}:2}}");
        }
    }

    static bool IsOpen(Match match) => match.Groups["name"].Value is "SPAN" or "VERSION" && !match.Groups["width"].Success;

    static string At(string text, int index, string problem) => $"The path '{text}', character {(index + 1).ToString(CultureInfo.InvariantCulture)}: {problem}.";

    [GeneratedRegex(@"\{(?<name>[^{}:]*)(?::(?<width>[^{}]*))?\}")]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"\{(?<name>[A-Z]+)(?::(?<width>[0-9]+))?\}|[*?]|[^{}*?]+")]
    private static partial Regex Tokens();

    /// <summary>A path found so far, and what its parts say.</summary>
    readonly record struct Step(string Path, string? Span, string? Version, string? Year, string? Month, string? Day)
    {
        public Step With(string path, Match match) => new(
            path, Group(match, "SPAN") ?? Span, Group(match, "VERSION") ?? Version, Group(match, "YYYY") ?? Year, Group(match, "MM") ?? Month, Group(match, "DD") ?? Day);

        static string? Group(Match match, string name) => match.Groups[name] is { Success: true } group ? group.Value : null;
    }
}
