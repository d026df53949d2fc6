using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>The features of some consecutive examples, as they come out of the graph.</summary>
sealed class FeatureBatch
{
    readonly FeatureColumn[] _columns;
    readonly LabelBatch _labels;
    readonly int _labelWidth;

    FeatureBatch(FeatureColumn[] columns, LabelBatch labels, int labelWidth, int rows) =>
        (_columns, _labels, _labelWidth, Rows) = (columns, labels, labelWidth, rows);

    public int Rows { get; }

    public static FeatureBatch Run(OnnxModel model, IReadOnlyList<FeatureSpec> features, LabelReader label, ExampleBatch batch)
    {
        FeatureColumn[] columns = [.. features.Select(feature => FeatureColumn.For(feature, batch.Rows))];
        model.Run(batch, [.. features.Select(feature => feature.Tensor)], chunk =>
        {
            foreach (var column in columns)
                column.See(chunk);
        });
        return new FeatureBatch(columns, label.Read(batch), label.Spec.LabelWidth, batch.Rows);
    }

    /// <summary>The columns of transformed examples: the features, then the label, its weight and its group.</summary>
    public static IReadOnlyList<ParquetColumn> Columns(IReadOnlyList<FeatureSpec> features, LabelSpec label) =>
    [
        .. features.Select(feature => feature.Kind switch
        {
            FeatureKind.Number => new ParquetColumn(feature.Name, ParquetType.Float, feature.Size),
            FeatureKind.Tokens => new ParquetColumn(feature.Name, ParquetType.IntegerList),
            _ => new ParquetColumn(feature.Name, ParquetType.Integer),
        }),
        new ParquetColumn(FeatureReader.LabelColumn, ParquetType.Float, label.LabelWidth),
        .. label.Weight is null ? [] : new[] { new ParquetColumn(FeatureReader.WeightColumn, ParquetType.Float) },
        .. label.Group is null ? [] : new[] { new ParquetColumn(FeatureReader.GroupColumn, ParquetType.Integer) },
    ];

    /// <summary>The values of all columns for all examples, or for those that have a label.</summary>
    /// <param name="labelledOnly">Whether to leave out examples without a label.</param>
    /// <param name="groups">Numbers the groups of a ranking; null where there are none.</param>
    public IReadOnlyList<ColumnValues> Values(bool labelledOnly, GroupNumbers? groups = null)
    {
        var rows = new List<int>(Rows);
        for (var row = 0; row < Rows; row++)
        {
            if (!labelledOnly || _labels.Has(row, _labelWidth))
                rows.Add(row);
        }

        return
        [
            .. _columns.Select(column => column.Values(rows)),
            new FloatValues(Labels(rows), _labelWidth),
            .. _labels.Weights is { } weights ? [new FloatValues([.. rows.Select(row => weights[row])])] : Array.Empty<ColumnValues>(),
            .. _labels.Groups is { } names && groups is not null ? [new IntegerValues([.. rows.Select(row => groups.Of(names[row]))])] : Array.Empty<ColumnValues>(),
        ];
    }

    float[] Labels(List<int> rows)
    {
        var kept = new float[rows.Count * _labelWidth];
        for (var i = 0; i < rows.Count; i++)
            _labels.Values.AsSpan(rows[i] * _labelWidth, _labelWidth).CopyTo(kept.AsSpan(i * _labelWidth));
        return kept;
    }

    /// <summary>Adds to each id's count how often a feature has it.</summary>
    public void CountIds(int feature, long[] counts) => _columns[feature].CountIds(counts);
}

/// <summary>Numbers groups from 0 in the order in which they are met; what has no name is a group of its own each time.</summary>
sealed class GroupNumbers
{
    readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    long _next;

    public long Of(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return _next++;
        return _numbers.TryGetValue(name, out var number) ? number : _numbers[name] = _next++;
    }
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
