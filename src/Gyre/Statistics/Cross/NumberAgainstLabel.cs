using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// Holds a column of numbers against the label: one query gives its different values in order with their labels, from
/// which bins of equal count, the area under the curve and the best threshold follow without a second look.
/// </summary>
sealed class NumberAgainstLabel
{
    readonly LabelCodes _label;
    readonly CrossOptions _options;
    readonly long[] _missing;
    readonly long[] _totals;
    readonly long[] _below;
    readonly List<long[]> _values = [];
    readonly long[][] _bins;
    readonly Queue<long> _boundaries;
    long _rank;
    long _bestThreshold;
    Int128 _twiceOrdered;
    int _bin;
    bool _hasManyValues;

    NumberAgainstLabel(LabelCodes label, CrossOptions options, long[] totals, long[] missing)
    {
        (_label, _options, _totals, _missing) = (label, options, totals, missing);
        _below = new long[totals.Length];
        _bins = [.. Enumerable.Range(0, options.Bins).Select(_ => new long[totals.Length])];
        _boundaries = new Queue<long>(Enumerable.Range(1, options.Bins - 1).Select(part => QuantileRank.Of(totals.Sum(), part, options.Bins)));
    }

    public static LabelAssociation Compute(DataEngine engine, CrossSource source, string column, LabelCodes label, CrossOptions options)
    {
        var number = CrossSource.Number(column);
        var rows = $"(SELECT CASE WHEN isnan({number}) THEN NULL ELSE {number} END AS value, {label.Sql} AS label FROM {source.Sql}) WHERE label IS NOT NULL";
        var (totals, missing) = (new long[label.Names.Count], new long[label.Names.Count]);
        foreach (var (code, present, all) in engine.Query(
            $"SELECT label, count(value), count(*) FROM {rows} GROUP BY label", row => (row.GetFieldValue<ushort>(0), row.GetInt64(1), row.GetInt64(2))))
        {
            (totals[code], missing[code]) = (present, all - present);
        }

        var work = new NumberAgainstLabel(label, options, totals, missing);
        work.Read(engine, $"SELECT value, label, count(*) AS count FROM {rows} AND value IS NOT NULL GROUP BY ALL ORDER BY value, label");
        return work.Describe(column);
    }

    void Read(DataEngine engine, string sql)
    {
        using var reader = new ChunkReader(engine, sql);
        var (current, counts, isOpen) = (0.0, new long[_totals.Length], false);
        while (reader.Next())
        {
            var values = reader.Column(0).Values<double>();
            var labels = reader.Column(1).Values<ushort>();
            var sizes = reader.Column(2).Values<long>();
            for (var row = 0; row < reader.Rows; row++)
            {
                if (isOpen && values[row] != current)
                {
                    Close(counts);
                    Array.Clear(counts);
                }

                (current, isOpen) = (values[row], true);
                counts[labels[row]] += sizes[row];
            }
        }

        if (isOpen)
            Close(counts);
    }

    /// <summary>Takes a value with all its labels; values come in order.</summary>
    void Close(long[] counts)
    {
        var size = counts.Sum();
        _rank += size;
        while (_boundaries.TryPeek(out var boundary) && boundary < _rank)
        {
            _boundaries.Dequeue();
            _bin++;
        }

        if (counts.Length == 2)
            _twiceOrdered += counts[1] * ((2 * (Int128)_below[0]) + counts[0]);
        var (mostBelow, mostAbove) = (0L, 0L);
        for (var label = 0; label < counts.Length; label++)
        {
            _bins[_bin][label] += counts[label];
            _below[label] += counts[label];
            mostBelow = Math.Max(mostBelow, _below[label]);
            mostAbove = Math.Max(mostAbove, _totals[label] - _below[label]);
        }

        _bestThreshold = Math.Max(_bestThreshold, mostBelow + mostAbove);
        _hasManyValues |= _values.Count >= _options.MaxLabelValues;
        if (!_hasManyValues)
            _values.Add([.. counts]);
    }

    LabelAssociation Describe(string column)
    {
        IEnumerable<long[]> values = _hasManyValues ? _bins : _values;
        var groups = values.Append(_missing).Where(counts => counts.Any(count => count > 0)).ToList();
        var result = CategoryAgainstLabel.Describe(column, new ContingencyTable([.. groups.SelectMany(counts => counts)], _label.Names.Count));
        var area = _totals is [> 0, > 0] ? (double)_twiceOrdered / 2 / ((double)_totals[0] * _totals[1]) : (double?)null;
        return result with
        {
            BestAccuracy = Math.Max(result.BestAccuracy, result.Count == 0 ? 0 : (double)(_bestThreshold + _missing.Max()) / result.Count),

            // Missing values have no place in the order; where many are missing, the bins' own order may tell more.
            AreaUnderCurve = area is { } below ? Math.Max(result.AreaUnderCurve ?? 0, Math.Max(below, 1 - below) is var best && _missing.Sum() == 0 ? best : 0) : result.AreaUnderCurve,
        };
    }
}
