using System.Text;

namespace Gyre.Statistics;

/// <summary>How the texts of a column stand in statistics.</summary>
static class TextColumn
{
    /// <summary>The label under which TensorFlow Data Validation lists all texts of more than 1,024 bytes.</summary>
    internal const string LongTexts = "__LARGE_BYTES__";

    /// <summary>The label under which it lists values that are no valid UTF-8.</summary>
    internal const string NoTexts = "__BYTES_VALUE__";

    /// <summary>Byte by byte in UTF-8, which is not the order of .NET's UTF-16 strings.</summary>
    internal static readonly IComparer<string> Utf8Order = Comparer<string>.Create(
        (one, other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)));
}
