using System.Text;
using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>Lists of sentences with open places, as read from the text files of this folder.</summary>
sealed class Grammar
{
    readonly Dictionary<string, Phrase[]> _lists = new(StringComparer.Ordinal);

    Grammar()
    {
    }

    /// <summary>The names of all lists.</summary>
    public IEnumerable<string> Lists => _lists.Keys;

    public static Grammar Read(params string[] files)
    {
        var grammar = new Grammar();
        foreach (var file in files)
        {
            var list = new List<Phrase>();
            var name = "";
            foreach (var line in Resources.Lines(file).Where(line => line.Length > 0 && line[0] != '#').Append("="))
            {
                if (line[0] != '=')
                {
                    list.AddRange(name.StartsWith("slot ", StringComparison.Ordinal) ? line.Split(" | ").Select(Phrase.Parse) : [Phrase.Parse(line)]);
                    continue;
                }

                if (name.Length > 0)
                    grammar._lists.Add(name, [.. list]);
                (name, list) = (line[1..].Trim(), []);
            }
        }

        return grammar;
    }

    /// <summary>The entries of a list; none if there is no such list.</summary>
    public IReadOnlyList<Phrase> List(string name) => _lists.GetValueOrDefault(name, []);

    /// <summary>Appends a phrase with its open places filled.</summary>
    public void Write(StringBuilder text, Phrase phrase, Dice dice, string company)
    {
        foreach (var part in phrase.Parts)
        {
            if (part.Literal is not null)
                text.Append(part.Literal);
            else if (part.Alternatives is not null)
                Write(text, dice.One(part.Alternatives), dice, company);
            else if (part.Slot == "company")
                text.Append(company);
            else if (!MaskedText.TryWrite(text, part.Slot!, dice))
                Write(text, dice.One(_lists["slot " + part.Slot]), dice, company);
        }
    }
}

/// <summary>A sentence or part of one, whose parts follow each other.</summary>
sealed record Phrase(IReadOnlyList<PhrasePart> Parts)
{
    public static Phrase Parse(string text)
    {
        var rest = text.AsSpan();
        var phrase = Parse(ref rest);
        return rest.IsEmpty ? phrase : throw new FormatException($"The sentence «{text}» closes a bracket that it does not open.");
    }

    /// <summary>Reads up to the end of the text, or to the «|» or «)» that ends an alternative and stays unread.</summary>
    static Phrase Parse(ref ReadOnlySpan<char> rest)
    {
        List<PhrasePart> parts = [];
        while (!rest.IsEmpty && rest[0] is not ('|' or ')'))
        {
            if (rest[0] == '<')
                parts.Add(new PhrasePart(Slot: Take(ref rest, 1, rest.IndexOf('>'), 1)));
            else if (rest[0] == '(')
                parts.Add(new PhrasePart(Alternatives: ParseAlternatives(ref rest)));
            else
                parts.Add(new PhrasePart(Literal: Take(ref rest, 0, rest.IndexOfAny("<(|)") is var end and >= 0 ? end : rest.Length, 0)));
        }

        return new Phrase(parts);
    }

    static List<Phrase> ParseAlternatives(ref ReadOnlySpan<char> rest)
    {
        List<Phrase> alternatives = [];
        do
        {
            rest = rest[1..];
            alternatives.Add(Parse(ref rest));
        }
        while (!rest.IsEmpty && rest[0] == '|');
        if (rest.IsEmpty)
            throw new FormatException("A sentence of the grammar opens a bracket that it does not close.");
        rest = rest[1..];
        return alternatives;
    }

    static string Take(ref ReadOnlySpan<char> rest, int start, int end, int skip)
    {
        if (end < 0)
            throw new FormatException($"A sentence of the grammar opens a slot that it does not close: «{rest}».");
        var taken = rest[start..end].ToString();
        rest = rest[(end + skip)..];
        return taken;
    }
}

/// <summary>One of: a text as it is, a place to be filled, alternatives to choose from.</summary>
sealed record PhrasePart(string? Literal = null, string? Slot = null, IReadOnlyList<Phrase>? Alternatives = null);
