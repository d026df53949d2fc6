namespace Gyre.Schemas.TextFormat;

enum TokenKind
{
    End,
    Identifier,

    /// <summary>A number without its sign, as written.</summary>
    Number,

    /// <summary>One quoted string, its escapes resolved.</summary>
    Text,
    Symbol,
}

/// <summary>The smallest meaningful part of a text and where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Written">The characters as they stand; empty for a quoted string.</param>
/// <param name="Bytes">The content of a quoted string.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character within the line, from 1.</param>
readonly record struct TextToken(TokenKind Kind, string Written, byte[] Bytes, int Line, int Column)
{
    public bool Is(char symbol) => Kind == TokenKind.Symbol && Written[0] == symbol;

    /// <summary>How the token is called in a message to people.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the file",
        TokenKind.Text => "a quoted string",
        _ => $"'{Written}'",
    };
}
