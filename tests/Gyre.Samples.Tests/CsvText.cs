using System.Text;

namespace Gyre.Samples.Tests;

/// <summary>Reads CSV as RFC 4180 has it, by a way of its own, so that the writer is not judged by itself.</summary>
static class CsvText
{
    public static List<string[]> Parse(string text)
    {
        List<string[]> rows = [];
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] is ',' or '\n' && !quoted)
                End(text[i] == '\n');
            else
                field.Append(text[i]);
        }

        quoted.ShouldBeFalse("the last quote is not closed");
        field.Length.ShouldBe(0, "the last line does not end with a line feed");
        return rows;

        void End(bool line)
        {
            fields.Add(field.ToString());
            field.Clear();
            if (!line)
                return;
            rows.Add([.. fields]);
            fields.Clear();
        }
    }
}
