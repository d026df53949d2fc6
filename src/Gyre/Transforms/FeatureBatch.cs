using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Kernels;

namespace Gyre.Transforms;

/// <summary>The features of some consecutive examples, as they come out of the graph or of kernels.</summary>
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

    /// <summary>The same by kernels, where there are any; the other features by their part of the graph.</summary>
    public static FeatureBatch Run(FeatureKernels kernels, LabelReader label, ExampleBatch batch) =>
        new(kernels.Run(batch), label.Read(batch), label.Spec.LabelWidth, batch.Rows);

    /// <summary>The first feature, as a position, and its first row that differ in any bit from another batch of the same examples; null where none does.</summary>
    public (int Feature, int Row)? FirstDifference(FeatureBatch other)
    {
        for (var feature = 0; feature < _columns.Length; feature++)
        {
            for (var row = 0; row < Rows; row++)
            {
                if (!_columns[feature].IsSame(row, other._columns[feature]))
                    return (feature, row);
            }
        }

        return null;
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
