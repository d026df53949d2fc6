using System.Runtime.InteropServices;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch;

/// <summary>Some examples, in the form in which the network takes them.</summary>
/// <param name="Embeddings">For each bag of <see cref="NetworkPlan.Embeddings"/> its ids.</param>
/// <param name="OneHots">The rows of all one-hot features in one table.</param>
/// <param name="Numbers">[B, NumberWidth]; null when there are none.</param>
/// <param name="Labels">[B]; null when the examples carry none.</param>
sealed record ExampleTensors(IReadOnlyList<BagIds> Embeddings, BagIds OneHots, Tensor? Numbers, Tensor? Labels);

/// <summary>Ids of variable number per example; the memory is used again for the next examples.</summary>
sealed class BagIds
{
    int[] _ids = [];
    int[] _ends = [];

    public int Examples { get; private set; }

    public ReadOnlySpan<int> this[int example]
    {
        get
        {
            var start = example == 0 ? 0 : _ends[example - 1];
            return _ids.AsSpan(start, _ends[example] - start);
        }
    }

    /// <summary>Makes room and forgets what was there.</summary>
    public void Reset(int examples, int ids)
    {
        if (_ids.Length < ids)
            _ids = new int[Math.Max(ids, 2 * _ids.Length)];
        if (_ends.Length < examples)
            _ends = new int[examples];
        Examples = 0;
    }

    /// <summary>Adds the next example.</summary>
    /// <returns>Where its ids belong.</returns>
    public Span<int> Add(int count)
    {
        var start = Examples == 0 ? 0 : _ends[Examples - 1];
        _ends[Examples++] = start + count;
        return _ids.AsSpan(start, count);
    }
}

/// <summary>Gathers examples, in any order.</summary>
sealed class ExampleGatherer
{
    readonly FeatureSet _examples;
    readonly IReadOnlyList<BagSource> _embeddings;
    readonly BagSource _oneHots;
    readonly (float[] Values, ScaledNumber Number)[] _numbers;
    readonly int _numberWidth;

    public ExampleGatherer(NetworkPlan plan, FeatureSet examples)
    {
        _examples = examples;
        _embeddings = [.. plan.Embeddings.Select(bag => new BagSource(bag, examples))];
        _oneHots = new BagSource(Bag.Of("", plan.OneHots, width: 1, isMean: false), examples);
        _numbers = [.. plan.Numbers.Select(number => (examples.Numbers[number.Feature.Name], number))];
        _numberWidth = plan.NumberWidth;
    }

    /// <summary>Copies the examples. Tensors belong to the current dispose scope; ids hold until the next call.</summary>
    public ExampleTensors Gather(ReadOnlySpan<int> rows)
    {
        foreach (var embedding in _embeddings)
            embedding.Gather(rows);
        _oneHots.Gather(rows);
        return new ExampleTensors(
            [.. _embeddings.Select(source => source.Ids)], _oneHots.Ids, _numberWidth == 0 ? null : Numbers(rows),
            _examples.Labels.Length == 0 ? null : Labels(rows));
    }

    Tensor Numbers(ReadOnlySpan<int> rows)
    {
        var tensor = empty(rows.Length, _numberWidth, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        foreach (var row in rows)
        {
            foreach (var (values, number) in _numbers)
            {
                var width = number.Means.Length;
                for (var i = 0; i < width; i++)
                    target[i] = (values[(row * width) + i] - number.Means[i]) * number.Factors[i];
                target = target[width..];
            }
        }

        return tensor;
    }

    Tensor Labels(ReadOnlySpan<int> rows)
    {
        var tensor = empty(rows.Length, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        for (var i = 0; i < rows.Length; i++)
            target[i] = _examples.Labels[rows[i]];
        return tensor;
    }
}

/// <summary>Where the ids of a bag come from.</summary>
sealed class BagSource(Bag bag, FeatureSet examples)
{
    readonly TokenLists[] _lists = [.. bag.Parts.Where(part => part.Feature.Kind == FeatureKind.Tokens).Select(part => examples.Tokens[part.Feature.Name])];
    readonly (int[] Ids, int FirstRow)[] _singles =
        [.. bag.Parts.Where(part => part.Feature.Kind != FeatureKind.Tokens).Select(part => (examples.Ids[part.Feature.Name], part.FirstRow))];

    public BagIds Ids { get; } = new();

    public void Gather(ReadOnlySpan<int> rows)
    {
        var most = _singles.Length * rows.Length;
        foreach (var list in _lists)
        {
            foreach (var row in rows)
                most += list.Offsets[row + 1] - list.Offsets[row];
        }

        Ids.Reset(rows.Length, most);
        foreach (var row in rows)
        {
            if (_lists is [var list])
                list.Values.AsSpan(list.Offsets[row]..list.Offsets[row + 1]).CopyTo(Ids.Add(list.Offsets[row + 1] - list.Offsets[row]));
            else
                GatherSingles(row);
        }
    }

    void GatherSingles(int row)
    {
        var present = 0;
        foreach (var (ids, _) in _singles)
            present += ids[row] < 0 ? 0 : 1;
        var target = Ids.Add(present);
        foreach (var (ids, firstRow) in _singles)
        {
            if (ids[row] >= 0)
                target[^present--] = ids[row] + firstRow;
        }
    }
}
