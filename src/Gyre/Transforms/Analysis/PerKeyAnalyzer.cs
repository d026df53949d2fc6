using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Gyre.Transforms.Analysis;

/// <summary>What was found for each key, in the order of the keys' UTF-8 bytes.</summary>
sealed record FittedPerKey(IReadOnlyList<string> Keys, IReadOnlyList<Fitted> Parts) : Fitted
{
    const int Shown = 20;

    public override bool IsEmpty => Keys.Count == 0;

    public override JsonObject ToJson() => new()
    {
        ["keys"] = Keys.Count,
        ["first"] = new JsonObject(Keys.Take(Shown).Select((key, i) => KeyValuePair.Create(key, (JsonNode?)Parts[i].ToJson()))),
    };

    public override string ToString() => FormattableString.Invariant($"{Keys.Count} keys");
}

/// <summary>Analyses the numbers of each key for themselves. A key without any number is not known; neither is the empty one, which is missing.</summary>
sealed class PerKeyAnalyzer(Func<NumberAnalyzer> create) : Analyzer
{
    readonly SortedDictionary<byte[], NumberAnalyzer> _keys = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));

    public override Observer Begin(AnalyzedBatch batch) => new Collecting();

    public override void End(Observer observer)
    {
        foreach (var (key, numbers) in ((Collecting)observer).Keys)
        {
            var analyzer = Of(key);
            foreach (var number in numbers)
                analyzer.Add(number);
        }
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_keys.Count);
        foreach (var (key, analyzer) in _keys)
        {
            writer.Write(key.Length);
            writer.Write(key);
            analyzer.Save(writer);
        }
    }

    public override void Merge(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
            Of(reader.ReadBytes(reader.ReadInt32())).Merge(reader);
    }

    public override Fitted Result() => new FittedPerKey([.. _keys.Keys.Select(Encoding.UTF8.GetString)], [.. _keys.Values.Select(analyzer => analyzer.Result())]);

    NumberAnalyzer Of(byte[] key)
    {
        if (!_keys.TryGetValue(key, out var analyzer))
            _keys.Add(key, analyzer = create());
        return analyzer;
    }

    sealed class Collecting : Observer
    {
        readonly Dictionary<byte[], List<double>>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

        public Collecting() => _lookup = Keys.GetAlternateLookup<ReadOnlySpan<byte>>();

        public Dictionary<byte[], List<double>> Keys { get; } = new(Utf8Comparer.Instance);

        public override void See(AnalyzedValues values)
        {
            var numbers = values.Numbers(0);
            for (var i = 0; i < numbers.Length; i++)
            {
                if (double.IsNaN(numbers[i]) || values.Text(1, i, 0) is not { IsEmpty: false } key)
                    continue;
                (CollectionsMarshal.GetValueRefOrAddDefault(_lookup, key, out _) ??= []).Add(numbers[i]);
            }
        }
    }
}
