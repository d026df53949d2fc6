using System.Text;
using Google.Protobuf;

namespace Gyre.Data.TfRecords;

/// <summary>Writes and reads <c>tf.Example</c>, always with the same bytes for the same features.</summary>
static class TfExample
{
    /// <summary>
    /// The bytes of an example with its features ordered by the bytes of their names, as TFX orders them before it digests
    /// an example. A feature without a kind stands for an empty cell, as in what TFX makes of CSV files.
    /// </summary>
    public static byte[] Serialize(IEnumerable<KeyValuePair<string, Feature>> features)
    {
        var example = new Example { Features = new Features() };
        foreach (var (name, feature) in features.OrderBy(feature => Encoding.UTF8.GetBytes(feature.Key), ByteOrder))
            example.Features.Feature.Add(name, feature);
        return example.ToByteArray();
    }

    /// <summary>Reads an example.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no <c>tf.Example</c>.</exception>
    public static Example Parse(ReadOnlySpan<byte> record) => Example.Parser.ParseFrom(record);

    public static Feature OfText(string text) => new() { BytesList = new BytesList { Value = { ByteString.CopyFromUtf8(text) } } };

    public static Feature OfInteger(long number) => new() { Int64List = new Int64List { Value = { number } } };

    /// <summary>The number with single precision, all that <c>tf.Example</c> holds.</summary>
    public static Feature OfReal(double number) => new() { FloatList = new FloatList { Value = { (float)number } } };

    static readonly IComparer<byte[]> ByteOrder = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));
}
