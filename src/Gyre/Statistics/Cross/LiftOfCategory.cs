using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// How much more frequent values of the label are where a column of categories has a certain value, counted as TensorFlow
/// Data Validation does: examples without the label count in the rate of a value and in the total.
/// </summary>
static class LiftOfCategory
{
    /// <summary>The 97.5th percentile of the normal distribution.</summary>
    const double Z95 = 1.959963984540054;

    public static FeatureLift Compute(CategoryCodes codes, int category, double[] cells, LabelCodes label, CrossOptions options)
    {
        var width = codes.Labels + 1;
        var rows = cells.Length / width;
        var total = cells.Sum();
        var series = Enumerable.Range(0, codes.Labels).Select(y =>
        {
            var count = Enumerable.Range(0, rows).Sum(row => cells[(row * width) + y]);
            var values = Enumerable.Range(0, rows - 1)
                .Select(x => (Value: codes.Values[category][x], Count: cells.AsSpan(x * width, width).ToArray().Sum(), Together: cells[(x * width) + y]))
                .Where(x => x.Count > options.LiftMinimum && x.Count > 0)
                .Select(x => Lift(x.Value, x.Together, x.Count, count / total, options.Weight is not null))
                .ToList();
            return new LiftSeries(label.Names[y], count, Choose(values, options));
        });
        return new FeatureLift(codes.Columns[category], options.Label!, [.. series]);
    }

    /// <summary>The counts of <see cref="CategoryCodes.WithLabel"/> as weights; sums are exact and rounded once.</summary>
    public static double[] Weigh(DataEngine engine, CrossSource source, CategoryCodes codes, int category, LabelCodes label, string weight)
    {
        var (width, missing) = (codes.Labels + 1, codes.Values[category].Count);
        var sums = new ExactSum[(missing + 1) * width];
        var sql = $"SELECT coalesce({codes.SqlOf(category)}, {missing})::BIGINT, coalesce({label.Sql}, {codes.Labels})::BIGINT, {CrossSource.Number(weight)} FROM {source.Sql}";
        using var reader = new ChunkReader(engine, sql);
        while (reader.Next())
        {
            var x = reader.Column(0).Values<long>();
            var y = reader.Column(1).Values<long>();
            var weights = reader.Column(2);
            for (var row = 0; row < reader.Rows; row++)
            {
                var value = weights.Values<double>()[row];
                if (weights.IsMissing(row) || !double.IsFinite(value) || value < 0)
                    throw new InvalidDataException($"The weight '{weight}' is {(weights.IsMissing(row) ? "missing" : value)} in an example. Expected a finite number of at least 0 in each.");
                (sums[(x[row] * width) + y[row]] ??= new ExactSum()).Add(value);
            }
        }

        return Array.ConvertAll(sums, sum => sum is null ? 0 : ExactRatio.Round(sum.Units(), 1, ExactSum.UnitExponent));
    }

    static LiftValue Lift(string value, double together, double count, double rate, bool isWeighted)
    {
        var share = together / count;
        if (isWeighted)
            return new LiftValue(value, share / rate, count, together, Low: null, High: null);

        // Wilson's interval of a share ("Probable inference", 1927), over the rate, which is known much better.
        var square = Z95 * Z95;
        var middle = (share + (square / (2 * count))) / (1 + (square / count));
        var reach = Z95 / (1 + (square / count)) * Math.Sqrt((share * (1 - share) / count) + (square / (4 * count * count)));
        return new LiftValue(value, share / rate, count, together, Math.Max(0, middle - reach) / rate, Math.Min(1, middle + reach) / rate);
    }

    /// <summary>The greatest first; of equal ones the value that is less byte by byte.</summary>
    static List<LiftValue> Choose(List<LiftValue> values, CrossOptions options)
    {
        var ordered = values.OrderByDescending(value => value.Lift).ThenBy(value => value.Value, TextColumn.Utf8Order).ToList();
        if (options.LiftTop == 0 || options.LiftTop + options.LiftBottom >= ordered.Count)
            return ordered;
        return [.. ordered.Take(options.LiftTop), .. ordered.Skip(ordered.Count - options.LiftBottom)];
    }
}
