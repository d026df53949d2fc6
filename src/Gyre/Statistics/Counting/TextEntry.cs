using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>What is known of a distinct text. The layout is that of the file, see <see cref="PartialFile"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
struct TextEntry
{
    /// <summary>Texts of at most this many bytes are held in the keys.</summary>
    public const int LongestInKeys = 16;

    /// <summary>Texts of at most this many bytes are held in memory and compared byte by byte.</summary>
    public const int LongestInMemory = 64;

    /// <summary>Texts of at most this many bytes are kept, so that they can be listed. Of longer ones, digest and length are.</summary>
    public const int LongestKept = 1024;

    /// <summary>Up to 16 bytes: the text, padded with zeros. Up to 64: a hash and zero. Longer ones: the first half of SHA-256.</summary>
    public ulong Key0;
    public ulong Key1;

    /// <summary>The first eight bytes as a number, the first byte the most significant: orders most texts as their bytes do.</summary>
    public ulong Prefix;

    /// <summary>Where the text lies, see <see cref="TextTable"/>.</summary>
    public long Place;

    public int Length;

    public TextTraits Traits;
}

/// <summary>What a text is like.</summary>
[Flags]
enum TextTraits
{
    None = 0,

    /// <summary>It is no valid UTF-8.</summary>
    InvalidUtf8 = 1,

    /// <summary>It reads like a sentence, see <see cref="FreeText.IsLikeLanguage"/>.</summary>
    LikeLanguage = 2,
}
