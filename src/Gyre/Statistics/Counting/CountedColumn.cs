using Gyre.Data;

namespace Gyre.Statistics.Counting;

/// <summary>What the values of a column are.</summary>
enum ValueKind
{
    Integer,
    Real,
    Text,

    /// <summary>Bytes that need not be text.</summary>
    Bytes,
}

/// <summary>A column as it is counted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="IsList">Whether an example may have any number of values.</param>
sealed record CountedColumn(string Name, ValueKind Kind, bool IsList)
{
    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Real;

    /// <summary>The columns of a Parquet file, with what selects each.</summary>
    /// <exception cref="InvalidDataException">A column holds what cannot be counted.</exception>
    public static IReadOnlyList<(CountedColumn Column, string Sql)> Of(DataEngine engine, string parquetPath) =>
        [.. ParquetFile.Columns(engine, parquetPath).Select(column => Of(column.Name, column.SqlType, parquetPath))];

    static (CountedColumn Column, string Sql) Of(string name, string sqlType, string path)
    {
        var bracket = sqlType.EndsWith(']') ? sqlType.LastIndexOf('[') : -1;
        var isList = bracket >= 0;
        var element = isList ? sqlType[..bracket] : sqlType;
        var (kind, cast) = element switch
        {
            "VARCHAR" => (ValueKind.Text, "VARCHAR"),
            "BLOB" => (ValueKind.Bytes, "BLOB"),
            "BOOLEAN" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => (ValueKind.Integer, "BIGINT"),
            "FLOAT" or "DOUBLE" or "UBIGINT" or "HUGEINT" or "UHUGEINT" => (ValueKind.Real, "DOUBLE"),
            "DATE" or "TIME" or "UUID" => (ValueKind.Text, "VARCHAR"),
            _ when element.StartsWith("DECIMAL", StringComparison.Ordinal) => (ValueKind.Real, "DOUBLE"),
            _ when element.StartsWith("TIMESTAMP", StringComparison.Ordinal) || element.StartsWith("ENUM", StringComparison.Ordinal) => (ValueKind.Text, "VARCHAR"),
            _ => throw new InvalidDataException($"The column '{name}' of {path} is of type {sqlType}. Expected text (VARCHAR), whole numbers (BIGINT), real ones (DOUBLE), bytes (BLOB), or lists of these."),
        };
        var target = isList ? $"{cast}[]" : cast;
        var quoted = SqlText.Identifier(name);
        return (new CountedColumn(name, kind, isList), target == sqlType ? quoted : $"CAST({quoted} AS {target})");
    }

    /// <summary>What a column is whose values are of two types: whole numbers and real ones make real ones.</summary>
    /// <exception cref="InvalidDataException">The types have nothing in common.</exception>
    public CountedColumn With(CountedColumn other)
    {
        if (this == other)
            return this;
        if (IsNumber && other.IsNumber)
            return this with { Kind = Kind == other.Kind ? Kind : ValueKind.Real, IsList = IsList || other.IsList };
        return !IsNumber && !other.IsNumber
            ? this with { Kind = Kind == other.Kind ? Kind : ValueKind.Bytes, IsList = IsList || other.IsList }
            : throw new InvalidDataException($"The column '{Name}' holds {Kind} in one part of the data and {other.Kind} in another. Expected one type: give it one when the data is read.");
    }
}
