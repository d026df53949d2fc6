using System.Text;

namespace Synthesis;

/// <summary>One line of CSV in the making: fields are quoted where RFC 4180 asks for it; a null is an empty field.</summary>
public sealed class CsvRow
{
    static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",\"\r\n");

    readonly StringBuilder _line = new();
    bool _first = true;

    public CsvRow Add(ReadOnlySpan<char> field)
    {
        if (!_first)
            _line.Append(',');
        _first = false;
        if (field.ContainsAny(Special))
            AddQuoted(field);
        else
            _line.Append(field);
        return this;
    }

    /// <summary>Ends the line, writes it and is ready for the next.</summary>
    public void WriteTo(TextWriter writer)
    {
        foreach (var chunk in _line.Append('\n').GetChunks())
            writer.Write(chunk.Span);
        _line.Clear();
        _first = true;
    }

    void AddQuoted(ReadOnlySpan<char> field)
    {
        _line.Append('"');
        for (var quote = field.IndexOf('"'); quote >= 0; quote = field.IndexOf('"'))
        {
            _line.Append(field[..quote]).Append("\"\"");
            field = field[(quote + 1)..];
        }

        _line.Append(field).Append('"');
    }
}
