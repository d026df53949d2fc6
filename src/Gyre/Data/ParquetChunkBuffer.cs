using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gyre.Data;

/// <summary>What a chunk of a column became in a file.</summary>
/// <param name="Values">How many values it has, missing ones and empty lists included.</param>
/// <param name="Start">The position of its first page.</param>
/// <param name="DataStart">The position of its first page of data.</param>
/// <param name="Length">How many bytes it takes.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct WrittenChunk(long Values, long Start, long DataStart, long Length)
{
    public bool HasDictionary => DataStart > Start;
}

/// <summary>
/// The values of one column of a row group, encoded into pages: places in a dictionary where values repeat, otherwise the values as they are. Bits are
/// packed and not compressed further: what is gained by it does not pay for the time.
/// </summary>
sealed class ParquetChunkBuffer(ParquetColumn column)
{
    /// <summary>Rows in one page of lists; rows of single values take one page.</summary>
    const int PageRows = 2048;

    /// <summary>Values with more distinct ones are written as they are.</summary>
    const int MostDistinct = 1 << 12;

    /// <summary>Whole numbers in lists up to this are looked up by position.</summary>
    const int GreatestId = 1 << 22;

    const int Plain = 0;
    const int RunLength = 3;
    const int InDictionary = 8;
    const int DataPage = 0;
    const int DictionaryPage = 2;

    readonly ByteBuffer _values = new();
    readonly ByteBuffer _dictionary = new();
    readonly ByteBuffer _page = new();
    readonly ByteBuffer _header = new();

    /// <summary>Of lists the length, of single values 1 where there is one, row by row.</summary>
    readonly List<int> _lengths = [];
    int[] _places = [];
    int[] _ids = [];

    public ParquetColumn Column => column;

    public bool IsList => column.Type == ParquetType.IntegerList || column.Width > 1;

    /// <summary>Whether a row may lack a value.</summary>
    public bool IsOptional => !IsList && column.Type != ParquetType.Integer;

    int Size => column.Type is ParquetType.Float or ParquetType.IntegerList ? 4 : 8;

    /// <summary>Adds some rows.</summary>
    public void Add(ColumnValues values, int start, int count)
    {
        switch (values)
        {
            case FloatValues { Width: 1 } floats:
                AddPresent(floats.Values.AsSpan(start, count), float.IsNaN);
                break;
            case FloatValues floats:
                Put(floats.Values.AsSpan(start * floats.Width, count * floats.Width));
                for (var row = 0; row < count; row++)
                    _lengths.Add(floats.Width);
                break;
            case DoubleValues doubles:
                AddPresent(doubles.Values.AsSpan(start, count), double.IsNaN);
                break;
            case IntegerValues integers:
                AddPresent(integers.Values.AsSpan(start, count), static _ => false);
                break;
            case IntegerListValues lists:
                Put(lists.Values.AsSpan(lists.Offsets[start]..lists.Offsets[start + count]));
                for (var row = start; row < start + count; row++)
                    _lengths.Add(lists.Offsets[row + 1] - lists.Offsets[row]);
                break;
            case TextValues texts:
                foreach (var text in texts.Values.AsSpan(start, count))
                    AddText(text);
                break;
        }
    }

    /// <summary>Writes all rows to the end of a file, and forgets them.</summary>
    public WrittenChunk WriteTo(Stream file)
    {
        var start = file.Position;
        var places = Places();
        if (!places.IsEmpty)
            WritePage(file, _dictionary.Written, DictionaryPage, _dictionary.Length / Size, Plain);
        var dataStart = file.Position;
        var (values, done, step) = (0L, 0, IsList ? PageRows : _lengths.Count);
        for (var row = 0; row < _lengths.Count; row += step)
        {
            var lengths = CollectionsMarshal.AsSpan(_lengths).Slice(row, Math.Min(step, _lengths.Count - row));
            _page.Clear();
            var inPage = WriteLevels(lengths);
            var present = 0;
            foreach (var length in lengths)
                present += length;
            if (!places.IsEmpty)
            {
                var width = ParquetLevels.WidthOf(_dictionary.Length / Size);
                _page.Byte((byte)width);
                ParquetLevels.Pack(_page, places.Slice(done, present), width);
            }
            else
            {
                _page.Bytes(column.Type == ParquetType.Text ? _values.Written : _values.Written.Slice(done * Size, present * Size));
            }

            WritePage(file, _page.Written, DataPage, inPage, places.IsEmpty ? Plain : InDictionary);
            done += present;
            values += inPage;
        }

        _values.Clear();
        _lengths.Clear();
        return new WrittenChunk(values, start, dataStart, file.Position - start);
    }

    void AddPresent<T>(ReadOnlySpan<T> values, Func<T, bool> isMissing)
        where T : unmanaged
    {
        foreach (var value in values)
        {
            var isThere = !isMissing(value);
            _lengths.Add(isThere ? 1 : 0);
            if (isThere)
                Put(new ReadOnlySpan<T>(in value));
        }
    }

