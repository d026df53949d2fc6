namespace Gyre.Ingestion;

/// <summary>A query, looked over without understanding all of SQL: where it begins, whether it is one, whether it is ordered.</summary>
sealed class SqlQuery
{
    static readonly string[] _beginnings = ["SELECT", "WITH", "VALUES"];

    readonly List<string> _words = [];

    public SqlQuery(string text)
    {
        Text = text;
        var end = Scan(text);
        Body = text[..(end < 0 ? text.Length : end)];
    }

    /// <summary>The query as it was given.</summary>
    public string Text { get; }

    /// <summary>The query without a semicolon at its end.</summary>
    public string Body { get; }

    /// <summary>Whether it says in which order rows come; if not, they come in order of their values.</summary>
    public bool IsOrdered => _words.Zip(_words.Skip(1)).Any(pair => pair is ("ORDER", "BY"));

    bool HasMore { get; set; }

    public IEnumerable<string> Problems()
    {
        if (_words.Count == 0)
            yield return "The query is empty. Expected one SELECT.";
        else if (!_beginnings.Contains(_words[0], StringComparer.Ordinal))
            yield return $"The query begins with {_words[0]}. Expected one SELECT (or WITH … SELECT): ingestion only reads.";
        if (HasMore)
            yield return "The query has a semicolon with more behind it. Expected one SELECT: leave out the rest.";
    }

    /// <summary>Collects the words outside brackets, quotes and comments.</summary>
    /// <returns>Where a semicolon ends it; −1 where none does.</returns>
    int Scan(string text)
    {
        var (depth, end) = (0, -1);
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            at = Past(text, at);
            var piece = text.AsSpan(start, at - start);
            if (piece.IsWhiteSpace() || piece is ['-', '-', ..] or ['/', '*', ..])
                continue;
            HasMore |= end >= 0 && piece is not ";";
            if (piece is ";" && end < 0)
                end = start;
            else if (piece is "(")
                depth++;
            else if (piece is ")")
                depth--;
            else if (depth == 0)
                _words.Add(piece.ToString().ToUpperInvariant());
            else if (_words.Count == 0)
                _words.Add(piece.ToString().ToUpperInvariant());
        }

        return end;
    }

    /// <summary>Where the word, quote, comment or sign ends that begins here.</summary>
    static int Past(string text, int at) => text[at] switch
    {
        '\'' or '"' or '`' => PastQuote(text, at, text[at]),
        '[' => PastText(text, at + 1, "]"),
        '-' when text.AsSpan(at).StartsWith("--", StringComparison.Ordinal) => PastText(text, at + 2, "\n"),
        '/' when text.AsSpan(at).StartsWith("/*", StringComparison.Ordinal) => PastText(text, at + 2, "*/"),
        '$' when text.IndexOf('$', at + 1) is var close and > 0 && text.AsSpan(at + 1, close - at - 1) is var tag && IsWord(tag) => PastText(text, close + 1, text[at..(close + 1)]),
        var letter when IsWordLetter(letter) => PastWord(text, at),
        _ => at + 1,
    };

    static int PastQuote(string text, int at, char quote)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] != quote)
                continue;
            if (at + 1 >= text.Length || text[at + 1] != quote)
                return at + 1;
            at++;
        }

        return at;
    }

    static int PastText(string text, int at, string end) => text.IndexOf(end, at, StringComparison.Ordinal) is var found and >= 0 ? found + end.Length : text.Length;

    static int PastWord(string text, int at)
    {
        while (at < text.Length && IsWordLetter(text[at]))
            at++;
        return at;
    }

    static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!IsWordLetter(letter))
                return false;
        }

        return text.IsEmpty || !char.IsDigit(text[0]);
    }

    static bool IsWordLetter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
