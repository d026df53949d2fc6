using System.Globalization;

namespace Gyre.Transforms.Kernels;

/// <summary>Reads decimal numbers, of the form that the operator <c>to_number</c> takes for one.</summary>
static class DecimalText
{
    const int MostDigits = 40;
    const int MostExponentDigits = 2;

    /// <summary>The number that a text is, NaN where it is none.</summary>
    public static double ToNumber(ReadOnlySpan<byte> text)
    {
        var trimmed = text.Trim(" \t"u8);
        return IsDecimal(trimmed) ? double.Parse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture) : double.NaN;
    }

    static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        var at = Sign(text, 0);
        var whole = Digits(text, ref at);
        var fraction = -1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
        }

        if (whole > MostDigits || fraction > MostDigits || (whole == 0 && fraction < 1))
            return false;
        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at = Sign(text, at + 1);
            if (Digits(text, ref at) is < 1 or > MostExponentDigits)
                return false;
        }

        return at == text.Length;
    }

    static int Sign(ReadOnlySpan<byte> text, int at) => at < text.Length && text[at] is (byte)'+' or (byte)'-' ? at + 1 : at;

    static int Digits(ReadOnlySpan<byte> text, ref int at)
    {
        var first = at;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]))
            at++;
        return at - first;
    }
}
