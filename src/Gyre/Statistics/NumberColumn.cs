using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Gyre.Data;
using Gyre.Statistics.Protos;
using FeaturePath = Gyre.Statistics.Protos.Path;

namespace Gyre.Statistics;

/// <summary>
/// Counts columns of numbers: reads one into memory (8 bytes to an example), sorts it and takes everything from there.
/// Sums run over the sorted values with compensation, so they do not depend on the order of rows.
/// </summary>
sealed class NumberColumn : IDisposable
{
    readonly DataEngine _engine;
    readonly string _source;
    readonly long _rows;
    readonly StatisticsOptions _options;
    readonly CancellationToken _cancellation;
    readonly double[] _buffer;

    public NumberColumn(DataEngine engine, string parquetPath, long rows, StatisticsOptions options, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        (_engine, _source, _rows, _options) = (engine, ParquetFile.Source(parquetPath), rows, options);
        if (rows > Array.MaxLength)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{parquetPath} has {rows:N0} examples. Expected at most {Array.MaxLength:N0} in one split: cut it into more."));
        }

        _buffer = ArrayPool<double>.Shared.Rent((int)rows);
    }

    public void Dispose() => ArrayPool<double>.Shared.Return(_buffer);

    public FeatureNameStatistics Count(ExampleColumn column)
    {
        var (filled, nans) = Read(column.Name);
        var sorted = _buffer.AsSpan(0, filled);
        sorted.Sort();
        return new FeatureNameStatistics
        {
            Path = new FeaturePath { Step = { column.Name } },
            Type = column.Type == ColumnType.Integer ? FeatureNameStatistics.Types.Type.Int : FeatureNameStatistics.Types.Type.Float,
            NumStats = Describe(sorted, nans),
        };
    }

    /// <summary>Fills the buffer with the values that are numbers; NaN is a value, but has no place among them.</summary>
    (int Filled, int Nans) Read(string column)
    {
        var name = SqlText.Identifier(column);
        var (filled, nans) = (0, 0);
        using var reader = new ChunkReader(_engine, $"SELECT CAST({name} AS DOUBLE) FROM {_source} WHERE {name} IS NOT NULL");
        while (reader.Next())
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (var value in reader.Column(0).Values<double>())
            {
                if (double.IsNaN(value))
                    nans++;
                else
                    _buffer[filled++] = value == 0 ? 0 : value;
            }
        }

        return (filled, nans);
    }

    NumericStatistics Describe(ReadOnlySpan<double> sorted, int nans)
    {
        var result = new NumericStatistics { CommonStats = CommonCounts.Of(_rows, sorted.Length + nans, _options) };
        if (sorted.Length + nans == 0)
            return result;
        if (sorted.IsEmpty)
        {
            (result.Mean, result.StdDev, result.Min, result.Median, result.Max) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
            result.Histograms.Add(new Histogram { NumNan = (ulong)nans });
            return result;
        }

        var finite = sorted[Histograms.FirstAtLeast(sorted, double.MinValue)..Histograms.FirstAbove(sorted, double.MaxValue)];
        (result.Mean, result.StdDev) = Moments(finite);
        result.NumZeros = (ulong)(Histograms.FirstAbove(sorted, 0) - Histograms.FirstAtLeast(sorted, 0));
        result.Min = sorted[0];
        result.Median = sorted[(int)Histograms.RankOfQuantile(sorted.Length, 1, 2)];
        result.Max = sorted[^1];
        result.Histograms.Add(Histograms.EqualWidth(sorted, _options.HistogramBuckets));
        result.Histograms.Add(Histograms.Quantiles(sorted.Length, rank => _buffer[rank], _options.HistogramBuckets));
        foreach (var histogram in result.Histograms)
            histogram.NumNan = (ulong)nans;
        return result;
    }

    /// <summary>
    /// Mean and population standard deviation, in two passes. Values are scaled by the greatest one, or the greatest
    /// distance from the mean, where sums or squares would not fit into a double otherwise.
    /// </summary>
    static (double Mean, double Deviation) Moments(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            return (double.NaN, double.NaN);
        var mean = Average(sorted, value => value);
        if (!double.IsFinite(mean))
        {
            var count = sorted.Length;
            mean = Average(sorted, value => value / count) * count;
        }

        var farthest = Math.Max(mean - sorted[0], sorted[^1] - mean);
        if (farthest == 0)
            return (mean, 0);
        return (mean, farthest * Math.Sqrt(Average(sorted, value => (value - mean) / farthest * ((value - mean) / farthest))));
    }

    static double Average(ReadOnlySpan<double> values, Func<double, double> of)
    {
        var sum = new CompensatedSum();
        foreach (var value in values)
            sum.Add(of(value));
        return sum.Value / values.Length;
    }

    /// <summary>A sum whose rounding errors are summed beside it (Neumaier).</summary>
    [StructLayout(LayoutKind.Auto)]
    struct CompensatedSum
    {
        double _sum;
        double _lost;

        public readonly double Value => _sum + _lost;

        public void Add(double value)
        {
            var next = _sum + value;
            _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - next + value : value - next + _sum;
            _sum = next;
        }
    }
}
