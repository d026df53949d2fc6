using System.Runtime.InteropServices;
using System.Text;
using Gyre.Data;

namespace Gyre.Transforms.Analysis;

/// <summary>
/// Ranks texts by the sum of the weights of their examples, or by what they tell about the label. In either case the greater
/// comes first, of equals the one whose UTF-8 bytes are greater. For information a text counts once in an example, however often
/// it stands there, and examples without a label do not count.
/// </summary>
sealed class RankedVocabularyAnalyzer(int top, int minCount, bool isWeighted, MutualInformation? information) : Analyzer
{
    readonly Dictionary<byte[], Tally> _texts = new(Utf8Comparer.Instance);
    readonly Tally _all = new();

    public override bool NeedsLabel => information is not null;

    public override Observer Begin(AnalyzedBatch batch) => new Tallying(batch, isWeighted, information is not null);

    public override void End(Observer observer)
    {
        var seen = (Tallying)observer;
        foreach (var (text, tally) in seen.Texts)
            Of(text).Add(tally);
        _all.Add(seen.All);
    }

    public override void Save(BinaryWriter writer)
    {
        _all.Save(writer);
        writer.Write(_texts.Count);
        foreach (var (text, tally) in _texts.OrderBy(text => text.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            writer.Write(text.Length);
            writer.Write(text);
            tally.Save(writer);
        }
    }

    public override void Merge(BinaryReader reader)
    {
        _all.Add(Tally.Load(reader));
        for (var left = reader.ReadInt32(); left > 0; left--)
            Of(reader.ReadBytes(reader.ReadInt32())).Add(Tally.Load(reader));
    }

    public override Fitted Result()
    {
        var ranked = _texts.Where(text => text.Value.Total >= minCount).Select(text => (Text: text.Key, text.Value.Occurrences, Score: Score(text.Value))).ToList();
        ranked.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : b.Text.AsSpan().SequenceCompareTo(a.Text));
        var kept = ranked.Take(top).ToList();
        return new FittedVocabulary([.. kept.Select(text => Encoding.UTF8.GetString(text.Text))], [.. kept.Select(text => text.Occurrences)], _texts.Count)
        {
            Scores = [.. kept.Select(text => text.Score)],
        };
    }

    Tally Of(byte[] text) => CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out _) ??= new Tally();

    double Score(Tally text)
    {
        if (information is null)
            return text.Total;
        var least = information.MinDifference ?? MutualInformationOf.DefaultMinDifference(_all.Total);
        return MutualInformationOf.Text(text.OfClasses(_all.Classes), text.Total, _all.OfClasses(_all.Classes), _all.Total, information.Adjusted, least);
    }

    /// <summary>What was seen of a text: how often, and the weight of its examples by the class of their label.</summary>
    sealed class Tally
    {
        readonly SortedDictionary<int, ExactSum> _classes = [];

        public long Occurrences { get; set; }

        /// <summary>The row in which it was seen last; not saved.</summary>
        public int LastRow { get; set; } = -1;

        public IReadOnlyCollection<int> Classes => _classes.Keys;

        public double Total
        {
            get
            {
                var total = new ExactSum();
                foreach (var sum in _classes.Values)
                    total.Add(sum);
                return ExactRatio.Round(total.Units(), 1, ExactSum.UnitExponent);
            }
        }

        public void Add(int label, double weight)
        {
            if (!_classes.TryGetValue(label, out var sum))
                _classes.Add(label, sum = new ExactSum());
            sum.Add(weight);
        }

        public void Add(Tally other)
        {
            Occurrences += other.Occurrences;
            foreach (var (label, sum) in other._classes)
            {
                if (_classes.TryGetValue(label, out var mine))
                    mine.Add(sum);
                else
                    _classes.Add(label, sum);
            }
        }

        public double[] OfClasses(IReadOnlyCollection<int> labels) =>
            [.. labels.Select(label => _classes.TryGetValue(label, out var sum) ? ExactRatio.Round(sum.Units(), 1, ExactSum.UnitExponent) : 0)];

        public void Save(BinaryWriter writer)
        {
            writer.Write(Occurrences);
            writer.Write(_classes.Count);
            foreach (var (label, sum) in _classes)
            {
                writer.Write(label);
                writer.Write(sum);
            }
        }

        public static Tally Load(BinaryReader reader)
        {
            var tally = new Tally { Occurrences = reader.ReadInt64() };
            for (var left = reader.ReadInt32(); left > 0; left--)
                tally._classes.Add(reader.ReadInt32(), ExactSum.OfUnits(reader.ReadUnits()));
            return tally;
        }
    }

    sealed class Tallying : Observer
    {
        readonly AnalyzedBatch _batch;
        readonly bool _isWeighted;
        readonly bool _byClass;
        readonly Dictionary<byte[], Tally>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

        public Tallying(AnalyzedBatch batch, bool isWeighted, bool byClass)
        {
            (_batch, _isWeighted, _byClass) = (batch, isWeighted, byClass);
            _lookup = Texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public Dictionary<byte[], Tally> Texts { get; } = new(Utf8Comparer.Instance);

        public Tally All { get; } = new();

        public override void See(AnalyzedValues values)
        {
            var weights = _isWeighted ? values.Numbers(1) : default;
            for (var i = 0; i < values.Examples; i++)
            {
                var row = values.RowOf(i);
                var weight = _isWeighted ? weights[i] : 1;
                var label = _byClass ? ClassOf(_batch.Labels[row]) : 0;
                var counts = label >= 0 && !double.IsNaN(weight);
                if (counts)
                    All.Add(label, weight);
                var texts = values.TextsOf(0, i);
                for (var index = 0; index < texts; index++)
                {
                    var text = values.Text(0, i, index);
                    if (text.IsEmpty)
                        continue;
                    var tally = CollectionsMarshal.GetValueRefOrAddDefault(_lookup, text, out _) ??= new Tally();
                    tally.Occurrences++;
                    if (counts && !(_byClass && tally.LastRow == row))
                        tally.Add(label, weight);
                    tally.LastRow = row;
                }
            }
        }

        /// <summary>−1 for no label.</summary>
        static int ClassOf(float label) =>
            float.IsNaN(label) ? -1
            : label == (int)label && label >= 0 ? (int)label
            : throw new InvalidDataException($"The label {label} is no class. Expected a label of classes where a vocabulary is ranked by what its texts tell about it.");
    }
}

