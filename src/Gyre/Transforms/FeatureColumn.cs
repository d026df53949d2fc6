using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Kernels;

namespace Gyre.Transforms;

/// <summary>The values of one feature for the examples of a batch.</summary>
abstract class FeatureColumn(FeatureSpec feature)
{
    protected string Tensor { get; } = feature.Tensor;

    public static FeatureColumn For(FeatureSpec feature, int rows) => feature.Kind switch
    {
        FeatureKind.Number => new Numbers(feature, new float[rows * feature.Size]),
        FeatureKind.Tokens => new PaddedTokenIds(feature, new int[rows][]),
        _ => new Ids(feature, new long[rows]),
    };

    /// <summary>What a kernel computed.</summary>
    public static FeatureColumn Of(FeatureSpec feature, object values) => values switch
    {
        double[] numbers => new Numbers(feature, Array.ConvertAll(numbers, NumberKernels.ToSingle)),
        IdLists lists => new FlatTokenIds(feature, lists),
        long[] ids => new Ids(feature, ids),
        _ => throw new ArgumentException($"The kernel of '{feature.Name}' gives {values.GetType().Name}. Expected numbers or ids.", nameof(values)),
    };

    public abstract void See(OnnxChunk chunk);

    /// <summary>Whether a row is the same, bit by bit; what is missing is the same whatever its bits.</summary>
    public abstract bool IsSame(int row, FeatureColumn other);

    public abstract ColumnValues Values(List<int> rows);

    public abstract void CountIds(long[] counts);

    sealed class Numbers(FeatureSpec feature, float[] all) : FeatureColumn(feature)
    {
        readonly int _width = feature.Size;
        readonly float[] _values = all;

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Floats(Tensor);
            for (var i = 0; i < chunk.Rows.Count; i++)
                values.Slice(i * _width, _width).CopyTo(_values.AsSpan(chunk.Rows[i] * _width));
        }

        public override bool IsSame(int row, FeatureColumn other)
        {
            for (var i = row * _width; i < (row + 1) * _width; i++)
            {
                var (one, two) = (_values[i], ((Numbers)other)._values[i]);
                if (BitConverter.SingleToInt32Bits(one) != BitConverter.SingleToInt32Bits(two) && !(float.IsNaN(one) && float.IsNaN(two)))
                    return false;
            }

            return true;
        }

        public override ColumnValues Values(List<int> rows)
        {
            var kept = new float[rows.Count * _width];
            for (var i = 0; i < rows.Count; i++)
                _values.AsSpan(rows[i] * _width, _width).CopyTo(kept.AsSpan(i * _width));
            return new FloatValues(kept, _width);
        }

        public override void CountIds(long[] counts) => throw new InvalidOperationException($"{Tensor} has numbers, no ids.");
    }

    sealed class Ids(FeatureSpec feature, long[] all) : FeatureColumn(feature)
    {
        readonly long[] _values = all;

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Integers(Tensor);
            for (var i = 0; i < values.Length; i++)
                _values[chunk.Rows[i]] = values[i];
        }

        public override bool IsSame(int row, FeatureColumn other) => _values[row] == ((Ids)other)._values[row];

        public override ColumnValues Values(List<int> rows)
        {
            if (rows.Count == _values.Length)
                return new IntegerValues(_values);
            var kept = new long[rows.Count];
            for (var i = 0; i < kept.Length; i++)
                kept[i] = _values[rows[i]];
            return new IntegerValues(kept);
        }

        public override void CountIds(long[] counts)
        {
            foreach (var id in _values)
            {
                if (id >= 0)
                    counts[id]++;
            }
        }
    }

    /// <summary>Ids of variable number per row.</summary>
    abstract class TokenIds(FeatureSpec feature) : FeatureColumn(feature)
    {
        protected abstract ReadOnlySpan<int> Row(int row);

        public override bool IsSame(int row, FeatureColumn other) => Row(row).SequenceEqual(((TokenIds)other).Row(row));

        public override ColumnValues Values(List<int> rows)
        {
            var offsets = new int[rows.Count + 1];
            for (var i = 0; i < rows.Count; i++)
                offsets[i + 1] = offsets[i] + Row(rows[i]).Length;
            var kept = GC.AllocateUninitializedArray<int>(offsets[^1]);
            for (var i = 0; i < rows.Count; i++)
                Row(rows[i]).CopyTo(kept.AsSpan(offsets[i]));
            return new IntegerListValues(kept, offsets);
        }
    }

    /// <summary>As they come out of the graph, row by row.</summary>
    sealed class PaddedTokenIds(FeatureSpec feature, int[][] all) : TokenIds(feature)
    {
        readonly int[][] _values = all;

        protected override ReadOnlySpan<int> Row(int row) => _values[row];

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Integers(Tensor);
            var width = chunk.WidthOf(Tensor);
            for (var i = 0; i < chunk.Rows.Count; i++)
                _values[chunk.Rows[i]] = Present(values.Slice(i * width, width));
        }

        public override void CountIds(long[] counts)
        {
            foreach (var ids in _values)
            {
                foreach (var id in ids)
                    counts[id]++;
            }
        }

        static int[] Present(ReadOnlySpan<long> padded)
        {
            var count = 0;
            foreach (var id in padded)
                count += id >= 0 ? 1 : 0;
            var ids = new int[count];
            var at = 0;
            foreach (var id in padded)
            {
                if (id >= 0)
                    ids[at++] = (int)id;
            }

            return ids;
        }
    }

    /// <summary>As a kernel gives them, one row behind the other.</summary>
    sealed class FlatTokenIds(FeatureSpec feature, IdLists all) : TokenIds(feature)
    {
        readonly IdLists _values = all;

        protected override ReadOnlySpan<int> Row(int row) => _values.Ids.AsSpan(_values.Offsets[row]..(_values.Offsets[row + 1]));

        public override void See(OnnxChunk chunk) => throw new InvalidOperationException($"{Tensor} has its values from a kernel.");

        // Rows that are kept in their order are all rows, if they are as many.
        public override ColumnValues Values(List<int> rows) =>
            rows.Count == _values.Offsets.Length - 1 ? new IntegerListValues(_values.Ids, _values.Offsets) : base.Values(rows);

        public override void CountIds(long[] counts)
        {
            foreach (var id in _values.Ids)
                counts[id]++;
        }
    }
}
