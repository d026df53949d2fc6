namespace Gyre.Data;

/// <summary>The types of values in Thrift's compact protocol.</summary>
enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Short = 4,
    Int = 5,
    Long = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>
/// Reads Thrift's compact protocol, in which Parquet writes what it says about itself. Every length is checked against the
/// bytes that are there.
/// </summary>
ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    const int DeepestNesting = 32;

    readonly ReadOnlySpan<byte> _data = data;
    int _field;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Starts on the fields of a struct.</summary>
    /// <returns>The number of the last field outside it, for <see cref="End"/>.</returns>
    public int Begin()
    {
        var outer = _field;
        _field = 0;
        return outer;
    }

    public void End(int outer) => _field = outer;

    /// <summary>Goes to the next field of a struct; false at its end.</summary>
    public bool Next(out int field, out ThriftType type)
    {
        var head = Byte();
        type = (ThriftType)(head & 0x0F);
        field = 0;
        if (head == 0)
            return false;
        if (type is ThriftType.Stop or > ThriftType.Struct)
            throw new InvalidDataException($"a field of the unknown type {(int)type}");
        field = _field = head >> 4 is var step and > 0 ? _field + step : checked((int)Number());
        return true;
    }

    /// <summary>A whole number, zigzag-coded.</summary>
    public long Number()
    {
        var raw = Varint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public ReadOnlySpan<byte> Binary()
    {
        var length = Length(1);
        Position += length;
        return _data.Slice(Position - length, length);
    }

    /// <summary>The beginning of a list: how many elements follow, and of which type.</summary>
    public int List(out ThriftType element)
    {
        var head = Byte();
        element = (ThriftType)(head & 0x0F);
        return head >> 4 is var size and < 15 ? Bounded(size) : Length(1);
    }

    /// <summary>Passes over a value of which nothing is wanted.</summary>
    public void Skip(ThriftType type, int depth = 0)
    {
        if (depth > DeepestNesting)
            throw new InvalidDataException("values nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Short or ThriftType.Int or ThriftType.Long:
                Varint();
                break;
            case ThriftType.Double:
                Require(sizeof(double));
                Position += sizeof(double);
                break;
            case ThriftType.Binary:
                Binary();
                break;
            case ThriftType.List or ThriftType.Set:
                for (var left = List(out var element); left > 0; left--)
                    SkipElement(element, depth + 1);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                var outer = Begin();
                while (Next(out _, out var inner))
                    Skip(inner, depth + 1);
                End(outer);
                break;
            default:
                throw new InvalidDataException($"a value of the unknown type {(int)type}");
        }
    }

    void SkipMap(int depth)
    {
        var left = Length(1);
        if (left == 0)
            return;
        var types = Byte();
        for (; left > 0; left--)
        {
            SkipElement((ThriftType)(types >> 4), depth + 1);
            SkipElement((ThriftType)(types & 0x0F), depth + 1);
        }
    }

    /// <summary>Inside lists, a flag takes a byte of its own.</summary>
    void SkipElement(ThriftType type, int depth) => Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type, depth);

    /// <summary>A number of elements; each takes at least some bytes.</summary>
    int Length(int bytesEach) => Varint() is var length && length > (ulong)((_data.Length - Position) / bytesEach)
        ? throw new InvalidDataException($"a length of {length} where {_data.Length - Position} bytes are left")
        : (int)length;

    int Bounded(int length)
    {
        Require(length);
        return length;
    }

    ulong Varint()
    {
        ulong result = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return result;
        }

        throw new InvalidDataException("a number without an end");
    }

    byte Byte()
    {
        Require(1);
        return _data[Position++];
    }

    readonly void Require(int bytes)
    {
        if (_data.Length - Position < bytes)
            throw new EndOfStreamException("an end in the middle of a value");
    }
}
