using System.Globalization;
using Gyre.Data;

namespace Gyre.Schemas;

/// <summary>Says which examples are to blame for a finding, in the data engine's SQL.</summary>
/// <param name="Judged">What it judges of an example.</param>
/// <param name="Condition">Makes the condition out of the SQL of what is judged; true for an offender.</param>
sealed record Offence(Judged Judged, Func<string, string> Condition)
{
    /// <summary>The feature is missing.</summary>
    public static Offence Absent { get; } = new(Judged.Presence, static column => $"({column} IS NULL OR CAST({column} AS VARCHAR) = '')");

    public static Offence NotAmong(IReadOnlyCollection<string> values) => new(Judged.Value, value => values.Count == 0
        ? $"{value} IS NOT NULL"
        : $"{Text(value)} NOT IN ({string.Join(", ", values.Select(SqlText.Literal))})");

    public static Offence Below(long limit) => new(Judged.Value, value => string.Create(CultureInfo.InvariantCulture, $"TRY_CAST({value} AS HUGEINT) < {limit}"));

    public static Offence Above(long limit) => new(Judged.Value, value => string.Create(CultureInfo.InvariantCulture, $"TRY_CAST({value} AS HUGEINT) > {limit}"));

    public static Offence Outside(long least, long most) => new(Judged.Value, value => string.Create(CultureInfo.InvariantCulture, $"TRY_CAST({value} AS HUGEINT) NOT BETWEEN {least} AND {most}"));

    /// <summary>The schema's bounds are singles, so the data is compared as singles.</summary>
    public static Offence Below(float limit) => new(Judged.Value, value => $"{Single(value)} < {Number(limit)}");

    /// <summary>Not a number counts as greater than all numbers in the data engine, but here as none.</summary>
    public static Offence Above(float limit) => new(Judged.Value, value => $"({Single(value)} > {Number(limit)} AND NOT isnan({Single(value)}))");

    public static Offence NotInteger { get; } = new(Judged.Value, static value =>
        $"({value} IS NOT NULL AND (TRY_CAST({value} AS BIGINT) IS NULL OR NOT regexp_full_match({Text(value)}, '\\s*[+-]?[0-9]+(\\.0)?\\s*')))");

    public static Offence NotReal { get; } = new(Judged.Value, static value => $"({value} IS NOT NULL AND TRY_CAST({value} AS DOUBLE) IS NULL)");

    public static Offence NotNumber { get; } = new(Judged.Value, static value => $"isnan(TRY_CAST({value} AS DOUBLE))");

    public static Offence Infinite { get; } = new(Judged.Value, static value => $"isinf(TRY_CAST({value} AS DOUBLE))");

    public static Offence NotZeroOrOne { get; } = new(Judged.Value, static value => $"TRY_CAST({value} AS DOUBLE) NOT IN (0, 1)");

    public static Offence Fewer(long limit) => new(Judged.Count, count => string.Create(CultureInfo.InvariantCulture, $"{count} < {limit}"));

    public static Offence More(long limit) => new(Judged.Count, count => string.Create(CultureInfo.InvariantCulture, $"{count} > {limit}"));

    public static Offence OtherThan(long size) => new(Judged.Count, count => string.Create(CultureInfo.InvariantCulture, $"coalesce({count}, 0) <> {size}"));

    static string Text(string value) => $"CAST({value} AS VARCHAR)";

    static string Single(string value) => $"TRY_CAST(TRY_CAST({value} AS DOUBLE) AS FLOAT)";

    static string Number(float value) => value switch
    {
        float.PositiveInfinity => "'inf'::FLOAT",
        float.NegativeInfinity => "'-inf'::FLOAT",
        _ => $"{value.ToString("R", CultureInfo.InvariantCulture)}::FLOAT",
    };
}

/// <summary>What of an example decides whether it offends.</summary>
enum Judged
{
    /// <summary>Each of its values.</summary>
    Value,

    /// <summary>Whether it has the feature.</summary>
    Presence,

    /// <summary>How many values it has.</summary>
    Count,
}