    void AddText(string? text)
    {
        _lengths.Add(text is null ? 0 : 1);
        if (text is null)
            return;
        var length = Encoding.UTF8.GetByteCount(text);
        _values.Int32(length);
        Encoding.UTF8.GetBytes(text, _values.Take(length));
    }

    // Parquet's numbers are little-endian, as are those of all machines that .NET runs on.
    void Put<T>(ReadOnlySpan<T> values)
        where T : unmanaged => _values.Bytes(MemoryMarshal.AsBytes(values));

    /// <summary>The places of all values in the dictionary, which is made here; empty where there is none.</summary>
    ReadOnlySpan<int> Places()
    {
        _dictionary.Clear();
        if (_values.Length == 0 || column.Type == ParquetType.Text || (IsList && column.Type == ParquetType.Float))
            return [];
        var count = _values.Length / Size;
        if (_places.Length < count)
            _places = new int[(int)BitOperations.RoundUpToPowerOf2((uint)count)];
        var hasPlaces = column.Type switch
        {
            ParquetType.IntegerList => ById(MemoryMarshal.Cast<byte, int>(_values.Written)),
            ParquetType.Float => ByValue(MemoryMarshal.Cast<byte, int>(_values.Written)),
            _ => ByValue(MemoryMarshal.Cast<byte, long>(_values.Written)),
        };
        return hasPlaces ? _places.AsSpan(0, count) : [];
    }

    bool ById(ReadOnlySpan<int> values)
    {
        var (least, greatest) = (int.MaxValue, int.MinValue);
        foreach (var value in values)
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        if (least < -1 || greatest > GreatestId)
            return false;
        if (_ids.Length < greatest + 2)
            _ids = new int[greatest + 2];
        _ids.AsSpan().Clear();

        // What is there of the place of a value is the place plus 1.
        var (ids, places, distinct) = (_ids, _places, 0);
        for (var i = 0; i < values.Length; i++)
        {
            ref var id = ref ids[values[i] + 1];
            if (id == 0)
            {
                id = ++distinct;
                _dictionary.Int32(values[i]);
            }

            places[i] = id - 1;
        }

        return true;
    }

    bool ByValue<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var known = new Dictionary<T, int>();
        for (var i = 0; i < values.Length; i++)
        {
            if (!known.TryGetValue(values[i], out var place))
            {
                if (known.Count == MostDistinct)
                    return false;
                known.Add(values[i], place = known.Count);
                _dictionary.Bytes(MemoryMarshal.AsBytes(values.Slice(i, 1)));
            }

            _places[i] = place;
        }

        return true;
    }

    /// <summary>What says which values are there: for lists which of them begin a list, and for all whether there is a value.</summary>
    /// <returns>The number of values, missing ones and empty lists included.</returns>
    int WriteLevels(ReadOnlySpan<int> lengths)
    {
        if (IsList)
            WriteStarts(lengths);
        return IsList || IsOptional ? WritePresence(lengths) : lengths.Length;
    }

    void WriteStarts(ReadOnlySpan<int> lengths)
    {
        var length = Begin();
        foreach (var elements in lengths)
        {
            ParquetLevels.Run(_page, 0, 1);
            ParquetLevels.Run(_page, 1, Math.Max(0, elements - 1));
        }

        End(length);
    }

    int WritePresence(ReadOnlySpan<int> lengths)
    {
        var length = Begin();
        var (all, isThere, run) = (0, true, 0);
        foreach (var elements in lengths)
        {
            if (elements > 0 != isThere)
            {
                ParquetLevels.Run(_page, isThere ? 1 : 0, run);
                (isThere, run) = (!isThere, 0);
            }

            run += Math.Max(1, elements);
            all += Math.Max(1, elements);
        }

        ParquetLevels.Run(_page, isThere ? 1 : 0, run);
        End(length);
        return all;
    }

    /// <summary>Levels are preceded by their length.</summary>
    int Begin()
    {
        _page.Int32(0);
        return _page.Length;
    }

    void End(int start) => _page.Int32At(start - sizeof(int), _page.Length - start);

    void WritePage(Stream file, ReadOnlySpan<byte> content, int type, int values, int encoding)
    {
        _header.Clear();
        var thrift = new ThriftWriter(_header);
        var outer = thrift.Begin();
        thrift.Int(1, type);
        thrift.Int(2, content.Length);
        thrift.Int(3, content.Length);
        var own = thrift.Begin(type == DataPage ? 5 : 7);
        thrift.Int(1, values);
        thrift.Int(2, encoding);
        if (type == DataPage)
        {
            thrift.Int(3, RunLength);
            thrift.Int(4, RunLength);
        }

        thrift.End(own);
        thrift.End(outer);
        file.Write(_header.Written);
        file.Write(content);
    }
}
