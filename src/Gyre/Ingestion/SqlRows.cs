using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A column of a query's result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it becomes among examples.</param>
/// <param name="IsList">Whether it is an array.</param>
/// <param name="IsMoment">Whether its texts are a date and a time with a space between, which ISO 8601 writes with a T.</param>
readonly record struct SqlField(string Name, ColumnType Type, bool IsList = false, bool IsMoment = false);

/// <summary>The rows of a query, one after the other, and a digest of all of them.</summary>
/// <param name="name">What messages call the database.</param>
/// <param name="fields">The columns.</param>
/// <param name="reader">Gives texts, numbers, bytes or arrays of texts.</param>
/// <param name="explain">Says in the database's own way what went wrong.</param>
/// <param name="owned">What is to be closed with it, last first.</param>
sealed class SqlRows(string name, IReadOnlyList<SqlField> fields, DbDataReader reader, Func<Exception, string?> explain, IReadOnlyList<IDisposable> owned) : RowSource(name)
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly List<(int Start, int Length)> _values = [];
    readonly int[] _first = new int[fields.Count];
    readonly int[] _counts = new int[fields.Count];
    byte[] _buffer = new byte[1 << 12];
    int _used;
    long _row;

    public override IReadOnlyList<SourceField> Fields { get; } = [.. fields.Select(field => new SourceField(field.Name, field.Type, field.IsList))];

    public override long Line => _row;

    /// <summary>Names, types and values of all rows as SHA-256; known when the last has been read.</summary>
    public string Digest { get; private set; } = "";

    public override bool Next()
    {
        try
        {
            if (!reader.Read())
            {
                Finish();
                return false;
            }

            _row++;
            (_used, Fault) = (0, null);
            _values.Clear();
            for (var field = 0; field < fields.Count; field++)
                ReadField(field);
        }
        catch (Exception error) when (explain(error) is { } reason)
        {
#pragma warning disable MA0054 // Exceptions of a database's library may name the server and the user, which go into no log.
            throw new InvalidDataException($"{Name}: after {_row} rows: {reason}");
#pragma warning restore MA0054
        }

        for (var field = 0; field < fields.Count; field++)
            AddToDigest(field);
        return true;
    }

    public override int CountOf(int field) => _counts[field];

    public override ReadOnlySpan<byte> Value(int field, int index)
    {
        var (start, length) = _values[_first[field] + index];
        return _buffer.AsSpan(start, length);
    }

    public override string RowText() => string.Join(", ", fields.Select((field, index) => $"{field.Name}: {Show(index)}"));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
            foreach (var each in owned)
                each.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    void Finish()
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Concat(fields.Select(field => $"{field.Name}\0{field.Type}\0{field.IsList}\0"))));
        Digest = Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    void ReadField(int field)
    {
        (_first[field], _counts[field]) = (_values.Count, -1);
        if (reader.IsDBNull(field))
            return;
        _counts[field] = 1;
        switch (reader.GetValue(field))
        {
            case string text:
                AddText(fields[field].IsMoment ? Moment(text) : text);
                break;
            case byte[] bytes:
                Add(bytes);
                break;
            case long whole:
                AddText(whole.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double real:
                AddText(real.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
                break;
            case Array { Rank: 1 } list:
                ReadList(field, list);
                break;
            case Array:
                _counts[field] = 0;
                Fault = new RowFault(_row, field + 1, $"an array of arrays in column '{fields[field].Name}'. Expected a list of values: take it apart in the query (unnest)");
                break;
            case var other:
                throw new InvalidDataException($"{Name}: the column '{fields[field].Name}' holds a {other.GetType().Name}, which has no form among examples. Expected text, numbers, bytes or lists of these: cast it in the query.");
        }
    }

    void ReadList(int field, Array list)
    {
        _counts[field] = list.Length;
        for (var index = 0; index < list.Length; index++)
        {
            switch (list.GetValue(index))
            {
                case string text:
                    AddText(fields[field].IsMoment ? Moment(text) : text);
                    break;
                case byte[] bytes:
                    Add(bytes);
                    break;
                default:
                    Add([]);
                    Fault ??= new RowFault(_row, field + 1, $"a missing value as element {index + 1} of the list in column '{fields[field].Name}'. Expected values only: leave missing ones out of lists, or give them a value (array_remove, array_replace)");
                    break;
            }
        }
    }

    /// <summary>By ISO 8601; the session's time zone is UTC.</summary>
    static string Moment(string text) => text.Replace(' ', 'T').Replace("+00", "Z", StringComparison.Ordinal);

    void AddText(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));
        _values.Add((_used, length));
        _used += length;
    }

    void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _values.Add((_used, bytes.Length));
        _used += bytes.Length;
    }

    void Reserve(int bytes)
    {
        if (_buffer.Length - _used < bytes)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, checked(_used + bytes)));
    }

    void AddToDigest(int field)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, _counts[field]);
        _hash.AppendData(number);
        for (var index = 0; index < _counts[field] && Fault is null; index++)
        {
            var value = Value(field, index);
            BinaryPrimitives.WriteInt32LittleEndian(number, value.Length);
            _hash.AppendData(number);
            _hash.AppendData(value);
        }
    }

    string Show(int field)
    {
        if (_counts[field] < 0)
            return "NULL";
        var shown = Enumerable.Range(0, Math.Min(_counts[field], 20)).Select(index => fields[field].Type == ColumnType.Bytes ? "(bytes)" : Encoding.UTF8.GetString(Value(field, index)));
        return fields[field].IsList ? $"[{string.Join(", ", shown)}]" : string.Concat(shown);
    }
}
