using System.Globalization;
using Gyre.Data;

namespace Gyre.Schemas;

/// <summary>Says which examples are to blame for a finding, in the data engine's SQL.</summary>
/// <param name="IsOfValue">Whether it judges each value; otherwise the example as a whole.</param>
/// <param name="Condition">Makes the condition out of the SQL of what is judged; true for an offender.</param>
sealed record Offence(bool IsOfValue, Func<string, string> Condition)
{
    const string Missing = "the value is missing";

    /// <summary>What to show where an offender has no value that could be shown.</summary>
    public string? Shown { get; init; }

    /// <summary>The feature is missing.</summary>
    public static Offence Absent { get; } = new(IsOfValue: false, static column => $"({column} IS NULL OR CAST({column} AS VARCHAR) = '')") { Shown = Missing };

    public static Offence NotAmong(IReadOnlyCollection<string> values) => new(IsOfValue: true, value => values.Count == 0
        ? $"{value} IS NOT NULL"
        : $"{Text(value)} NOT IN ({string.Join(", ", values.Select(SqlText.Literal))})");

    public static Offence Below(long limit) => new(IsOfValue: true, value => string.Create(CultureInfo.InvariantCulture, $"TRY_CAST({value} AS HUGEINT) < {limit}"));

    public static Offence Above(long limit) => new(IsOfValue: true, value => string.Create(CultureInfo.InvariantCulture, $"TRY_CAST({value} AS HUGEINT) > {limit}"));

    /// <summary>The schema's bounds are singles, so the data is compared as singles.</summary>
    public static Offence Below(float limit) => new(IsOfValue: true, value => $"{Single(value)} < {Number(limit)}");

    /// <summary>Not a number counts as greater than all numbers in the data engine, but here as none.</summary>
    public static Offence Above(float limit) => new(IsOfValue: true, value => $"({Single(value)} > {Number(limit)} AND NOT isnan({Single(value)}))");

    public static Offence NotInteger { get; } = new(IsOfValue: true, static value =>
        $"({value} IS NOT NULL AND (TRY_CAST({value} AS BIGINT) IS NULL OR NOT regexp_full_match({Text(value)}, '\\s*[+-]?[0-9]+(\\.0)?\\s*')))");

    public static Offence NotReal { get; } = new(IsOfValue: true, static value => $"({value} IS NOT NULL AND TRY_CAST({value} AS DOUBLE) IS NULL)");

    public static Offence NotNumber { get; } = new(IsOfValue: true, static value => $"isnan(TRY_CAST({value} AS DOUBLE))");

    public static Offence Infinite { get; } = new(IsOfValue: true, static value => $"isinf(TRY_CAST({value} AS DOUBLE))");

    public static Offence NotZeroOrOne { get; } = new(IsOfValue: true, static value => $"TRY_CAST({value} AS DOUBLE) NOT IN (0, 1)");

    /// <summary>Fewer values than demanded; an example without the feature is judged by its presence, not by this.</summary>
    public static Offence Fewer(long limit) => new(IsOfValue: false, column => string.Create(CultureInfo.InvariantCulture, $"len({column}) < {limit}"));

    public static Offence More(long limit) => new(IsOfValue: false, column => string.Create(CultureInfo.InvariantCulture, $"len({column}) > {limit}"));

    public static Offence OtherThan(long size) => new(IsOfValue: false, column => string.Create(CultureInfo.InvariantCulture, $"coalesce(len({column}), 0) <> {size}"));

    static string Text(string value) => $"CAST({value} AS VARCHAR)";

    static string Single(string value) => $"TRY_CAST(TRY_CAST({value} AS DOUBLE) AS FLOAT)";

    static string Number(float value) => value switch
    {
        float.PositiveInfinity => "'inf'::FLOAT",
        float.NegativeInfinity => "'-inf'::FLOAT",
        _ => $"{value.ToString("R", CultureInfo.InvariantCulture)}::FLOAT",
    };
}
