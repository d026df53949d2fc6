using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gyre.Schemas.TextFormat;

/// <summary>Cuts a text in protobuf's text format into tokens; comments and white space fall away.</summary>
/// <param name="text">The text.</param>
/// <param name="source">The file's name, for messages.</param>
sealed class TextTokenizer(string text, string source)
{
    static readonly SearchValues<char> Symbols = SearchValues.Create("{}<>[]:,;-/.");

    int _position;
    int _line = 1;
    int _lineStart;

    char Current => _position < text.Length ? text[_position] : '\0';

    int Column => _position - _lineStart + 1;

    public TextToken Next()
    {
        SkipSpace();
        if (_position >= text.Length)
            return Token(TokenKind.End, _position);
        var start = _position;
        var first = text[start];
        if (char.IsAsciiLetter(first) || first == '_')
        {
            while (IsWord(Current))
                _position++;
            return Token(TokenKind.Identifier, start);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
            return Number();
        if (first is '"' or '\'')
            return Quoted(first);
        if (!Symbols.Contains(first))
            throw Fault(_line, Column, $"the character {Show(first)} has no meaning here. Put texts into quotes.");
        _position++;
        return Token(TokenKind.Symbol, start);
    }

    void SkipSpace()
    {
        while (_position < text.Length)
        {
            var current = text[_position];
            if (current == '#')
            {
                while (_position < text.Length && text[_position] != '\n')
                    _position++;
            }
            else if (current is ' ' or '\t' or '\r' or '\n' or '\v' or '\f' or '\uFEFF')
            {
                _position++;
                if (current == '\n')
                    (_line, _lineStart) = (_line + 1, _position);
            }
            else
            {
                return;
            }
        }
    }

    TextToken Number()
    {
        var start = _position;
        var hexadecimal = Current == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X';
        while (IsWord(Current) || Current == '.' || (!hexadecimal && Current is '+' or '-' && text[_position - 1] is 'e' or 'E'))
            _position++;
        return Token(TokenKind.Number, start);
    }

    TextToken Quoted(char quote)
    {
        var (line, column) = (_line, Column);
        var bytes = new List<byte>();
        var plain = ++_position;
        while (true)
        {
            if (_position >= text.Length || text[_position] == '\n')
                throw Fault(line, column, $"the string that begins here has no closing {quote} on its line. Write line breaks as \\n.");
            var current = text[_position];
            if (current != quote && current != '\\')
            {
                _position++;
                continue;
            }

            bytes.AddRange(Encoding.UTF8.GetBytes(text[plain.._position]));
            _position++;
            if (current == quote)
                return new TextToken(TokenKind.Text, "", [.. bytes], line, column);
            Escape(bytes);
            plain = _position;
        }
    }

    void Escape(List<byte> bytes)
    {
        var (line, column) = (_line, Column - 1);
        var letter = Current;
        _position++;
        switch (letter)
        {
            case 'a': bytes.Add(7); break;
            case 'b': bytes.Add(8); break;
            case 'f': bytes.Add(12); break;
            case 'n': bytes.Add(10); break;
            case 'r': bytes.Add(13); break;
            case 't': bytes.Add(9); break;
            case 'v': bytes.Add(11); break;
            case '?' or '\\' or '\'' or '"': bytes.Add((byte)letter); break;
            case >= '0' and <= '7':
                _position--;
                var octal = Digits(3, 8);
                if (octal > byte.MaxValue)
                    throw Fault(line, column, "the octal escape is greater than \\377, the greatest byte.");
                bytes.Add((byte)octal);
                break;
            case 'x' or 'X' when char.IsAsciiHexDigit(Current): bytes.Add((byte)Digits(2, 16)); break;
            case 'u': CodePoint(bytes, 4, line, column); break;
            case 'U': CodePoint(bytes, 8, line, column); break;
            default: throw Fault(line, column, $"\\{letter} is no escape. Expected one of \\n \\r \\t \\\" \\' \\\\ \\ooo \\xhh \\uhhhh; a backslash itself is written \\\\.");
        }
    }

    void CodePoint(List<byte> bytes, int length, int line, int column)
    {
        var end = _position + length;
        if (end > text.Length || !int.TryParse(text.AsSpan(_position, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.TryCreate(code, out var rune))
        {
            throw Fault(line, column, $"expected {length} hexadecimal digits that name a Unicode character.");
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        _position = end;
    }

    /// <summary>Reads at least one and at most <paramref name="most"/> digits.</summary>
    int Digits(int most, int radix)
    {
        var value = 0;
        for (var count = 0; count < most && char.IsAsciiHexDigit(Current) && HexValue(Current) < radix; count++, _position++)
            value = (value * radix) + HexValue(Current);
        return value;
    }

    TextToken Token(TokenKind kind, int start) =>
        new(kind, text[start.._position], [], _line, start - _lineStart + 1);

    public TextFormatException Fault(int line, int column, string problem) => new(source, line, column, problem);

    static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    static string Show(char character) =>
        char.IsControl(character) ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}") : $"'{character}'";
}
