using Gyre.Data;

namespace Gyre.Statistics.Counting;

/// <summary>
/// A column in which the same few values come again and again. The engine, to which they are numbers of a dictionary, says
/// how often each occurs; no example is looked at on its own.
/// </summary>
static class ColumnOfFewValues
{
    /// <summary>Fewer examples than this are counted sooner than a query is planned.</summary>
    const int FewExamples = 1 << 16;

    /// <summary>Texts that take at most so many bytes of the file each are numbers of a dictionary, or so short that few differ.</summary>
    const int BytesOfText = 6;

    /// <summary>The same of numbers, which as themselves take four bytes or eight.</summary>
    const int BytesOfNumber = 2;

    /// <param name="column">A column.</param>
    /// <param name="bytes">What its values take, unpacked.</param>
    /// <param name="examples">How many examples there are.</param>
    public static bool Is(CountedColumn column, long bytes, long examples) =>
        examples >= FewExamples && !column.IsList && bytes <= examples * (column.IsNumber ? BytesOfNumber : BytesOfText);

    /// <param name="engine">Where to count.</param>
    /// <param name="source">The examples, in SQL.</param>
    /// <param name="column">The column.</param>
    /// <param name="sql">What makes the value to count of one in the file.</param>
    /// <param name="file">Where long texts are put.</param>
    public static ColumnCounts Count(DataEngine engine, string source, CountedColumn column, string sql, SharedFile file)
    {
        var taker = new ColumnTaker(new ColumnCounts(column, weighted: false, file));
        Selection[] all = [new(taker.Counts.Whole, null)];
        var times = SqlText.Identifier($"times {column.Name}");
        using var reader = new ChunkReader(
            engine, $"SELECT {sql}, {times} FROM (SELECT {SqlText.Identifier(column.Name)}, count(*) AS {times} FROM {source} GROUP BY ALL)");
        while (reader.Next())
            taker.Take(reader.Column(0), null, all, reader.Column(1).Values<long>());
        return taker.Counts;
    }
}
