using System.Text;
using Spectre.Console;

namespace Gyre.Cli.Terminal;

/// <summary>A piece of text and what it means.</summary>
readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>
/// Rows in columns. On a terminal the last column is wrapped to the window; elsewhere each row is one line, so that
/// it can be searched.
/// </summary>
sealed class TextTable(params string[] headers)
{
    const int NarrowestLastColumn = 20;
    const string Gap = "  ";

    readonly List<Cell[]> _rows = [];

    /// <summary>Columns whose texts stand at the right, by index.</summary>
    public IReadOnlyCollection<int> RightAligned { get; init; } = [];

    public string Indent { get; init; } = "";

    public bool IsEmpty => _rows.Count == 0;

    public void Add(params Cell[] cells) => _rows.Add(cells);

    public void Write(Screen screen)
    {
        foreach (var line in Lines(screen.Width, screen.Paint))
            screen.Line(line);
    }

    public IEnumerable<string> Lines(int? width, Func<string, Tone, string> paint)
    {
        var all = headers.Length > 0 ? _rows.Prepend([.. headers.Select(header => new Cell(header, Tone.Faint))]) : _rows;
        var columns = _rows.Select(row => row.Length).Append(headers.Length).Max();
        var widths = Enumerable.Range(0, columns)
            .Select(column => all.Max(row => column < row.Length ? WidthOf(row[column].Text) : 0)).ToArray();
        foreach (var row in all)
        {
            foreach (var line in Format(row, widths, width, paint))
                yield return line;
        }
    }

    IEnumerable<string> Format(Cell[] row, int[] widths, int? width, Func<string, Tone, string> paint)
    {
        var start = new StringBuilder(Indent);
        var used = Indent.Length;
        for (var column = 0; column < row.Length - 1; column++)
        {
            var (text, padding) = (row[column].Text, new string(' ', widths[column] - WidthOf(row[column].Text)));
            start.Append(RightAligned.Contains(column) ? padding + paint(text, row[column].Tone) : paint(text, row[column].Tone) + padding).Append(Gap);
            used += widths[column] + Gap.Length;
        }

        var last = row[^1];
        if (RightAligned.Contains(row.Length - 1))
            last = last with { Text = new string(' ', Math.Max(0, widths[row.Length - 1] - WidthOf(last.Text))) + last.Text };
        var space = width is { } all ? Math.Max(NarrowestLastColumn, all - used) : int.MaxValue;
        var prefix = start.ToString();
        foreach (var piece in Wrap(last.Text, space))
        {
            yield return (prefix + paint(piece, last.Tone)).TrimEnd();
            prefix = new string(' ', used);
        }
    }

    /// <summary>How many columns of the terminal a text takes: signs of East Asia take two, marks over letters none.</summary>
    public static int WidthOf(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>Breaks a text at its own line ends and at spaces, so that no piece is longer than the width unless a word is.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > width)
            {
                var cut = rest.LastIndexOf(' ', width);
                if (cut <= 0)
                    cut = rest.IndexOf(' ', width);
                if (cut <= 0)
                    break;
                yield return rest[..cut];
                rest = rest[(cut + 1)..];
            }

            yield return rest;
        }
    }
}
