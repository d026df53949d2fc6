namespace Gyre.Data;

/// <summary>What a column of a Parquet file holds, and how it stands there.</summary>
public enum ParquetType
{
    /// <summary>FLOAT, or FLOAT[] of equal length in every row.</summary>
    Float,

    /// <summary>DOUBLE.</summary>
    Double,

    /// <summary>BIGINT.</summary>
    Integer,

    /// <summary>INTEGER[], of any length in each row.</summary>
    IntegerList,

    /// <summary>VARCHAR.</summary>
    Text,
}

/// <summary>The name and type of a column of a Parquet file.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Width">How many floats stand in one row: 1 makes a plain FLOAT, more a FLOAT[].</param>
public sealed record ParquetColumn(string Name, ParquetType Type, int Width = 1)
{
    internal bool IsList => Width > 1 || Type == ParquetType.IntegerList;
}

/// <summary>The values of one column over some consecutive rows, in flat arrays.</summary>
public abstract record ColumnValues
{
    internal abstract int Rows { get; }
}

/// <summary>Floats, <paramref name="Width"/> to a row, row by row. Alone in its row, NaN means missing.</summary>
public sealed record FloatValues(float[] Values, int Width = 1) : ColumnValues
{
    internal override int Rows => Values.Length / Width;
}

/// <summary>Real numbers; NaN means missing.</summary>
public sealed record DoubleValues(double[] Values) : ColumnValues
{
    internal override int Rows => Values.Length;
}

/// <summary>Whole numbers, none missing.</summary>
public sealed record IntegerValues(long[] Values) : ColumnValues
{
    internal override int Rows => Values.Length;

    /// <summary>The values with 32 bits.</summary>
    /// <exception cref="OverflowException">A value needs more.</exception>
    public int[] ToInt32() => Array.ConvertAll(Values, value => checked((int)value));
}

/// <summary>Whole numbers of variable count per row: those of row i are <c>Values[Offsets[i] .. Offsets[i + 1]]</c>.</summary>
/// <param name="Values">The numbers of all rows, one after the other.</param>
/// <param name="Offsets">Rows + 1 positions in <paramref name="Values"/>.</param>
public sealed record IntegerListValues(int[] Values, int[] Offsets) : ColumnValues
{
    internal override int Rows => Offsets.Length - 1;
}

/// <summary>Texts; null means missing.</summary>
public sealed record TextValues(string?[] Values) : ColumnValues
{
    internal override int Rows => Values.Length;
}
