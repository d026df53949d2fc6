using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Gyre.Data.TfRecords;

/// <summary>What the values of a feature are.</summary>
enum FeatureKind
{
    /// <summary>Nothing is said: the feature is missing.</summary>
    None,
    Bytes,
    Floats,
    Integers,
}

/// <summary>
/// The features of one serialised <c>tf.Example</c>, read in place and without objects for values, by protobuf's own rules:
/// of two features of one name the later counts, numbers may be packed or not, unknown fields are passed over.
/// </summary>
sealed class ExampleFeatures
{
    const int Varint = 0;
    const int Fixed64 = 1;
    const int Delimited = 2;
    const int Fixed32 = 5;

    readonly List<Feature> _features = [];
    readonly List<(int Start, int Length)> _bytes = [];
    readonly List<long> _integers = [];
    readonly List<float> _floats = [];

    public int Count => _features.Count;

    /// <summary>Whether the record that could not be read is a <c>tf.SequenceExample</c>: without its feature lists it would pass for an example.</summary>
    public bool IsSequence { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <returns>False when it is no <c>tf.Example</c>; then nothing may be asked.</returns>
    public bool Read(ReadOnlySpan<byte> record)
    {
        _features.Clear();
        _bytes.Clear();
        _integers.Clear();
        _floats.Clear();
        IsSequence = false;
        for (var position = 0; position < record.Length;)
        {
            if (!Tag(record, ref position, out var field, out var wire))
                return false;
            if (field == 1 && wire == Delimited)
            {
                if (!Span(record, ref position, out var start, out var length) || !ReadFeatures(record, start, start + length))
                    return false;
            }
            else if (!Skip(record, ref position, wire) || (IsSequence = field == 2 && wire == Delimited))
            {
                return false;
            }
        }

        return true;
    }

    public ReadOnlySpan<byte> Name(int feature, ReadOnlySpan<byte> record) => record.Slice(_features[feature].NameStart, _features[feature].NameLength);

    public FeatureKind Kind(int feature) => _features[feature].Kind;

    /// <summary>How many values the feature has.</summary>
    public int Values(int feature) => _features[feature].Count;

    public ReadOnlySpan<byte> Bytes(int feature, int index, ReadOnlySpan<byte> record)
    {
        var (start, length) = _bytes[_features[feature].First + index];
        return record.Slice(start, length);
    }

    public long Integer(int feature, int index) => _integers[_features[feature].First + index];

    public float Float(int feature, int index) => _floats[_features[feature].First + index];

    bool ReadFeatures(ReadOnlySpan<byte> record, int position, int end)
    {
        var data = record[..end];
        while (position < end)
        {
            if (!Tag(data, ref position, out var field, out var wire))
                return false;
            if (field == 1 && wire == Delimited)
            {
                if (!Span(data, ref position, out var start, out var length) || !ReadEntry(data, start, start + length))
                    return false;
            }
            else if (!Skip(data, ref position, wire))
            {
                return false;
            }
        }

        return true;
    }

    bool ReadEntry(ReadOnlySpan<byte> record, int position, int end)
    {
        var data = record[..end];
        var feature = default(Feature);
        while (position < end)
        {
            if (!Tag(data, ref position, out var field, out var wire))
                return false;
            if (wire == Delimited && field is 1 or 2)
            {
                if (!Span(data, ref position, out var start, out var length))
                    return false;
                if (field == 1)
                    feature = feature with { NameStart = start, NameLength = length };
                else if (!ReadFeature(data, start, start + length, ref feature))
                    return false;
            }
            else if (!Skip(data, ref position, wire))
            {
                return false;
            }
        }

        if (!Utf8.IsValid(record.Slice(feature.NameStart, feature.NameLength)))
            return false;
        var name = record.Slice(feature.NameStart, feature.NameLength);
        for (var earlier = 0; earlier < _features.Count; earlier++)
        {
            if (Name(earlier, record).SequenceEqual(name))
            {
                _features[earlier] = feature;
                return true;
            }
        }

        _features.Add(feature);
        return true;
    }

    bool ReadFeature(ReadOnlySpan<byte> record, int position, int end, ref Feature feature)
    {
        var data = record[..end];
        while (position < end)
        {
            if (!Tag(data, ref position, out var field, out var wire))
                return false;
            if (field is >= 1 and <= 3 && wire == Delimited)
            {
                if (!Span(data, ref position, out var start, out var length) || !ReadList(data, start, start + length, (FeatureKind)field, ref feature))
                    return false;
            }
            else if (!Skip(data, ref position, wire))
            {
                return false;
            }
        }

        return true;
    }

    bool ReadList(ReadOnlySpan<byte> record, int position, int end, FeatureKind kind, ref Feature feature)
    {
        if (feature.Kind != kind)
        {
            var first = kind switch { FeatureKind.Bytes => _bytes.Count, FeatureKind.Floats => _floats.Count, _ => _integers.Count };
            feature = feature with { Kind = kind, First = first, Count = 0 };
        }

        var data = record[..end];
        var before = _bytes.Count + _floats.Count + _integers.Count;
        while (position < end)
        {
            if (!Tag(data, ref position, out var field, out var wire) || !(field == 1 ? ReadValues(data, ref position, kind, wire) : Skip(data, ref position, wire)))
                return false;
        }

        feature = feature with { Count = feature.Count + _bytes.Count + _floats.Count + _integers.Count - before };
        return true;
    }

    bool ReadValues(ReadOnlySpan<byte> data, ref int position, FeatureKind kind, int wire)
    {
        switch (kind, wire)
        {
            case (FeatureKind.Bytes, Delimited):
                if (!Span(data, ref position, out var start, out var length))
                    return false;
                _bytes.Add((start, length));
                return true;
            case (FeatureKind.Integers, Varint):
                if (!Number(data, ref position, out var number))
                    return false;
                _integers.Add((long)number);
                return true;
            case (FeatureKind.Floats, Fixed32) when position + sizeof(float) <= data.Length:
                _floats.Add(BinaryPrimitives.ReadSingleLittleEndian(data[position..]));
                position += sizeof(float);
                return true;
            case (FeatureKind.Integers, Delimited) when Span(data, ref position, out var from, out var size):
                for (var at = from; at < from + size;)
                {
                    if (!Number(data[..(from + size)], ref at, out var packed))
                        return false;
                    _integers.Add((long)packed);
                }

                return true;
            case (FeatureKind.Floats, Delimited) when Span(data, ref position, out var first, out var bytes) && bytes % sizeof(float) == 0:
                for (var at = first; at < first + bytes; at += sizeof(float))
                    _floats.Add(BinaryPrimitives.ReadSingleLittleEndian(data[at..]));
                return true;
            default:
                return false;
        }
    }

    static bool Tag(ReadOnlySpan<byte> data, ref int position, out int field, out int wire)
    {
        var isNumber = Number(data, ref position, out var tag) && tag <= uint.MaxValue;
        (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
        return isNumber && field > 0;
    }

    static bool Number(ReadOnlySpan<byte> data, ref int position, out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 70 && position < data.Length; shift += 7)
        {
            var next = data[position++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }

    static bool Span(ReadOnlySpan<byte> data, ref int position, out int start, out int length)
    {
        (start, length) = (0, 0);
        if (!Number(data, ref position, out var size) || size > (ulong)(data.Length - position))
            return false;
        (start, length) = (position, (int)size);
        position += length;
        return true;
    }

    static bool Skip(ReadOnlySpan<byte> data, ref int position, int wire)
    {
        switch (wire)
        {
            case Varint:
                return Number(data, ref position, out _);
            case Delimited:
                return Span(data, ref position, out _, out _);
            case Fixed32 or Fixed64:
                position += wire == Fixed32 ? sizeof(uint) : sizeof(ulong);
                return position <= data.Length;
            default:
                return false;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Feature(int NameStart, int NameLength, FeatureKind Kind, int First, int Count);
}
