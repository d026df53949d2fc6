using System.Globalization;
using System.Numerics;
using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// The correlation ratio of columns of numbers and of categories, by grouping in the engine. Numbers are taken as whole
/// multiples of 2⁻⁴⁵ of the greatest distance from the middle of their range, so that sums are exact in any order.
/// </summary>
static class MixedPairs
{
    const int ScaleBits = 45;

    public static IEnumerable<MixedPair> Compute(DataEngine engine, CrossSource source, IReadOnlyList<string> numbers, CategoryCodes codes)
    {
        if (numbers.Count == 0 || codes.Columns.Count == 0)
            return [];
        var scaled = Scale(engine, source, numbers);
        return codes.Columns.SelectMany((_, category) => OfCategory(engine, source, numbers, scaled, codes, category)).ToList()
            .OrderBy(pair => IndexOf(numbers, pair.Number));
    }

    static IEnumerable<MixedPair> OfCategory(
        DataEngine engine, CrossSource source, IReadOnlyList<string> numbers, IReadOnlyList<string> scaled, CategoryCodes codes, int category)
    {
        var names = Enumerable.Range(0, numbers.Count).Select(index => string.Create(CultureInfo.InvariantCulture, $"n{index}")).ToList();
        var sums = string.Join(", ", names.Select(name => $"count({name}), coalesce(sum({name}), 0), coalesce(sum({name}::HUGEINT * {name}), 0)"));
        var sql = $"SELECT {sums} FROM (SELECT {codes.SqlOf(category)} AS code, {string.Join(", ", scaled.Zip(names, (sql, name) => $"{sql} AS {name}"))} FROM {source.Sql}) "
            + "WHERE code IS NOT NULL GROUP BY code ORDER BY code";
        var groups = engine.Query(sql, row => names.Select((_, index) => (
            Count: row.GetInt64(3 * index), Sum: row.GetFieldValue<BigInteger>((3 * index) + 1), Squares: row.GetFieldValue<BigInteger>((3 * index) + 2))).ToArray()).ToList();
        return numbers.Select((number, index) =>
        {
            var (count, sum, squares) = (0L, BigInteger.Zero, BigInteger.Zero);
            foreach (var group in groups)
                (count, sum, squares) = (count + group[index].Count, sum + group[index].Sum, squares + group[index].Squares);
            return new MixedPair(number, codes.Columns[category], count, Ratio(groups.ConvertAll(group => (group[index].Count, group[index].Sum)), count, sum, squares));
        });
    }

    /// <summary>Σ over groups of n_g·(mean_g − mean)², as a share of Σ (x − mean)².</summary>
    static double Ratio(List<(long Count, BigInteger Sum)> groups, long count, BigInteger sum, BigInteger squares)
    {
        if (count == 0)
            return 0;
        var whole = (count * squares) - (sum * sum);
        if (whole.IsZero)
            return 0;
        var between = 0.0;
        foreach (var (size, part) in groups.Where(group => group.Count > 0))
        {
            // n·(s_g − n_g·s/n)²/n_g, with the difference exact.
            var distance = (part * count) - (size * sum);
            between += ExactRatio.Round(distance * distance, whole * size * count, 0);
        }

        return Math.Clamp(between, 0, 1);
    }

    static string[] Scale(DataEngine engine, CrossSource source, IReadOnlyList<string> numbers)
    {
        var bounds = string.Join(", ", numbers.Select(CrossSource.Number).Select(number =>
            $"coalesce(min({number}) FILTER (isfinite({number})), 0), coalesce(max({number}) FILTER (isfinite({number})), 0)"));
        return engine.Query($"SELECT {bounds} FROM {source.Sql}", row => numbers.Select((column, index) =>
        {
            var (least, greatest) = (row.GetDouble(2 * index), row.GetDouble((2 * index) + 1));
            var number = CrossSource.Number(column);

            // Halves first: the span of two doubles may be none.
            var middle = (least / 2) + (greatest / 2);
            var reach = (greatest / 2) - (least / 2);
            var value = reach == 0 ? "0" : $"({number} - {CrossSource.Literal(middle)}) / {CrossSource.Literal(reach)} * {CrossSource.Literal(Math.ScaleB(1, ScaleBits))}";
            return $"CASE WHEN isfinite({number}) THEN CAST(round({value}) AS BIGINT) END";
        }).ToArray()).Single();
    }

    static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var index = 0; index < names.Count; index++)
        {
            if (names[index] == name)
                return index;
        }

        return -1;
    }
}
