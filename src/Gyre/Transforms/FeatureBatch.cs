using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>The features of some consecutive examples, as they come out of the graph.</summary>
sealed class FeatureBatch
{
    readonly FeatureColumn[] _columns;
    readonly float[] _labels;

    FeatureBatch(FeatureColumn[] columns, float[] labels) => (_columns, _labels) = (columns, labels);

    public int Rows => _labels.Length;

    public static FeatureBatch Run(OnnxModel model, IReadOnlyList<FeatureSpec> features, LabelSpec label, ExampleBatch batch)
    {
        FeatureColumn[] columns = [.. features.Select(feature => FeatureColumn.For(feature, batch.Rows))];
        model.Run(batch, [.. features.Select(feature => feature.Tensor)], chunk =>
        {
            foreach (var column in columns)
                column.See(chunk);
        });
        return new FeatureBatch(columns, label.Of(batch));
    }

    /// <summary>The columns of transformed examples: the features, then the label.</summary>
    public static IReadOnlyList<ParquetColumn> Columns(IReadOnlyList<FeatureSpec> features) =>
    [
        .. features.Select(feature => feature.Kind switch
        {
            FeatureKind.Number => new ParquetColumn(feature.Name, ParquetType.Float, feature.Size),
            FeatureKind.Tokens => new ParquetColumn(feature.Name, ParquetType.IntegerList),
            _ => new ParquetColumn(feature.Name, ParquetType.Integer),
        }),
        new ParquetColumn(FeatureReader.LabelColumn, ParquetType.Float),
    ];

    /// <summary>The values of all columns for all examples, or for those that have a label.</summary>
    public IReadOnlyList<ColumnValues> Values(bool labelledOnly)
    {
        var rows = new List<int>(Rows);
        for (var row = 0; row < Rows; row++)
        {
            if (!labelledOnly || !float.IsNaN(_labels[row]))
                rows.Add(row);
        }

        return [.. _columns.Select(column => column.Values(rows)), new FloatValues([.. rows.Select(row => _labels[row])])];
    }

    /// <summary>Adds to each id's count how often a feature has it.</summary>
    public void CountIds(int feature, long[] counts) => _columns[feature].CountIds(counts);
}

/// <summary>The values of one feature for the examples of a batch.</summary>
abstract class FeatureColumn(FeatureSpec feature)
{
    protected string Tensor { get; } = feature.Tensor;

    public static FeatureColumn For(FeatureSpec feature, int rows) => feature.Kind switch
    {
        FeatureKind.Number => new Numbers(feature, rows),
        FeatureKind.Tokens => new TokenIds(feature, rows),
        _ => new Ids(feature, rows),
    };

    public abstract void See(OnnxChunk chunk);

    public abstract ColumnValues Values(List<int> rows);

    public abstract void CountIds(long[] counts);

    sealed class Numbers(FeatureSpec feature, int rows) : FeatureColumn(feature)
    {
        readonly int _width = feature.Size;
        readonly float[] _values = new float[rows * feature.Size];

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Floats(Tensor);
            for (var i = 0; i < chunk.Rows.Count; i++)
                values.Slice(i * _width, _width).CopyTo(_values.AsSpan(chunk.Rows[i] * _width));
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

    sealed class Ids(FeatureSpec feature, int rows) : FeatureColumn(feature)
    {
        readonly long[] _values = new long[rows];

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Integers(Tensor);
            for (var i = 0; i < values.Length; i++)
                _values[chunk.Rows[i]] = values[i];
        }

        public override ColumnValues Values(List<int> rows) => new IntegerValues([.. rows.Select(row => _values[row])]);

        public override void CountIds(long[] counts)
        {
            foreach (var id in _values)
            {
                if (id >= 0)
                    counts[id]++;
            }
        }
    }

    sealed class TokenIds(FeatureSpec feature, int rows) : FeatureColumn(feature)
    {
        readonly int[][] _values = new int[rows][];

        public override void See(OnnxChunk chunk)
        {
            var values = chunk.Integers(Tensor);
            var width = chunk.WidthOf(Tensor);
            for (var i = 0; i < chunk.Rows.Count; i++)
                _values[chunk.Rows[i]] = Present(values.Slice(i * width, width));
        }

        public override ColumnValues Values(List<int> rows)
        {
            var offsets = new int[rows.Count + 1];
            for (var i = 0; i < rows.Count; i++)
                offsets[i + 1] = offsets[i] + _values[rows[i]].Length;
            var kept = new int[offsets[^1]];
            for (var i = 0; i < rows.Count; i++)
                _values[rows[i]].CopyTo(kept, offsets[i]);
            return new IntegerListValues(kept, offsets);
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
}
