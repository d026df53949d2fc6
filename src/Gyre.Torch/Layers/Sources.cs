using System.Runtime.InteropServices;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>Where an encoder finds its part of some examples.</summary>
abstract class Source
{
    /// <summary>Copies the examples. Tensors belong to the current dispose scope; ids hold until the next call.</summary>
    public abstract void Gather(ReadOnlySpan<int> rows);
}

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

/// <summary>The ids of a bag.</summary>
sealed class BagSource(Bag bag, FeatureSet examples) : Source
{
    readonly TokenLists[] _lists = [.. bag.Parts.Where(part => part.Feature.Kind == FeatureKind.Tokens).Select(part => examples.Tokens[part.Feature.Name])];
    readonly (int[] Ids, int FirstRow)[] _singles =
        [.. bag.Parts.Where(part => part.Feature.Kind != FeatureKind.Tokens).Select(part => (examples.Ids[part.Feature.Name], part.FirstRow))];

    public BagIds Ids { get; } = new();

    public override void Gather(ReadOnlySpan<int> rows)
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

/// <summary>The first tokens of a text, each in a slot of its own; texts that are shorter than the longest end in empty slots.</summary>
sealed class SlotSource(string feature, FeatureSet examples, int maxTokens) : Source
{
    readonly TokenLists _list = examples.Tokens[feature];

    /// <summary>One bag per slot, those of an example one after the other.</summary>
    public BagIds Slots { get; } = new();

    /// <summary>The number of slots of each example; at least 1.</summary>
    public int Length { get; private set; }

    /// <summary>[B, Length]: 1 where there is a token, else 0.</summary>
    public Tensor Present { get; private set; } = null!;

    public override void Gather(ReadOnlySpan<int> rows)
    {
        Length = 1;
        foreach (var row in rows)
            Length = Math.Max(Length, Count(row));
        Slots.Reset(rows.Length * Length, rows.Length * Length);
        Present = zeros(rows.Length, Length, dtype: float32);
        var present = MemoryMarshal.Cast<byte, float>(Present.bytes);
        for (var i = 0; i < rows.Length; i++)
        {
            var count = Count(rows[i]);
            present.Slice(i * Length, count).Fill(1);
            for (var slot = 0; slot < Length; slot++)
            {
                if (slot < count)
                    Slots.Add(1)[0] = _list.Values[_list.Offsets[rows[i]] + slot];
                else
                    Slots.Add(0);
            }
        }
    }

    int Count(int row) => Math.Min(maxTokens, _list.Offsets[row + 1] - _list.Offsets[row]);
}

/// <summary>Numbers, and how they are brought to mean 0 and deviation 1.</summary>
sealed record ScaledNumber(FeatureSpec Feature, NumberScale Scale)
{
    public float[] Means { get; } = [.. Scale.Means.Select(mean => (float)mean)];

    public float[] Factors { get; } = [.. Scale.Factors.Select(factor => (float)factor)];
}

/// <summary>Numbers, scaled.</summary>
sealed class NumberSource(IReadOnlyList<ScaledNumber> numbers, FeatureSet examples) : Source
{
    readonly (float[] Values, ScaledNumber Number)[] _numbers = [.. numbers.Select(number => (examples.Numbers[number.Feature.Name], number))];
    readonly int _width = numbers.Sum(number => number.Feature.Size);

    public Tensor Values { get; private set; } = null!;

    public override void Gather(ReadOnlySpan<int> rows)
    {
        Values = empty(rows.Length, _width, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(Values.bytes);
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
    }
}

/// <summary>One-hot vectors, one beside the other.</summary>
sealed class OneHotSource(Bag bag, FeatureSet examples) : Source
{
    readonly BagSource _ids = new(bag, examples);

    public Tensor Values { get; private set; } = null!;

    public override void Gather(ReadOnlySpan<int> rows)
    {
        _ids.Gather(rows);
        Values = zeros(rows.Length, bag.Rows, dtype: float32);
        var target = MemoryMarshal.Cast<byte, float>(Values.bytes);
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var id in _ids.Ids[i])
                target[(i * bag.Rows) + id] = 1;
        }
    }
}
