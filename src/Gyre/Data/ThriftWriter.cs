using System.Text;

namespace Gyre.Data;

/// <summary>Writes Thrift's compact protocol, see <see cref="ThriftReader"/>.</summary>
sealed class ThriftWriter(ByteBuffer to)
{
    const int LongestShortList = 14;

    int _field;

    /// <summary>Starts on the fields of a struct.</summary>
    /// <returns>The number of the last field outside it, for <see cref="End"/>.</returns>
    public int Begin()
    {
        var outer = _field;
        _field = 0;
        return outer;
    }

    /// <summary>Starts on the fields of a struct that is a field itself.</summary>
    public int Begin(int field)
    {
        Head(field, ThriftType.Struct);
        return Begin();
    }

    public void End(int outer)
    {
        to.Byte(0);
        _field = outer;
    }

    public void Int(int field, int value)
    {
        Head(field, ThriftType.Int);
        Number(value);
    }

    public void Long(int field, long value)
    {
        Head(field, ThriftType.Long);
        Number(value);
    }

    public void Text(int field, string text)
    {
        Head(field, ThriftType.Binary);
        Text(text);
    }

    /// <summary>The beginning of a list, whose elements follow.</summary>
    public void List(int field, ThriftType element, int count)
    {
        Head(field, ThriftType.List);
        if (count <= LongestShortList)
        {
            to.Byte((byte)((count << 4) | (int)element));
            return;
        }

        to.Byte((byte)(0xF0 | (int)element));
        to.Varint((ulong)count);
    }

    /// <summary>A whole number, zigzag-coded; an element of a list.</summary>
    public void Number(long value) => to.Varint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>An element of a list.</summary>
    public void Text(string text)
    {
        to.Varint((ulong)Encoding.UTF8.GetByteCount(text));
        to.Bytes(Encoding.UTF8.GetBytes(text));
    }

    void Head(int field, ThriftType type)
    {
        var step = field - _field;
        if (step is < 1 or > 15)
            throw new InvalidOperationException($"The field {field} cannot stand behind the field {_field}.");
        to.Byte((byte)((step << 4) | (int)type));
        _field = field;
    }
}
