using System.Buffers.Binary;
using System.Text;

namespace Gyre.Data.TfRecords;

/// <summary>How an example says that a value is missing.</summary>
enum MissingFeature
{
    /// <summary>By a list of its type without values, as TFX writes the empty cells of a CSV file.</summary>
    EmptyList,

    /// <summary>By leaving the feature out.</summary>
    Absent,
}

/// <summary>
/// Writes rows as serialised <c>tf.Example</c>: the same bytes as <see cref="TfExample.Serialize"/>, without an object
/// for each value. Reals have single precision, all that the format holds.
/// </summary>
sealed class ExampleEncoder
{
    const byte Entry = 0x0A;
    const byte EntryValue = 0x12;
    const byte Bytes = 0x0A;
    const byte Floats = 0x12;
    const byte Integers = 0x1A;

    readonly (int Column, byte[] Name, ExampleColumn Type)[] _features;
    readonly MissingFeature _missing;
    readonly ByteBuffer _all = new();
    readonly ByteBuffer _list = new();
    readonly ByteBuffer _packed = new();
    readonly ByteBuffer _feature = new();
    readonly ByteBuffer _entry = new();
    readonly ByteBuffer _example = new();

    /// <param name="columns">The columns of the rows, in order.</param>
    /// <param name="missing">How missing values are written.</param>
    public ExampleEncoder(IReadOnlyList<ExampleColumn> columns, MissingFeature missing = MissingFeature.EmptyList)
    {
        _missing = missing;
        _features = [.. columns.Select((column, index) => (Column: index, Name: Encoding.UTF8.GetBytes(column.Name), Type: column))];
        Array.Sort(_features, (one, other) => one.Name.AsSpan().SequenceCompareTo(other.Name));
    }

    /// <summary>The example that a row is; void when the next one is written.</summary>
    public ReadOnlySpan<byte> Encode<TRow>(TRow row)
        where TRow : IExampleRow, allows ref struct
    {
        _all.Clear();
        foreach (var (column, name, type) in _features)
        {
            var count = row.CountOf(column);
            if (count < 0 && _missing == MissingFeature.Absent)
                continue;
            Fill(row, column, count, type.Type);
            _entry.Clear();
            _entry.Add(Entry, name);
            _entry.Add(EntryValue, _feature.Written);
            _all.Add(Entry, _entry.Written);
        }

        _example.Clear();
        _example.Add(Entry, _all.Written);
        return _example.Written;
    }

    /// <summary>Writes one feature.</summary>
    void Fill<TRow>(TRow row, int column, int count, ColumnType type)
        where TRow : IExampleRow, allows ref struct
    {
        _list.Clear();
        _packed.Clear();
        for (var index = 0; index < count; index++)
        {
            switch (type)
            {
                case ColumnType.Integer:
                    _packed.AddNumber((ulong)row.Integer(column, index));
                    break;
                case ColumnType.Real:
                    _packed.AddSingle((float)row.Real(column, index));
                    break;
                default:
                    _list.Add(Entry, row.Bytes(column, index));
                    break;
            }
        }

        if (_packed.Length > 0)
            _list.Add(Entry, _packed.Written);
        _feature.Clear();
        _feature.Add(type switch { ColumnType.Integer => Integers, ColumnType.Real => Floats, _ => Bytes }, _list.Written);
    }

    /// <summary>Bytes that grow at their end, with what protobuf's wire format consists of.</summary>
    sealed class ByteBuffer
    {
        const int LongestNumber = 10;

        byte[] _bytes = new byte[256];

        public int Length { get; private set; }

        public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public void Clear() => Length = 0;

        /// <summary>A field with a length: its tag, its length, its bytes.</summary>
        public void Add(byte tag, ReadOnlySpan<byte> content)
        {
            Reserve(1 + LongestNumber + content.Length);
            _bytes[Length++] = tag;
            AddNumber((ulong)content.Length);
            content.CopyTo(_bytes.AsSpan(Length));
            Length += content.Length;
        }

        public void AddNumber(ulong number)
        {
            Reserve(LongestNumber);
            for (; number >= 0x80; number >>= 7)
                _bytes[Length++] = (byte)(number | 0x80);
            _bytes[Length++] = (byte)number;
        }

        public void AddSingle(float number)
        {
            Reserve(sizeof(float));
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(Length), number);
            Length += sizeof(float);
        }

        void Reserve(int more)
        {
            if (Length + more > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
        }
    }
}
