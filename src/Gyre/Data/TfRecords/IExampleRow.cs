namespace Gyre.Data.TfRecords;

/// <summary>A row whose values are to be written, wherever they lie.</summary>
interface IExampleRow
{
    /// <summary>How many values a column has; −1 when it is missing.</summary>
    int CountOf(int column);

    long Integer(int column, int index);

    double Real(int column, int index);

    /// <summary>A text in UTF-8, or bytes.</summary>
    ReadOnlySpan<byte> Bytes(int column, int index);
}

/// <summary>A row of the chunk on which a reader stands.</summary>
/// <param name="reader">The reader.</param>
/// <param name="row">The position in its chunk.</param>
/// <param name="columns">The columns, for which of them are lists.</param>
readonly struct ChunkRow(ChunkReader reader, int row, IReadOnlyList<ExampleColumn> columns) : IExampleRow
{
    public int CountOf(int column)
    {
        var vector = reader.Column(column);
        return vector.IsMissing(row) ? -1 : columns[column].IsList ? (int)vector.Lists[row].Length : 1;
    }

    public long Integer(int column, int index) => Values(column, index, out var at).Values<long>()[at];

    public double Real(int column, int index) => Values(column, index, out var at).Values<double>()[at];

    public ReadOnlySpan<byte> Bytes(int column, int index) => Values(column, index, out var at).Utf8(at);

    ColumnVector Values(int column, int index, out int at)
    {
        var vector = reader.Column(column);
        at = columns[column].IsList ? (int)vector.Lists[row].Offset + index : row;
        return columns[column].IsList ? vector.Elements : vector;
    }
}
