using System.Collections;
using System.Text;
using Google.Protobuf.Reflection;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>
/// Changes the text of a schema file only where the schema changes: order, layout and comments of all else stay as people
/// wrote them; comments within a part that changes move above it.
/// </summary>
public static class SchemaFileText
{
    /// <summary>The text after the change.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="schema">What it shall say.</param>
    /// <param name="source">The name of the file, for messages.</param>
    /// <exception cref="TextFormatException">The text is no schema.</exception>
    public static string Update(string text, SchemaDefinition schema, string source = "schema")
    {
        var before = SchemaDefinition.Parse(text, source).Message;
        var entries = TopLevel(text, source);
        if (Rewrite(text, entries, before, schema.Message) is { } updated && SchemaDefinition.Parse(updated, source).Message.Equals(schema.Message))
            return updated;

        // Written in a way that leaves no part to be replaced by itself, such as lists in brackets.
        return string.Concat(Comments(text).Select(comment => comment + "\n")) + schema.Text;
    }

    /// <summary>The line and the column, from 1, of the field of a schema that stands at some place among those of its name.</summary>
    internal static (int Line, int Column) PlaceOf(string text, string source, string field, int index)
    {
        if (TopLevel(text, source).Where(entry => entry.Field == field).ElementAtOrDefault(index) is not { } entry)
            return (1, 1);
        var starts = LineStarts(text);
        var line = starts.FindLastIndex(start => start <= entry.Start);
        return (line + 1, entry.Start - starts[line] + 1);
    }

    static string? Rewrite(string text, List<Entry> entries, Schema before, Schema after)
    {
        var edits = new List<(int Start, int End, string Text)>();
        foreach (var field in Schema.Descriptor.Fields.InFieldNumberOrder())
        {
            var own = entries.Where(entry => entry.Field == field.Name).ToList();
            var (old, young) = (Values(field, before), Values(field, after));
            if (own.Count != old.Count)
                return null;
            var left = young.ToList();
            foreach (var (entry, value) in own.Zip(old))
            {
                var same = left.FindIndex(other => NameOf(other) is { } name ? name == NameOf(value) : field.IsRepeated ? Equals(other, value) : true);
                if (same < 0)
                    edits.Add((entry.Start, EndOfLine(text, entry.End), Hoisted(text, entry)));
                else if (!Equals(left[same], value))
                    edits.Add((entry.Start, entry.End, Hoisted(text, entry) + Print(field, left[same])));
                if (same >= 0)
                    left.RemoveAt(same);
            }

            // Behind the last of its kind, or at the end.
            if (left.Count > 0)
            {
                var place = own.Count > 0 ? own[^1].End : text.Length;
                var lead = place == 0 || (place == text.Length && text.EndsWith('\n')) ? "" : "\n";
                edits.Add((place, place, lead + string.Join('\n', left.Select(value => Print(field, value))) + (place == text.Length ? "\n" : "")));
            }
        }

        var result = new StringBuilder(text);
        foreach (var (start, end, replacement) in edits.Select((edit, order) => (edit, order)).OrderByDescending(each => each.edit.Start).ThenByDescending(each => each.order).Select(each => each.edit))
            result.Remove(start, end - start).Insert(start, replacement);
        return result.ToString();
    }

    static List<object> Values(FieldDescriptor field, Schema schema)
    {
        var value = field.Accessor.GetValue(schema);
        if (field.IsMap)
            return [.. ((IDictionary)value).Cast<object>()];
        if (field.IsRepeated)
            return [.. ((IList)value).Cast<object>()];
        return field.Accessor.HasValue(schema) ? [value] : [];
    }

    static string? NameOf(object value) => value switch
    {
        Feature feature => feature.Name,
        StringDomain domain => domain.Name,
        SparseFeature sparse => sparse.Name,
        WeightedFeature weighted => weighted.Name,
        _ => null,
    };

    static string Print(FieldDescriptor field, object value)
    {
        var schema = new Schema();
        if (field.IsRepeated)
            ((IList)field.Accessor.GetValue(schema)).Add(value);
        else
            field.Accessor.SetValue(schema, value);
        return TextPrinter.Print(schema).TrimEnd('\n');
    }

    static string Hoisted(string text, Entry entry) => string.Concat(Comments(text[entry.Start..entry.End]).Select(comment => comment + "\n"));

    static int EndOfLine(string text, int end) => end < text.Length && text[end] == '\n' ? end + 1 : end;

    /// <summary>Where each field of the schema stands, from its name to the end of its value.</summary>
    static List<Entry> TopLevel(string text, string source)
    {
        var starts = LineStarts(text);
        var tokenizer = new TextTokenizer(text, source);
        var entries = new List<Entry>();
        var depth = 0;
        var last = default(Entry);
        for (var token = tokenizer.Next(); token.Kind != TokenKind.End; token = tokenizer.Next())
        {
            var begin = starts[token.Line - 1] + token.Column - 1;
            if (depth == 0 && token.Kind == TokenKind.Identifier && (last is null || last.IsClosed))
                entries.Add(last = new Entry(token.Written, begin));
            if (token.Is('{') || token.Is('<') || token.Is('['))
                depth++;
            if (token.Is('}') || token.Is('>') || token.Is(']'))
                depth--;
            if (last is null || depth > 0 || token.Is(':') || token.Is(',') || token.Is(';') || (token.Kind == TokenKind.Identifier && begin == last.Start))
                continue;
            last.End = token.Kind == TokenKind.Text ? EndOfText(text, begin) : begin + token.Written.Length;
            last.IsClosed = true;
        }

        return entries;
    }

    static int EndOfText(string text, int begin)
    {
        var at = begin + 1;
        while (text[at] != text[begin])
            at += text[at] == '\\' ? 2 : 1;
        return at + 1;
    }

    static List<int> LineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n')
                starts.Add(at + 1);
        }

        return starts;
    }

    /// <summary>The comments of a text, in order; a # within quotes begins none.</summary>
    static IEnumerable<string> Comments(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '"' or '\'')
            {
                at = EndOfText(text, at) - 1;
            }
            else if (text[at] == '#')
            {
                var end = text.IndexOf('\n', at);
                end = end < 0 ? text.Length : end;
                yield return text[at..end].TrimEnd('\r');
                at = end;
            }
        }
    }

    sealed class Entry(string field, int start)
    {
        public string Field { get; } = field;

        public int Start { get; } = start;

        public int End { get; set; }

        public bool IsClosed { get; set; }
    }
}
