namespace Gyre.Data;

/// <summary>Quotes names and texts so that they mean themselves in the data engine's SQL, whatever they hold.</summary>
public static class SqlText
{
    /// <summary>A name of a column or table, in double quotes.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text value, in single quotes.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
