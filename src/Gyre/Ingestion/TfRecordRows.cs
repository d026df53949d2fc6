using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Gyre.Data.TfRecords;

namespace Gyre.Ingestion;

/// <summary>The records of a TFRecord file with a <c>tf.Example</c> in each.</summary>
sealed class TfRecordRows : RowSource
{
    const int LongestText = 200;
    const int LongestNumber = 32;

    readonly TfRecordReader _reader;
    readonly IReadOnlyList<SurveyedFeature> _features;
    readonly byte[][] _names;

    /// <summary>For each field where it stands among the features of this record; −1 where it does not.</summary>
    readonly int[] _places;
    readonly byte[] _number = new byte[LongestNumber];
    byte[] _record = new byte[1 << 12];
    int _length;

    /// <param name="stream">The unpacked file; disposed of with the rows.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="features">What is known of the features; empty while they are surveyed.</param>
    /// <param name="fields">How many of them are fields.</param>
    public TfRecordRows(Stream stream, string name, IReadOnlyList<SurveyedFeature> features, int fields)
        : base(name)
    {
        (_reader, _features) = (new TfRecordReader(stream, name), features);
        _names = [.. features.Select(feature => Encoding.UTF8.GetBytes(feature.Field.Name))];
        _places = new int[fields];
        Fields = [.. features.Select(feature => feature.Field)];
    }

    public override IReadOnlyList<SourceField> Fields { get; }

    public override long Line => _reader.Number;

    /// <summary>The features of the record.</summary>
    public ExampleFeatures Features { get; } = new();

    /// <summary>The record as it stands in the file.</summary>
    public override ReadOnlySpan<byte> Record => _record.AsSpan(0, _length);

    public override bool Next()
    {
        if (!_reader.Next(out var record))
            return false;
        if (_record.Length < record.Length)
            _record = new byte[Math.Max(record.Length, _record.Length * 2)];
        record.CopyTo(_record);
        _length = record.Length;
        Fault = Features.Read(Record)
            ? Place()
            : FaultAt(Features.IsSequence
                ? "a tf.SequenceExample, whose lists of lists have no form among examples. Expected tf.Example in every record: make one row of each step before"
                : "a record that is no tf.Example, though its checksum is right. Expected tf.Example in every record: write the file anew, or choose other files");
        return true;
    }

    public override int CountOf(int field)
    {
        var place = _places[field];
        if (place < 0 || Features.Kind(place) == FeatureKind.None)
            return -1;
        var count = Features.Values(place);
        return count == 0 && !Fields[field].IsList ? -1 : count;
    }

    public override ReadOnlySpan<byte> Value(int field, int index)
    {
        var place = _places[field];
        int length;
        switch (_features[field].Kind)
        {
            case FeatureKind.Bytes:
                return Features.Bytes(place, index, Record);
            case FeatureKind.Integers:
                Utf8Formatter.TryFormat(Features.Integer(place, index), _number, out length);
                break;
            default:
                // All digits of the double that equals the single, so that it is the same number again when it is read.
                ((double)Features.Float(place, index)).TryFormat(_number, out length, "R", CultureInfo.InvariantCulture);
                break;
        }

        return _number.AsSpan(0, length);
    }

    public override string RowText()
    {
        try
        {
            return TfExample.Parse(Record).ToString();
        }
        catch (InvalidProtocolBufferException)
        {
            return Convert.ToHexString(Record[..Math.Min(_length, LongestText)]);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _reader.Dispose();
        base.Dispose(disposing);
    }

    RowFault FaultAt(string reason) => new(Line, 1, string.Create(CultureInfo.InvariantCulture, $"in record {Line} at byte {_reader.Offset} {reason}"));

    /// <summary>Finds each field among the features of the record; most records have them in one order.</summary>
    RowFault? Place()
    {
        _places.AsSpan().Fill(-1);
        var guess = 0;
        for (var feature = 0; feature < Features.Count && _names.Length > 0; feature++)
        {
            var name = Features.Name(feature, Record);
            for (var step = 0; step < _names.Length; step++)
            {
                var field = (guess + step) % _names.Length;
                if (!name.SequenceEqual(_names[field]))
                    continue;
                var kind = Features.Kind(feature);
                if (kind != FeatureKind.None && kind != _features[field].Kind)
                    return FaultAt($"the feature '{Fields[field].Name}' as {Word(kind)}, in the records before as {Word(_features[field].Kind)}. Expected one kind in all records: correct the program that writes them");
                _places[field] = feature;
                guess = field + 1;
                break;
            }
        }

        return null;
    }

    static string Word(FeatureKind kind) => kind switch { FeatureKind.Bytes => "bytes", FeatureKind.Floats => "floats", _ => "integers" };
}
