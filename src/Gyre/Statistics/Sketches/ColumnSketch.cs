using System.Numerics;
using Gyre.Data;

namespace Gyre.Statistics.Sketches;

/// <summary>What is kept of one column, in memory that does not grow with the data. Parts merge into the whole.</summary>
sealed class ColumnSketch
{
    /// <param name="options">How large the sketches are.</param>
    /// <param name="isText">Whether the column holds texts or bytes instead of numbers.</param>
    public ColumnSketch(SketchOptions options, bool isText)
    {
        IsText = isText;
        Quantiles = new QuantileSketch(options.QuantileSize);
        Lengths = new QuantileSketch(options.QuantileSize);
        Distinct = new DistinctSketch(options.DistinctSize);
        Frequent = new FrequentTexts(options.FrequentSize);
    }

    public bool IsText { get; }

    /// <summary>Rows that have the feature, be it with no value in it.</summary>
    public long Present { get; private set; }

    public long Missing { get; private set; }

    public long Values { get; private set; }

    public long NotNumbers { get; private set; }

    public long Zeros { get; private set; }

    public double Least { get; private set; } = double.PositiveInfinity;

    public double Greatest { get; private set; } = double.NegativeInfinity;

    /// <summary>Bytes of all texts.</summary>
    public long Bytes { get; private set; }

    public long LeastBytes { get; private set; } = long.MaxValue;

    public long MostBytes { get; private set; }

    /// <summary>Texts that are too long to be listed.</summary>
    public long LongTexts { get; private set; }

    /// <summary>Exact, of finite numbers.</summary>
    public ExactMoments Moments { get; private set; } = new();

    public QuantileSketch Quantiles { get; private set; }

    /// <summary>How many values there are to a row that has the feature.</summary>
    public QuantileSketch Lengths { get; private set; }

    public DistinctSketch Distinct { get; private set; }

    public FrequentTexts Frequent { get; private set; }

    public void AddMissing() => Missing++;

    public void AddRow(int values)
    {
        Present++;
        Values += values;
        Lengths.Add(values);
    }

    public void AddNumber(double value)
    {
        if (double.IsNaN(value))
        {
            NotNumbers++;
            return;
        }

        if (value == 0)
            Zeros++;
        Least = Math.Min(Least, value);
        Greatest = Math.Max(Greatest, value);
        Quantiles.Add(value == 0 ? 0 : value);
        if (double.IsFinite(value))
            Moments.Add(value);
    }

    public void AddBytes(ReadOnlySpan<byte> value, bool isListed)
    {
        Bytes += value.Length;
        LeastBytes = Math.Min(LeastBytes, value.Length);
        MostBytes = Math.Max(MostBytes, value.Length);
        Distinct.Add(value);
        if (value.Length > SketchEngine.LongestListed)
            LongTexts++;
        else if (isListed)
            Frequent.Add(value);
    }

    public void Merge(ColumnSketch other)
    {
        if (other.IsText != IsText)
            throw new ArgumentException("A sketch of texts and one of numbers cannot be merged. Expected sketches of the same column.", nameof(other));
        Present += other.Present;
        Missing += other.Missing;
        Values += other.Values;
        NotNumbers += other.NotNumbers;
        Zeros += other.Zeros;
        Least = Math.Min(Least, other.Least);
        Greatest = Math.Max(Greatest, other.Greatest);
        Bytes += other.Bytes;
        LeastBytes = Math.Min(LeastBytes, other.LeastBytes);
        MostBytes = Math.Max(MostBytes, other.MostBytes);
        LongTexts += other.LongTexts;
        Moments.Add(other.Moments);
        Quantiles.Merge(other.Quantiles);
        Lengths.Merge(other.Lengths);
        Distinct.Merge(other.Distinct);
        Frequent.Merge(other.Frequent);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(IsText);
        foreach (var count in new[] { Present, Missing, Values, NotNumbers, Zeros, Bytes, LeastBytes, MostBytes, LongTexts, Moments.Count })
            writer.Write(count);
        writer.Write(Least);
        writer.Write(Greatest);
        WriteWhole(writer, Moments.Sum.Units());
        WriteWhole(writer, Moments.Squares.Units());
        Quantiles.Write(writer);
        Lengths.Write(writer);
        Distinct.Write(writer);
        Frequent.Write(writer);
    }

    public static ColumnSketch Read(BinaryReader reader, SketchOptions options)
    {
        var result = new ColumnSketch(options, reader.ReadBoolean())
        {
            Present = reader.ReadInt64(),
            Missing = reader.ReadInt64(),
            Values = reader.ReadInt64(),
            NotNumbers = reader.ReadInt64(),
            Zeros = reader.ReadInt64(),
            Bytes = reader.ReadInt64(),
            LeastBytes = reader.ReadInt64(),
            MostBytes = reader.ReadInt64(),
            LongTexts = reader.ReadInt64(),
        };
        var count = reader.ReadInt64();
        (result.Least, result.Greatest) = (reader.ReadDouble(), reader.ReadDouble());
        result.Moments = ExactMoments.Of(count, ReadWhole(reader), ReadWhole(reader));
        result.Quantiles = QuantileSketch.Read(reader);
        result.Lengths = QuantileSketch.Read(reader);
        result.Distinct = DistinctSketch.Read(reader);
        result.Frequent = FrequentTexts.Read(reader);
        return result;
    }

    /// <summary>Takes the rows of a chunk.</summary>
    /// <param name="vector">The column in the chunk: texts, bytes or doubles, or lists of these.</param>
    /// <param name="rows">The chunk's rows.</param>
    /// <param name="isList">Whether each row holds a list.</param>
    /// <param name="isListed">Whether texts are counted one by one; not for bytes.</param>
    public void Take(ColumnVector vector, int rows, bool isList, bool isListed)
    {
        for (var row = 0; row < rows; row++)
        {
            if (vector.IsMissing(row))
            {
                AddMissing();
                continue;
            }

            if (!isList)
            {
                AddRow(1);
                Take(vector, row, isListed);
                continue;
            }

            var entry = vector.Lists[row];
            AddRow(checked((int)entry.Length));
            var elements = vector.Elements;
            for (var element = entry.Offset; element < entry.Offset + entry.Length; element++)
                Take(elements, (int)element, isListed);
        }
    }

    void Take(ColumnVector vector, int row, bool isListed)
    {
        if (vector.IsMissing(row))
            return;
        if (IsText)
            AddBytes(vector.Utf8(row), isListed);
        else
            AddNumber(vector.Values<double>()[row]);
    }

    static void WriteWhole(BinaryWriter writer, BigInteger value)
    {
        var bytes = value.ToByteArray();
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    static BigInteger ReadWhole(BinaryReader reader) => new(reader.ReadBytes(reader.ReadInt32()));
}
