using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Gyre.Data;

namespace Gyre.Transforms.Analysis;

/// <summary>Mean labels by text, see <see cref="Operators.TargetMean"/>.</summary>
/// <param name="Keys">The texts, in the order of their UTF-8 bytes.</param>
/// <param name="All">For each text, and behind them for any other, what all examples give.</param>
/// <param name="OutsideFolds">For each text, and behind them for any other, fold by fold what the examples outside it give.</param>
/// <param name="Count">The number of labels.</param>
sealed record FittedTargets(IReadOnlyList<string> Keys, IReadOnlyList<double> All, IReadOnlyList<double> OutsideFolds, long Count) : Fitted
{
    const int Shown = 20;

    public override bool IsEmpty => Keys.Count == 0;

    public override JsonObject ToJson() => new()
    {
        ["keys"] = Keys.Count,
        ["mean"] = All[^1],
        ["first"] = new JsonObject(Keys.Take(Shown).Select((key, i) => KeyValuePair.Create(key, (JsonNode?)All[i]))),
    };

    public override string ToString() => FormattableString.Invariant($"{Keys.Count} texts, mean {All[^1]}");
}

/// <summary>Adds up labels by text and fold. Examples without a label do not count.</summary>
sealed class TargetAnalyzer(int folds, double smoothing) : Analyzer
{
    readonly SortedDictionary<byte[], Sum[]> _texts = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
    readonly Sum[] _all = NewSums(folds);

    public override bool NeedsLabel => true;

    public override Observer Begin(AnalyzedBatch batch) => new Summing(batch, folds);

    public override void End(Observer observer)
    {
        var seen = (Summing)observer;
        foreach (var (text, sums) in seen.Texts)
            Add(Of(text), sums);
        Add(_all, seen.All);
    }

    public override void Save(BinaryWriter writer)
    {
        Save(writer, _all);
        writer.Write(_texts.Count);
        foreach (var (text, sums) in _texts)
        {
            writer.Write(text.Length);
            writer.Write(text);
            Save(writer, sums);
        }
    }

    public override void Merge(BinaryReader reader)
    {
        Load(reader, _all);
        for (var left = reader.ReadInt32(); left > 0; left--)
            Load(reader, Of(reader.ReadBytes(reader.ReadInt32())));
    }

    public override Fitted Result()
    {
        var prior = Total(_all, except: -1).Mean;
        var outside = Enumerable.Range(0, folds).Select(fold => Total(_all, fold).Mean).ToArray();
        return new FittedTargets(
            [.. _texts.Keys.Select(Encoding.UTF8.GetString)],
            [.. _texts.Values.Select(sums => Drawn(Total(sums, except: -1), prior)), prior],
            [.. _texts.Values.SelectMany(sums => outside.Select((mean, fold) => Drawn(Total(sums, fold), mean))), .. outside],
            _all.Sum(sum => sum.Count));
    }

    /// <summary>The mean, drawn towards that of all.</summary>
    double Drawn(Sum sum, double prior) => sum.Count + smoothing == 0 ? prior : (sum.Value + (smoothing * prior)) / (sum.Count + smoothing);

    static Sum Total(Sum[] sums, int except)
    {
        var total = new Sum();
        for (var fold = 0; fold < sums.Length; fold++)
        {
            if (fold != except)
                total.Add(sums[fold]);
        }

        return total;
    }

    static Sum[] NewSums(int folds) => [.. Enumerable.Range(0, folds).Select(_ => new Sum())];

    static void Add(Sum[] sums, Sum[] others)
    {
        for (var fold = 0; fold < sums.Length; fold++)
            sums[fold].Add(others[fold]);
    }

    static void Save(BinaryWriter writer, Sum[] sums)
    {
        foreach (var sum in sums)
            sum.Save(writer);
    }

    static void Load(BinaryReader reader, Sum[] sums)
    {
        foreach (var sum in sums)
            sum.Load(reader);
    }

    Sum[] Of(byte[] text)
    {
        if (!_texts.TryGetValue(text, out var sums))
            _texts.Add(text, sums = NewSums(folds));
        return sums;
    }

    /// <summary>A number of labels and their sum: whole ones as such, others without rounding.</summary>
    sealed class Sum
    {
        long _whole;
        ExactSum? _others;

        public long Count { get; private set; }

        public double Value => _others is null ? _whole : ExactRatio.Round(WithWhole().Units(), 1, ExactSum.UnitExponent);

        /// <summary>0 where there are none.</summary>
        public double Mean => Count == 0 ? 0 : Value / Count;

        public void Add(float label)
        {
            Count++;
            if (label == (int)label)
                _whole += (int)label;
            else
                (_others ??= new ExactSum()).Add(label);
        }

        public void Add(Sum other)
        {
            Count += other.Count;
            _whole += other._whole;
            if (other._others is not null)
                (_others ??= new ExactSum()).Add(other._others);
        }

        public void Save(BinaryWriter writer)
        {
            writer.Write(Count);
            writer.Write(_whole);
            writer.Write(_others is not null);
            if (_others is not null)
                writer.Write(_others);
        }

        public void Load(BinaryReader reader)
        {
            var other = new Sum { Count = reader.ReadInt64(), _whole = reader.ReadInt64() };
            if (reader.ReadBoolean())
                other._others = ExactSum.OfUnits(reader.ReadUnits());
            Add(other);
        }

        ExactSum WithWhole()
        {
            var sum = new ExactSum();
            sum.Add(_others!);
            sum.Add((double)_whole);
            return sum;
        }
    }

    sealed class Summing : Observer
    {
        readonly AnalyzedBatch _batch;
        readonly Dictionary<byte[], Sum[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

        public Summing(AnalyzedBatch batch, int folds)
        {
            _batch = batch;
            _lookup = Texts.GetAlternateLookup<ReadOnlySpan<byte>>();
            All = NewSums(folds);
        }

        public Dictionary<byte[], Sum[]> Texts { get; } = new(Utf8Comparer.Instance);

        public Sum[] All { get; }

        public override void See(AnalyzedValues values)
        {
            for (var i = 0; i < values.Examples; i++)
            {
                var row = values.RowOf(i);
                if (float.IsNaN(_batch.Labels[row]))
                    continue;
                var fold = (int)((_batch.FirstRow + row) % All.Length);
                All[fold].Add(_batch.Labels[row]);
                var text = values.Text(0, i, 0);
                if (!text.IsEmpty)
                    (CollectionsMarshal.GetValueRefOrAddDefault(_lookup, text, out _) ??= NewSums(All.Length))[fold].Add(_batch.Labels[row]);
            }
        }
    }
}
