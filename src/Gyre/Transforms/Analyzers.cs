using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>What an analyzer found; becomes constants of the graph.</summary>
abstract record Fitted
{
    /// <summary>Whether there was nothing to analyse: all values were missing.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>The findings as data, for <c>transform.json</c>.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The findings in a few words, for the log.</summary>
    public abstract override string ToString();
}

/// <summary>
/// Computes something over all examples of the training split. Exact, and the same whatever the number of threads and the
/// size of batches.
/// </summary>
abstract class Analyzer
{
    /// <summary>
    /// Adds to the graph what makes seeing cheaper, knowing what was seen so far. Called once, after some batches and
    /// between any two.
    /// </summary>
    /// <returns>The name of a tensor int64 with the shape of what is seen; null where nothing helps.</returns>
    public virtual string? AddShortcut(OnnxGraph graph, string tensor) => null;

    /// <summary>Begins a batch. Called by any number of threads at once.</summary>
    public abstract Observer Begin(int rows);

    /// <summary>Ends a batch. Called by one thread at a time, in the order of the batches.</summary>
    public abstract void End(Observer observer);

    public abstract Fitted Result();
}

/// <summary>Sees the examples of one batch, chunk by chunk, in any order.</summary>
abstract class Observer
{
    /// <param name="chunk">Results of the graph for some of the batch's examples.</param>
    /// <param name="tensor">The tensor that the analyzer's operator works on.</param>
    /// <param name="shortcut">The tensor that <see cref="Analyzer.AddShortcut"/> added, if it did.</param>
    public abstract void See(OnnxChunk chunk, string tensor, string? shortcut);
}

/// <summary>The distinct texts that were found, in the order of their ids.</summary>
/// <param name="Values">The texts.</param>
/// <param name="Counts">How often each occurs.</param>
/// <param name="Distinct">How many distinct texts there were before the rarer ones were left out.</param>
sealed record FittedVocabulary(IReadOnlyList<string> Values, IReadOnlyList<long> Counts, long Distinct) : Fitted
{
    const int Shown = 20;

    public override bool IsEmpty => Distinct == 0;

    public override JsonObject ToJson() => new()
    {
        ["size"] = Values.Count,
        ["distinct"] = Distinct,
        ["most_frequent"] = new JsonObject(Values.Take(Shown).Select((value, i) => KeyValuePair.Create(value, (JsonNode?)Counts[i]))),
    };

    public override string ToString() => FormattableString.Invariant($"{Values.Count} of {Distinct} distinct texts");
}

/// <summary>
/// Counts texts. More frequent ones come first, of equally frequent ones the one whose UTF-8 bytes are greater, as in TFX.
/// Reading texts out of the runtime costs more than all the rest; so those that were seen in the first batches, nearly all of
/// those to come, are then looked up in the graph and counted by number.
/// </summary>
sealed class VocabularyAnalyzer(int top, int minCount) : Analyzer
{
    const int MostKnown = 50_000;
    const long Unknown = -2;

    readonly TextCounts.Pool _counts = new();

    public override string? AddShortcut(OnnxGraph graph, string tensor)
    {
        var known = Sorted(_counts.Merge()).Take(MostKnown).Select(text => text.Key).ToArray();
        _counts.Know(known);
        return graph.Lookup(tensor, Array.ConvertAll(known, Encoding.UTF8.GetString), Unknown);
    }

    public override Observer Begin(int rows) => new Counting(_counts.Rent());

    public override void End(Observer observer) => _counts.Return(((Counting)observer).Counts);

    public override Fitted Result()
    {
        var all = _counts.Merge();
        var kept = Sorted(all.Where(text => text.Value >= minCount)).Take(top).ToList();
        return new FittedVocabulary(
            [.. kept.Select(text => Encoding.UTF8.GetString(text.Key))], [.. kept.Select(text => text.Value)], all.Count);
    }

