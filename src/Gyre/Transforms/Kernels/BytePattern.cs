namespace Gyre.Transforms.Kernels;

/// <summary>
/// A regular expression that is runs of one class of characters, such as <c>[a-z0-9']+</c> or <c>[0-9]{3}</c>, matched on bytes of UTF-8. The
/// graph's expressions are RE2's: leftmost, as long as can be, and \d, \s and \w are of ASCII only.
/// </summary>
sealed class BytePattern
{
    const string Space = "\t\n\f\r ";

    readonly bool[] _class;

    BytePattern(bool[] bytes, int min, int max) => (_class, Min, Max) = (bytes, min, max);

    /// <summary>The least bytes in a match.</summary>
    public int Min { get; }

    /// <summary>The most bytes in a match.</summary>
    public int Max { get; }

    public bool Has(byte value) => _class[value];

    /// <summary>Null for other expressions.</summary>
    public static BytePattern? Parse(string pattern)
    {
        var bytes = new bool[256];
        var at = 0;
        if (!(pattern.StartsWith('[') ? AddClass(pattern, bytes, ref at) : pattern.StartsWith('\\') && AddEscaped(pattern, bytes, ref at, out _)))
            return null;

        // Of characters beyond ASCII only whole runs can be matched byte by byte, and all of them or none.
        return pattern[at..] switch
        {
            "+" => new BytePattern(bytes, 1, int.MaxValue),
            _ when bytes[128] => null,
            "" => new BytePattern(bytes, 1, 1),
            var times when Times(times) is var (min, max) => new BytePattern(bytes, min, max),
            _ => null,
        };
    }

    /// <summary>The first match from a position on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin; then where the match does.</param>
    /// <returns>The length of the match; 0 where there is none.</returns>
    public int Next(ReadOnlySpan<byte> text, ref int start)
    {
        var bytes = _class;
        while (true)
        {
            while (start < text.Length && !bytes[text[start]])
                start++;
            var end = start;
            while (end < text.Length && end - start < Max && bytes[text[end]])
                end++;
            if (end - start >= Min)
                return end - start;
            if (end == text.Length)
                return 0;
            start = end;
        }
    }

    static (int Min, int Max)? Times(string text)
    {
        if (text is not ['{', .. var inner, '}'])
            return null;
        var parts = inner.Split(',');
        if (parts.Length > 2 || !parts.All(part => part.Length is > 0 and < 4 && part.All(char.IsAsciiDigit)))
            return null;
        var (min, max) = (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture));
        return min >= 1 && min <= max ? (min, max) : null;
    }

    static bool AddClass(string pattern, bool[] bytes, ref int at)
    {
        at = 1;
        var isNegated = pattern.Length > 1 && pattern[1] == '^';
        if (isNegated)
            at++;
        for (var first = at; at < pattern.Length && (pattern[at] != ']' || at == first);)
        {
            // A bracket inside may begin a class by name.
            if (pattern[at] is '[' or ']' || !AddOne(pattern, bytes, ref at, out var low))
                return false;
            if (at + 1 >= pattern.Length || pattern[at] != '-' || pattern[at + 1] == ']')
                continue;
            at++;
            if (pattern[at] is '[' or ']' || !AddOne(pattern, bytes, ref at, out var high) || low is null || high is null || low > high)
                return false;
            for (var value = low.Value; value <= high; value++)
                bytes[value] = true;
        }

        for (var value = 0; isNegated && value < bytes.Length; value++)
            bytes[value] = !bytes[value];
        return at++ < pattern.Length;
    }

    static bool AddOne(string pattern, bool[] bytes, ref int at, out char? single)
    {
        single = null;
        if (pattern[at] == '\\')
            return AddEscaped(pattern, bytes, ref at, out single);
        single = pattern[at++];
        return single is > '\0' and < '\x80' && (bytes[single.Value] = true);
    }

    static bool AddEscaped(string pattern, bool[] bytes, ref int at, out char? single)
    {
        single = null;
        if (at + 1 >= pattern.Length)
            return false;
        var escaped = pattern[at + 1];
        at += 2;
        if (char.IsAscii(escaped) && (char.IsPunctuation(escaped) || char.IsSymbol(escaped)))
        {
            single = escaped;
            return bytes[escaped] = true;
        }

        for (var value = '\0'; value < 128; value++)
        {
            bytes[value] |= escaped switch
            {
                'd' => char.IsAsciiDigit(value),
                's' => Space.Contains(value, StringComparison.Ordinal),
                'w' => char.IsAsciiLetterOrDigit(value) || value == '_',
                _ => false,
            };
        }

        return escaped is 'd' or 's' or 'w';
    }
}
