using System.Globalization;
using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>The values of the label as whole numbers from 0: its categories in their order, or bins of equal count.</summary>
sealed class LabelCodes
{
    const string EnumName = "label_values";

    LabelCodes(string sql, IReadOnlyList<string> names) => (Sql, Names) = (sql, names);

    /// <summary>The code of a row's label; NULL when it has none.</summary>
    public string Sql { get; }

    /// <summary>What each code means to people.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The whole numbers that codes stand for; null when they stand for something else.</summary>
    public IReadOnlyList<long>? Integers { get; private init; }

    /// <summary>The bounds of bins; null when codes stand for values.</summary>
    public IReadOnlyList<(double Low, double High)>? Bins { get; private init; }

    public static LabelCodes Find(DataEngine engine, CrossSource source, CrossOptions options)
    {
        var label = options.Label!;
        var type = source.Types[label];
        if (CrossSource.IsText(type))
            return OfTexts(engine, source, label, options.MaxDistinct);
        if (!CrossSource.IsNumber(type))
            throw new InvalidDataException($"The label '{label}' holds {type}. Expected one text or number to an example.");
        var number = CrossSource.Number(label);
        var values = engine.Query(
            $"SELECT DISTINCT {number} AS value FROM {source.Sql} WHERE {number} IS NOT NULL AND NOT isnan({number}) ORDER BY value LIMIT {options.MaxLabelValues + 1}",
            row => row.GetDouble(0)).ToList();
        if (values.Count == 0)
            throw new InvalidDataException($"The label '{label}' has no value in {source.Rows} examples. Expected some: is it the right column?");
        return values.Count <= options.MaxLabelValues
            ? OfValues(number, values, CrossSource.IsWhole(type))
            : OfBins(engine, source, number, options.Bins);
    }

    static LabelCodes OfTexts(DataEngine engine, CrossSource source, string label, int most)
    {
        var names = CategoryCodes.ValuesOf(engine, source, label, most);
        if (names.Count == 0)
            throw new InvalidDataException($"The label '{label}' has no value in {source.Rows} examples. Expected some: is it the right column?");
        if (names.Count > most)
            throw new InvalidDataException($"The label '{label}' has more than {most} different texts. Expected a category; raise MaxDistinct if it is one.");
        return new LabelCodes(CategoryCodes.Make(engine, source, label, EnumName), names);
    }

    static LabelCodes OfValues(string number, List<double> values, bool isWhole) => new(
        $"CAST(list_position([{string.Join(", ", values.Select(CrossSource.Literal))}], {number}) - 1 AS USMALLINT)",
        [.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))])
    {
        Integers = isWhole && values.TrueForAll(value => Math.Abs(value) <= int.MaxValue) ? [.. values.Select(value => (long)value)] : null,
        Bins = isWhole ? null : [.. values.Select(value => (value, value))],
    };

    /// <summary>A value that equals a boundary belongs to the bin above it.</summary>
    static LabelCodes OfBins(DataEngine engine, CrossSource source, string number, int bins)
    {
        var present = $"{number} IS NOT NULL AND NOT isnan({number})";
        var count = engine.Scalar<long>($"SELECT count(*) FROM {source.Sql} WHERE {present}");
        var ranks = Enumerable.Range(1, bins - 1).Select(part => QuantileRank.Of(count, part, bins) + 1);
        var least = engine.Scalar<double>($"SELECT min({number}) FROM {source.Sql} WHERE {present}");
        var boundaries = engine.Query(
            $"SELECT DISTINCT value FROM (SELECT {number} AS value, row_number() OVER (ORDER BY {number}) AS rank FROM {source.Sql} WHERE {present}) "
            + $"WHERE rank IN ({string.Join(", ", ranks)}) ORDER BY value",
            row => row.GetDouble(0)).Where(boundary => boundary > least).ToList();
        double[] edges = [double.NegativeInfinity, .. boundaries, double.PositiveInfinity];
        var ranges = edges.Zip(edges.Skip(1)).ToList();
        var cases = boundaries.Select((boundary, bin) => $"WHEN {number} < {CrossSource.Literal(boundary)} THEN {bin}");
        return new LabelCodes(
            $"CAST(CASE WHEN NOT ({present}) THEN NULL {string.Join(' ', cases)} ELSE {boundaries.Count} END AS USMALLINT)",
            [.. ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"[{range.First}, {range.Second}{(double.IsPositiveInfinity(range.Second) ? "]" : ")")}"))])
        {
            Bins = ranges,
        };
    }
}
