using System.Runtime.InteropServices;

namespace Gyre.Data;

/// <summary>
/// Walks through the pages of a Parquet file without decoding them, so that bytes that are missing in the middle, which
/// may look like other values, do not pass for data. Where pages bear a checksum, it is checked.
/// </summary>
static class ParquetPages
{
    /// <summary>A page's header is some dozens of bytes, unless it holds long texts as its least and greatest value.</summary>
    const int FirstGuess = 256;
    const int LongestHeader = 1 << 24;

    enum PageType
    {
        Data = 0,
        Index = 1,
        Dictionary = 2,
        DataV2 = 3,
    }

    /// <exception cref="InvalidDataException">A page is not where it should be, or is not what it was.</exception>
    public static void Check(FileStream file, ParquetFooter footer, string name, CancellationToken cancellation)
    {
        foreach (var chunk in footer.Chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Check(file, footer, chunk);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException or OverflowException)
            {
                throw new InvalidDataException(
                    $"{name}: the column '{chunk.Column}' has {error.Message}, near byte {chunk.Start}. Expected whole pages of values: bytes of the file are missing or damaged, fetch it again.", error);
            }
        }
    }

    static void Check(FileStream file, ParquetFooter footer, ParquetChunk chunk)
    {
        if (chunk is { Values: 0, Rows: 0 })
            return;
        if (chunk.Start < ParquetFooter.MagicLength || chunk.Length < 0 || chunk.Start > footer.Start - chunk.Length)
            throw new InvalidDataException($"its place at the bytes {chunk.Start} to {chunk.Start + chunk.Length}, of {footer.Start} that the data takes");
        if (chunk.Values < 0 || (chunk.IsPlain && chunk.Values != chunk.Rows))
            throw new InvalidDataException($"{chunk.Values} values in {chunk.Rows} rows");
        var (position, values) = (chunk.Start, 0L);
        while (values < chunk.Values)
        {
            var page = ReadHeader(file, position, footer.Start);
            position = checked(position + page.HeaderLength);
            if (page.Length < 0 || page.Values < 0 || position > footer.Start - page.Length)
                throw new InvalidDataException("a page that is longer than the file");
            if (page.Checksum is { } expected && PageChecksum.Of(file, position, page.Length) != expected)
                throw new InvalidDataException("a page that does not have the checksum that it bears");
            position += page.Length;
            values = checked(values + page.Values);
        }

        if (values != chunk.Values)
            throw new InvalidDataException($"{values} values in its pages and {chunk.Values} by what the footer says");
    }

    static Page ReadHeader(FileStream file, long position, long end)
    {
        for (var guess = FirstGuess; ; guess *= 16)
        {
            var available = (int)Math.Min(guess, end - position);
            if (available <= 0)
                throw new InvalidDataException("fewer pages than it should have");
            try
            {
                return Parse(ParquetFooter.Bytes(file, position, available));
            }
            catch (Exception error) when (error is EndOfStreamException or InvalidDataException && available == guess && guess < LongestHeader)
            {
                // Longer than thought.
            }
        }
    }

    static Page Parse(byte[] bytes)
    {
        var reader = new ThriftReader(bytes);
        var (kind, size, values) = (-1L, -1L, 0L);
        uint? checksum = null;
        reader.Begin();
        while (reader.Next(out var field, out var type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int):
                    kind = reader.Number();
                    break;
                case (3, ThriftType.Int):
                    size = reader.Number();
                    break;
                case (4, ThriftType.Int):
                    checksum = unchecked((uint)reader.Number());
                    break;
                case (5 or 8, ThriftType.Struct):
                    values = FirstNumber(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (kind is < (long)PageType.Data or > (long)PageType.DataV2 || size is < 0 or > int.MaxValue)
            throw new InvalidDataException("something that is no page");
        return new Page(reader.Position, (int)size, (PageType)kind is PageType.Data or PageType.DataV2 ? values : 0, checksum);
    }

    static long FirstNumber(ref ThriftReader reader)
    {
        var result = -1L;
        var outer = reader.Begin();
        while (reader.Next(out var field, out var type))
        {
            if (field == 1 && type == ThriftType.Int)
                result = reader.Number();
            else
                reader.Skip(type);
        }

        reader.End(outer);
        return result;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Page(int HeaderLength, int Length, long Values, uint? Checksum);
}
