using System.Buffers.Binary;
using System.Text;

namespace Gyre.Data;

/// <summary>Where the values of one column of one row group lie in a Parquet file.</summary>
/// <param name="Column">The column's name; of a nested one the path to it.</param>
/// <param name="IsPlain">Whether every row has exactly one value or none, so that their numbers must agree.</param>
/// <param name="Start">The position of its first byte.</param>
/// <param name="Length">How many bytes it takes.</param>
/// <param name="Values">How many values it has, missing ones included.</param>
/// <param name="Rows">The rows of its group.</param>
readonly record struct ParquetChunk(string Column, bool IsPlain, long Start, long Length, long Values, long Rows);

/// <summary>
/// The end of a Parquet file, where it says what it holds (see <c>parquet.thrift</c> of Apache Parquet). Read by us before
/// the data engine opens the file: it lets pass what was cut out of the middle.
/// </summary>
/// <param name="Columns">The names of its columns, in order.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Start">Where the footer begins, and the data ends.</param>
/// <param name="Chunks">Where values lie.</param>
sealed record ParquetFooter(IReadOnlyList<string> Columns, long Rows, long Start, IReadOnlyList<ParquetChunk> Chunks)
{
    /// <summary>What a Parquet file begins with.</summary>
    public const int MagicLength = 4;
    const int TailLength = MagicLength + sizeof(int);

    static ReadOnlySpan<byte> Magic => "PAR1"u8;

    static ReadOnlySpan<byte> EncryptedMagic => "PARE"u8;

    /// <param name="file">The file, open for reading.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="InvalidDataException">It is no whole Parquet file; the message says what was found, and the cure.</exception>
    public static ParquetFooter Read(FileStream file, string name)
    {
        var length = file.Length;
        if (length == 0)
            throw new InvalidDataException($"{name} is empty (0 bytes). Expected a Parquet file: check how it was made, or fetch it again.");
        var head = Bytes(file, 0, (int)Math.Min(MagicLength, length));
        if (head.AsSpan().SequenceEqual(EncryptedMagic))
            throw new InvalidDataException($"{name} is an encrypted Parquet file. Expected one without encryption: decrypt it first.");
        if (!head.AsSpan().SequenceEqual(Magic))
            throw new InvalidDataException($"{name} is no Parquet file: it begins with {Describe(head)}. Expected 'PAR1': check how the file was made{Hint(head)}.");
        if (length < MagicLength + TailLength)
            throw new InvalidDataException($"{name} ends after {length} bytes, which is too short for a Parquet file. Expected a whole file: fetch it again.");
        var tail = Bytes(file, length - TailLength, TailLength);
        if (!tail.AsSpan(sizeof(int)).SequenceEqual(Magic))
        {
            throw new InvalidDataException($"{name} has no end: its last bytes are {Describe(tail.AsSpan(sizeof(int)))}. Expected 'PAR1'; the file was cut off, or is still being written: "
                + "fetch it again, or wait until it is complete.");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (size == 0 || size > length - MagicLength - TailLength)
            throw new InvalidDataException($"{name} says that its footer takes {size} bytes, of {length} in the whole file. Expected less: the file was cut or is damaged, fetch it again.");
        var start = length - TailLength - size;
        try
        {
            return Parse(Bytes(file, start, (int)size), start);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException($"{name} has a footer that cannot be read: it holds {error.Message}. Expected the footer of a Parquet file: the file is damaged, fetch it again.", error);
        }
    }

    public static byte[] Bytes(FileStream file, long position, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(read), position + read);
            if (more == 0)
                throw new EndOfStreamException("an end in the middle of a value");
            read += more;
        }

