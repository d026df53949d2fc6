using System.Globalization;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A column of a Parquet file: what it is there, and what it becomes.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Reference">Its name in the data engine's SQL.</param>
/// <param name="SqlType">Its type as the data engine says it.</param>
sealed record ParquetField(string Name, string Reference, string SqlType)
{
    const string Each = "each";

    /// <summary>Decimals of so many digits survive in a double.</summary>
    const int MostDigits = 15;

    /// <summary>The type of its values; of a list that of its elements.</summary>
    string Element => IsList ? SqlType[..^2] : SqlType;

    public bool IsList => SqlType.EndsWith("[]", StringComparison.Ordinal);

    /// <summary>What it becomes among examples, unless <see cref="Doubt"/> comes true; null when it has no form there.</summary>
    public ColumnType? Type => Kind switch
    {
        "BOOLEAN" or "integer" => ColumnType.Integer,
        "real" or "DECIMAL" => ColumnType.Real,
        "BLOB" => ColumnType.Bytes,
        "VARCHAR" or "UUID" or "ENUM" or "DATE" or "TIME" or "TIME WITH TIME ZONE" or "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" => ColumnType.Text,
        _ => null,
    };

    /// <summary>What files must agree in: types that become the same by the same rule are of one kind.</summary>
    public string Kind => Element switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "HUGEINT" or "UHUGEINT" => "integer",
        "FLOAT" or "DOUBLE" => "real",
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => "TIMESTAMP",
        "JSON" => "VARCHAR",
        ['D', 'E', 'C', 'I', 'M', 'A', 'L', '(', ..] => "DECIMAL",
        ['E', 'N', 'U', 'M', '(', ..] => "ENUM",
        var other => other,
    };

    /// <summary>The column as values of text or bytes, in SQL.</summary>
    public string Expression => Type is null ? "NULL" : IsList ? OfList() : OfValue(Element, Reference);

    /// <summary>SQL that tells of a column whether it holds a number that would not survive as one, so that it has to become text; null where none can.</summary>
    public string? Doubt
    {
        get
        {
            if (Misses("value") is not { } misses)
                return null;
            return IsList
                ? $"coalesce(bool_or(list_bool_or(list_transform({Reference}, lambda value: {misses}))), false)"
                : $"coalesce(bool_or({Misses(Reference)}), false)";
        }
    }

    /// <summary>Why it cannot be read, with the cure; null when it can.</summary>
    public string? Problem => Type is not null ? null
        : Element.EndsWith(']') ? Refuse("a list of lists", "take it apart before")
        : Kind.StartsWith("STRUCT", StringComparison.Ordinal) ? Refuse("a struct", "make a column of each of its fields before")
        : Kind.StartsWith("MAP", StringComparison.Ordinal) ? Refuse("a map", "make columns or two lists of it before")
        : Refuse($"of type {Element}", "convert it before");

    string? Misses(string value) => Element switch
    {
        "BIGINT" or "UBIGINT" or "HUGEINT" or "UHUGEINT" => $"{value} NOT BETWEEN {-TypeInference.MostExact} AND {TypeInference.MostExact}",
        ['D', 'E', 'C', 'I', 'M', 'A', 'L', ..] when Digits() > MostDigits => $"coalesce(TRY_CAST(CAST(CAST(CAST({value} AS VARCHAR) AS DOUBLE) AS VARCHAR) AS {Element}) <> {value}, {value} IS NOT NULL)",
        _ => null,
    };

    /// <summary>The digits of a type such as DECIMAL(18,2).</summary>
    int Digits() => int.Parse(Element.AsSpan(Element.IndexOf('(', StringComparison.Ordinal) + 1, Element.IndexOf(',', StringComparison.Ordinal) - Element.IndexOf('(', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture);

    string Refuse(string what, string cure) =>
        $"the column '{Name}' is {what} ({SqlType}), which has no form among examples. Expected texts, numbers, flags, dates, times, bytes, or lists of these: {cure}, or choose other columns with Columns";

    string OfList() => OfValue(Element, Each) is var value && value == Each ? Reference : $"list_transform({Reference}, lambda {Each}: {value})";

    /// <summary>Text exactly as much as the value; dates and times by ISO 8601.</summary>
    static string OfValue(string type, string value) => type switch
    {
        "VARCHAR" or "BLOB" => value,
        "BOOLEAN" => $"CAST(CAST({value} AS TINYINT) AS VARCHAR)",
        "FLOAT" => $"CAST(CAST({value} AS DOUBLE) AS VARCHAR)",
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => $"replace(CAST({value} AS VARCHAR), ' ', 'T')",

        // By way of the instant, so that the time zone of this machine does not matter.
        "TIMESTAMP WITH TIME ZONE" => $"replace(CAST(make_timestamp(epoch_us({value})) AS VARCHAR), ' ', 'T') || 'Z'",
        _ => $"CAST({value} AS VARCHAR)",
    };
}
