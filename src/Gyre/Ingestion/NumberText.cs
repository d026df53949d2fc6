using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gyre.Ingestion;

/// <summary>The numbers that texts are, once it is known that they are such.</summary>
static class NumberText
{
    /// <summary>That of .NET has a sign, which would be written.</summary>
    static readonly double _notANumber = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <exception cref="InvalidDataException">It is no whole number of 64 bits.</exception>
    public static long Integer(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length ? number : throw Unexpected(text);

    /// <summary>The nearest double. Sources that have such write «nan» and «inf» in any case.</summary>
    /// <exception cref="InvalidDataException">It is no number.</exception>
    public static double Real(ReadOnlySpan<byte> text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return double.IsNaN(number) ? _notANumber : number;
        return Ascii.EqualsIgnoreCase(text, "inf"u8) ? double.PositiveInfinity
            : Ascii.EqualsIgnoreCase(text, "-inf"u8) ? double.NegativeInfinity
            : Ascii.EqualsIgnoreCase(text, "-nan"u8) ? _notANumber
            : throw Unexpected(text);
    }

    static InvalidDataException Unexpected(ReadOnlySpan<byte> text) => new(
        $"'{Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)])}' was taken for a number and is none. This is a fault of Gyre; please report it with the file.");
}