        return bytes;
    }

    static ParquetFooter Parse(byte[] bytes, long start)
    {
        var reader = new ThriftReader(bytes);
        IReadOnlyList<SchemaElement> schema = [];
        var chunks = new List<ParquetChunk>();
        var (rows, rowsOfGroups) = (-1L, 0L);
        reader.Begin();
        while (reader.Next(out var field, out var type))
        {
            if (field == 2 && type == ThriftType.List)
                schema = ReadSchema(ref reader);
            else if (field == 3 && type == ThriftType.Long)
                rows = reader.Number();
            else if (field == 4 && type == ThriftType.List)
                rowsOfGroups = ReadGroups(ref reader, schema, chunks);
            else
                reader.Skip(type);
        }

        if (rows < 0 || rows != rowsOfGroups)
            throw new InvalidDataException($"{rows} rows in all, but {rowsOfGroups} in its row groups");
        return new ParquetFooter(TopLevel(schema), rows, start, chunks);
    }

    static List<SchemaElement> ReadSchema(ref ThriftReader reader)
    {
        var elements = new List<SchemaElement>();
        for (var left = reader.List(out _); left > 0; left--)
        {
            var (name, repetition, children) = ("", 0L, 0L);
            var outer = reader.Begin();
            while (reader.Next(out var field, out var type))
            {
                if (field == 3 && type == ThriftType.Int)
                    repetition = reader.Number();
                else if (field == 4 && type == ThriftType.Binary)
                    name = Encoding.UTF8.GetString(reader.Binary());
                else if (field == 5 && type == ThriftType.Int)
                    children = reader.Number();
                else
                    reader.Skip(type);
            }

            reader.End(outer);
            elements.Add(new SchemaElement(name, repetition, children));
        }

        return elements;
    }

    static List<string> TopLevel(IReadOnlyList<SchemaElement> schema)
    {
        var names = new List<string>();
        var next = 1;
        while (next < schema.Count)
        {
            names.Add(schema[next].Name);
            for (var open = 1L; open > 0; open--)
            {
                if (next >= schema.Count || schema[next].Children < 0)
                    throw new InvalidDataException("a column whose parts are missing");
                open += schema[next++].Children;
            }
        }

        return names.Count > 0 && names.Count == schema[0].Children
            ? names
            : throw new InvalidDataException(schema.Count <= 1 ? "no columns" : $"{names.Count} columns of {schema[0].Children}");
    }

    /// <returns>The rows of all groups.</returns>
    static long ReadGroups(ref ThriftReader reader, IReadOnlyList<SchemaElement> schema, List<ParquetChunk> chunks)
    {
        // Only columns that stand at the top and are not repeated have a value for every row.
        var plain = schema.Skip(1).Where(element => element is { Repetition: not 2, Children: 0 }).Select(element => element.Name).ToHashSet(StringComparer.Ordinal);
        var rowsOfAll = 0L;
        for (var left = reader.List(out _); left > 0; left--)
        {
            var rows = -1L;
            var first = chunks.Count;
            var outer = reader.Begin();
            while (reader.Next(out var field, out var type))
            {
                if (field == 1 && type == ThriftType.List)
                    ReadChunks(ref reader, plain, chunks);
                else if (field == 3 && type == ThriftType.Long)
                    rows = reader.Number();
                else
                    reader.Skip(type);
            }

            reader.End(outer);
            if (rows < 0)
                throw new InvalidDataException("a row group without a number of rows");
            for (var chunk = first; chunk < chunks.Count; chunk++)
                chunks[chunk] = chunks[chunk] with { Rows = rows };
            rowsOfAll = checked(rowsOfAll + rows);
        }

        return rowsOfAll;
    }

    static void ReadChunks(ref ThriftReader reader, HashSet<string> plain, List<ParquetChunk> chunks)
    {
        for (var left = reader.List(out _); left > 0; left--)
        {
            ParquetChunk? chunk = null;
            var outer = reader.Begin();
            while (reader.Next(out var field, out var type))
            {
                if (field == 1 && type == ThriftType.Binary && reader.Binary().Length > 0)
                    throw new InvalidDataException("a column that lies in another file");
                if (field == 3 && type == ThriftType.Struct)
                    chunk = ReadChunk(ref reader, plain);
                else if (field != 1)
                    reader.Skip(type);
            }

            reader.End(outer);
            chunks.Add(chunk ?? throw new InvalidDataException("a column without a place in the file"));
        }
    }

    static ParquetChunk ReadChunk(ref ThriftReader reader, HashSet<string> plain)
    {
        var path = new List<string>();
        var (values, length, data, dictionary) = (-1L, -1L, -1L, 0L);
        var outer = reader.Begin();
        while (reader.Next(out var field, out var type))
        {
            switch (field, type)
            {
                case (3, ThriftType.List):
                    for (var left = reader.List(out _); left > 0; left--)
                        path.Add(Encoding.UTF8.GetString(reader.Binary()));
                    break;
                case (5, ThriftType.Long):
                    values = reader.Number();
                    break;
                case (7, ThriftType.Long):
                    length = reader.Number();
                    break;
                case (9, ThriftType.Long):
                    data = reader.Number();
                    break;
                case (11, ThriftType.Long):
                    dictionary = reader.Number();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.End(outer);

        // Some writers name the dictionary's place as 0 when there is none.
        var start = dictionary >= MagicLength && dictionary < data ? dictionary : data;
        return new ParquetChunk(string.Join('.', path), path is [var name] && plain.Contains(name), start, length, values, Rows: 0);
    }

    static string Describe(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? $"the bytes {Convert.ToHexString(bytes)}" : $"'{Encoding.ASCII.GetString(bytes)}'";

    static string Hint(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => "; it looks packed by gzip: unpack it first",
        [(byte)'P', (byte)'K', 3, 4] => "; it looks like a zip archive: unpack it first",
        [(byte)'A', (byte)'R', (byte)'R', ..] => "; it looks like an Arrow or Feather file",
        [(byte)'O', (byte)'R', (byte)'C', ..] => "; it looks like an ORC file",
        _ when !head.ContainsAnyExceptInRange((byte)'\t', (byte)'~') => ", or read it with IngestCsv or IngestJson if it is text",
        _ => "",
    };

    readonly record struct SchemaElement(string Name, long Repetition, long Children);
}