/// <summary>Mutual information of texts with classes, as TensorFlow Transform defines it.</summary>
static class MutualInformationOf
{
    /// <summary>Shares of a class are kept this far from 0 and 1.</summary>
    const double LeastShare = 1e-6;

    /// <summary>What TensorFlow Transform recommends for a number of examples.</summary>
    public static double DefaultMinDifference(double examples) =>
        Math.Truncate(Math.Min(25, Math.Max(2, ((examples - 10_000) / (1_000_000 - 10_000) * (25 - 2)) + 2)));

    /// <param name="together">The weight of examples with the text, for each class.</param>
    /// <param name="text">The weight of examples with the text.</param>
    /// <param name="classes">The weight of each class.</param>
    /// <param name="all">The weight of all examples.</param>
    /// <param name="adjusted">Whether to take off what chance would give.</param>
    /// <param name="minDifference">How far a class must be from what chance would give to count.</param>
    public static double Text(IReadOnlyList<double> together, double text, IReadOnlyList<double> classes, double all, bool adjusted, double minDifference)
    {
        // A text in all examples says nothing.
        if (all == 0 || text == 0 || Math.Round(text) == Math.Round(all))
            return 0;
        var (information, expected) = (0.0, 0.0);
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes[i] == 0)
                continue;
            var found = Math.Clamp(together[i] / text, LeastShare, 1 - LeastShare) * text;
            if (Math.Abs((text * classes[i] / all) - found) < minDifference)
                continue;
            information += Partial(found, text, classes[i], all);
            if (adjusted)
                expected += Expected(all, text, classes[i]);
        }

        return information - expected;
    }

    /// <summary>n·log2(n·N ÷ (x·y)).</summary>
    public static double Partial(double together, double x, double y, double all) => together == 0 || x == 0 || y == 0
        ? 0
        : together * (Math.Log2(together) + Math.Log2(all) - (Math.Log2(x) + Math.Log2(y)));

    /// <summary>The expectation of <see cref="Partial"/> when x and y are drawn without regard to each other.</summary>
    public static double Expected(double all, double x, double y)
    {
        if (x == 0 || y == 0)
            return 0;
        var coefficient = -Math.Log2(x) - Math.Log2(y) + Math.Log2(all);
        var (sum, expected) = (0.0, 0.0);
        foreach (var (count, probability) in Hypergeometric(all, x, y))
        {
            if (count != 0)
                expected += count * (coefficient + Math.Log2(count)) * probability;
            sum += probability;
        }

        return expected / sum;
    }

    /// <summary>How likely each number of examples with both is.</summary>
    public static IEnumerable<(int Count, double Probability)> Hypergeometric(double all, double x, double y)
    {
        var first = (int)Math.Round(Math.Max(0, x + y - all));
        var last = (int)Math.Round(Math.Min(x, y));
        var numerator = LogFactorial(x) + LogFactorial(y) + LogFactorial(all - x) + LogFactorial(all - y);
        var denominator = LogFactorial(all) + LogFactorial(first) + LogFactorial(x - first) + LogFactorial(y - first) + LogFactorial(all - x - y + first);
        for (var count = first; count <= last; count++)
        {
            yield return (count, Math.Exp(numerator - denominator));
            if (count != last)
                denominator += Math.Log(count + 1) - Math.Log(x - count) - Math.Log(y - count) + Math.Log(all - x - y + count + 1);
        }
    }

    /// <summary>The natural logarithm of Γ(n + 1), by Lanczos' series with g = 7 and nine terms.</summary>
    static double LogFactorial(double n)
    {
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
            9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        var sum = 0.99999999999980993;
        for (var i = 0; i < terms.Length; i++)
            sum += terms[i] / (n + i + 1);
        var shifted = n + terms.Length - 0.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((n + 0.5) * Math.Log(shifted)) - shifted + Math.Log(sum);
    }
}
