using System.Text;
using System.Text.Json.Nodes;
using Gyre.Onnx;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Analysis;

/// <summary>The distinct texts that were found, in the order of their ids.</summary>
/// <param name="Values">The texts.</param>
/// <param name="Counts">How often each occurs.</param>
/// <param name="Distinct">How many distinct texts there were before the rarer ones were left out.</param>
sealed record FittedVocabulary(IReadOnlyList<string> Values, IReadOnlyList<long> Counts, long Distinct) : Fitted
{
    const int Shown = 20;

    /// <summary>By what they are ranked; null where by their counts.</summary>
    public IReadOnlyList<double>? Scores { get; init; }

    public override bool IsEmpty => Distinct == 0;

    public override JsonObject ToJson() => new()
    {
        ["size"] = Values.Count,
        ["distinct"] = Distinct,
        [Scores is null ? "most_frequent" : "first"] = new JsonObject(Values.Take(Shown).Select((value, i) => KeyValuePair.Create(value, (JsonNode?)(Scores is null ? JsonValue.Create(Counts[i]) : JsonValue.Create(Scores[i]))))),
    };

    public override string ToString() => FormattableString.Invariant($"{Values.Count} of {Distinct} distinct texts");
}

/// <summary>
/// Counts texts. More frequent ones come first, of equally frequent ones the one whose UTF-8 bytes are greater, as in TFX.
/// Reading texts out of the runtime costs more than all the rest; so, where the graph gives the texts, those that were seen in the
/// first batches, nearly all of those to come, are then looked up in it and counted by number.
/// </summary>
sealed class VocabularyAnalyzer(int top, int minCount) : Analyzer
{
    /// <summary>What the shortcut gives for texts that were not among the first.</summary>
    public const long Unknown = -2;

    const int MostKnown = 50_000;

    readonly TextCounts.Pool _counts = new();

    public override string? AddShortcut(OnnxGraph graph, IReadOnlyList<string> tensors)
    {
        var known = Sorted(_counts.Merge()).Take(MostKnown).Select(text => text.Text).ToArray();
        _counts.Know(known);
        return graph.Lookup(tensors[0], Array.ConvertAll(known, Encoding.UTF8.GetString), Unknown);
    }

    public override Observer Begin(AnalyzedBatch batch) => new Counting(_counts.Rent());

    public override void End(Observer observer) => _counts.Return(((Counting)observer).Counts);

    public override void Save(BinaryWriter writer)
    {
        var sorted = Sorted(_counts.Merge());
        writer.Write(sorted.Count);
        foreach (var (text, count) in sorted)
        {
            writer.Write(text.Length);
            writer.Write(text);
            writer.Write(count);
        }
    }

    public override void Merge(BinaryReader reader)
    {
        var counts = _counts.Rent();
        for (var left = reader.ReadInt32(); left > 0; left--)
            counts.Add(reader.ReadBytes(reader.ReadInt32()), reader.ReadInt64());
        _counts.Return(counts);
    }

    public override Fitted Result()
    {
        var all = _counts.Merge();
        var kept = Sorted(all.Where(text => text.Count >= minCount)).Take(top).ToList();
        return new FittedVocabulary(
            [.. kept.Select(text => Encoding.UTF8.GetString(text.Text))], [.. kept.Select(text => text.Count)], all.Count);
    }

    static List<(byte[] Text, long Count)> Sorted(IEnumerable<(byte[] Text, long Count)> counts)
    {
        var sorted = counts.ToList();
        sorted.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : b.Text.AsSpan().SequenceCompareTo(a.Text));
        return sorted;
    }

    sealed class Counting(TextCounts counts) : Observer
    {
        public TextCounts Counts => counts;

        public override void See(AnalyzedValues values) => values.Count(counts);
    }
}
