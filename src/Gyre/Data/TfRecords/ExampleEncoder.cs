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
/// Writes rows of the data engine as serialised <c>tf.Example</c>: the same bytes as <see cref="TfExample.Serialize"/>, without an object
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

    /// <summary>The example in a row of the chunk on which a reader stands; void when the next one is written.</summary>
    public ReadOnlySpan<byte> Encode(ChunkReader reader, int row)
    {
        _all.Clear();
        foreach (var (column, name, type) in _features)
        {
            var vector = reader.Column(column);
            if (vector.IsMissing(row) && _missing == MissingFeature.Absent)
                continue;
            Fill(vector, row, type);
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
    void Fill(ColumnVector vector, int row, ExampleColumn type)
    {
        _list.Clear();
        _packed.Clear();
        if (!vector.IsMissing(row))
        {
            if (type.IsList)
            {
                var place = vector.Lists[row];
                var elements = vector.Elements;
                for (var index = 0; index < place.Length; index++)
                    AddValue(elements, (int)place.Offset + index, type.Type);
            }
            else
            {
                AddValue(vector, row, type.Type);
            }
        }

        if (_packed.Length > 0)
            _list.Add(Entry, _packed.Written);
        _feature.Clear();
        _feature.Add(type.Type switch { ColumnType.Integer => Integers, ColumnType.Real => Floats, _ => Bytes }, _list.Written);
    }

    void AddValue(ColumnVector vector, int row, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.Integer:
                _packed.AddNumber((ulong)vector.Values<long>()[row]);
                break;
            case ColumnType.Real:
                _packed.AddSingle((float)vector.Values<double>()[row]);
                break;
            default:
                _list.Add(Entry, vector.Utf8(row));
                break;
        }
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