    static List<KeyValuePair<byte[], long>> Sorted(IEnumerable<KeyValuePair<byte[], long>> counts)
    {
        var sorted = counts.ToList();
        sorted.Sort((a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : b.Key.AsSpan().SequenceCompareTo(a.Key));
        return sorted;
    }

    sealed class Counting(TextCounts counts) : Observer
    {
        public TextCounts Counts => counts;

        public override void See(OnnxChunk chunk, string tensor, string? shortcut)
        {
            if (shortcut is null)
            {
                var elements = chunk.Rows.Count * chunk.WidthOf(tensor);
                for (var i = 0; i < elements; i++)
                    counts.Add(chunk.Text(tensor, i));
                return;
            }

            var known = chunk.Integers(shortcut);
            for (var i = 0; i < known.Length; i++)
            {
                if (known[i] >= 0)
                    counts.AddKnown(known[i]);
                else if (known[i] == Unknown)
                    counts.Add(chunk.Text(tensor, i));
            }
        }
    }
}

/// <summary>Sees one number per example and hands them on in the order of the examples, without the missing ones.</summary>
abstract class NumberAnalyzer : Analyzer
{
    public override Observer Begin(int rows) => new Collecting(rows);

    public override void End(Observer observer)
    {
        foreach (var number in ((Collecting)observer).Numbers)
        {
            if (!double.IsNaN(number))
                Add(number);
        }
    }

    protected abstract void Add(double number);

    sealed class Collecting(int rows) : Observer
    {
        public double[] Numbers { get; } = new double[rows];

        public override void See(OnnxChunk chunk, string tensor, string? shortcut)
        {
            var values = chunk.Doubles(tensor);
            for (var i = 0; i < values.Length; i++)
                Numbers[chunk.Rows[i]] = values[i];
        }
    }
}

/// <summary>Mean and standard deviation of the population; both 0 where there is no number at all.</summary>
sealed record FittedMoments(double Mean, double StandardDeviation, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new() { ["mean"] = Mean, ["standard_deviation"] = StandardDeviation, ["count"] = Count };

    public override string ToString() => FormattableString.Invariant($"mean {Mean}, standard deviation {StandardDeviation}");
}

/// <summary>Mean and variance in one pass (Welford), always in the order of the examples.</summary>
sealed class MomentsAnalyzer : NumberAnalyzer
{
    long _count;
    double _mean;
    double _squares;

    public override Fitted Result() => new FittedMoments(_mean, _count == 0 ? 0 : Math.Sqrt(_squares / _count), _count);

    protected override void Add(double number)
    {
        _count++;
        var distance = number - _mean;
        _mean += distance / _count;
        _squares += distance * (number - _mean);
    }
}

/// <summary>The least and the greatest number; both 0 where there is none.</summary>
sealed record FittedRange(double Min, double Max, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new() { ["min"] = Min, ["max"] = Max, ["count"] = Count };

    public override string ToString() => FormattableString.Invariant($"{Min} to {Max}");
}

sealed class RangeAnalyzer : NumberAnalyzer
{
    double _min = double.NaN;
    double _max = double.NaN;
    long _count;

    public override Fitted Result() => _count == 0 ? new FittedRange(0, 0, 0) : new FittedRange(_min, _max, _count);

    protected override void Add(double number)
    {
        // Comparisons with the NaN at the beginning are false.
        _min = number >= _min ? _min : number;
        _max = number <= _max ? _max : number;
        _count++;
    }
}

/// <summary>The numbers between buckets of equal size, in ascending order; none where there is no number at all.</summary>
sealed record FittedQuantiles(IReadOnlyList<double> Bounds) : Fitted
{
    public override bool IsEmpty => Bounds.Count == 0;

    public override JsonObject ToJson() => new() { ["bounds"] = new JsonArray([.. Bounds.Select(bound => JsonValue.Create(bound))]) };

    public override string ToString() => string.Join(", ", Bounds.Select(bound => bound.ToString("R", CultureInfo.InvariantCulture)));
}

/// <summary>Of N sorted numbers the i-th of k − 1 bounds is the one at ⌈N·i/k⌉, counted from 1.</summary>
sealed class QuantilesAnalyzer(int buckets) : NumberAnalyzer
{
    readonly List<double> _numbers = [];

    public override Fitted Result()
    {
        if (_numbers.Count == 0)
            return new FittedQuantiles([]);
        _numbers.Sort();
        var bounds = new double[buckets - 1];
        for (var i = 1; i < buckets; i++)
            bounds[i - 1] = _numbers[(int)((((long)_numbers.Count * i) + buckets - 1) / buckets) - 1];
        return new FittedQuantiles(bounds);
    }

    protected override void Add(double number) => _numbers.Add(number);
}
