using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A column of a query's result on PostgreSQL.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type as the server says it.</param>
/// <param name="IsExact">Whether doubles hold all its numbers.</param>
sealed record PostgresColumn(string Name, string SqlType, bool IsExact)
{
    public SqlField Field => new(Name, Type, IsList, Element.StartsWith("timestamp", StringComparison.Ordinal));

    bool IsList => SqlType.EndsWith("[]", StringComparison.Ordinal);

    string Element => IsList ? SqlType[..^2] : SqlType;

    /// <summary>The type without its length, such as numeric of numeric(10,2).</summary>
    string Kind => Element.IndexOf('(', StringComparison.Ordinal) is var bracket and > 0 ? Element[..bracket].Trim() : Element;

    ColumnType Type => Kind switch
    {
        "bytea" => ColumnType.Bytes,
        _ when !IsExact => ColumnType.Text,
        "smallint" or "integer" or "bigint" or "boolean" or "oid" => ColumnType.Integer,
        "real" or "double precision" or "numeric" => ColumnType.Real,
        _ => ColumnType.Text,
    };

    /// <summary>SQL that gives it as texts that say all of its values; bytes as they are.</summary>
    public string Expression(string column) => (Kind, IsList) switch
    {
        ("bytea", _) => column,
        ("boolean", false) => $"{column}::int::text",
        ("boolean", true) => $"{column}::int[]::text[]",
        ("real", false) => $"{column}::float8::text",
        ("real", true) => $"{column}::float8[]::text[]",
        (_, true) => $"{column}::text[]",
        _ => $"{column}::text",
    };

    /// <summary>SQL that tells whether it holds a number that a double cannot; null where none can.</summary>
    public string? Doubt(string column)
    {
        var misses = Kind switch
        {
            "bigint" => $"NOT BETWEEN {-TypeInference.MostExact} AND {TypeInference.MostExact}",

            // Back from a double come 15 digits.
            "numeric" => "IS DISTINCT FROM",
            _ => null,
        };
        if (misses is null)
            return null;
        string Of(string value) => Kind == "bigint" ? $"{value} {misses}" : $"{value}::float8::numeric {misses} {value}";
        return IsList
            ? $"coalesce(bool_or((SELECT bool_or({Of("e")}) FROM unnest({column}) AS u(e))), false)"
            : $"coalesce(bool_or({Of(column)}), false)";
    }
}
