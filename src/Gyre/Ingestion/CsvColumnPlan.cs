using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>How one column is read, and what is known of it so far.</summary>
sealed class CsvColumnPlan(Column column, ColumnType? demanded, byte[][] nullTokens, bool isRequired)
{
    public Column Column => column;

    public ColumnType? Demanded => demanded;

    public bool IsRequired => isRequired;

    public TypeInference Inference { get; } = new();

    public ColumnType Type => demanded ?? Inference.Type;

    /// <summary>Its position in the file that is being read.</summary>
    public int Field { get; set; }

    public string Sql => Type switch
    {
        ColumnType.Integer => $"CAST({SqlText.Identifier(column.Name)} AS BIGINT) AS {SqlText.Identifier(column.Name)}",
        ColumnType.Real => $"CAST({SqlText.Identifier(column.Name)} AS DOUBLE) AS {SqlText.Identifier(column.Name)}",
        _ => SqlText.Identifier(column.Name),
    };

    /// <summary>Whether it has no value in the row that is being read.</summary>
    public bool IsMissing { get; set; }

    public bool MeansMissing(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return true;
        foreach (var token in nullTokens)
        {
            if (value.SequenceEqual(token))
                return true;
        }

        return false;
    }
}
