using System.Buffers.Text;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>
/// Finds the type of a column by looking at every value. Only what a number's text says exactly becomes a number:
/// 00501 and +49 stay text, and so do whole numbers of more than 15 digits, which are names of things and would not
/// survive in a double.
/// </summary>
sealed class TypeInference
{
    const int MostDigits = 15;

    /// <summary>Up to here doubles hold every whole number.</summary>
    public const long MostExact = 1L << 53;

    bool _couldBeInteger = true;
    bool _couldBeReal = true;
    bool _hasValues;

    /// <summary>The type that all values so far have.</summary>
    public ColumnType Type => !_hasValues || !_couldBeReal ? ColumnType.Text : _couldBeInteger ? ColumnType.Integer : ColumnType.Real;

    /// <summary>Whether there was any value.</summary>
    public bool HasValues => _hasValues;

    /// <summary>Looks at a value that is not missing.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isSurelyText">Whether the source says that it is text, whatever it looks like.</param>
    public void Observe(ReadOnlySpan<byte> value, bool isSurelyText = false)
    {
        _hasValues = true;
        _couldBeReal &= !isSurelyText;
        if (!_couldBeReal)
            return;
        _couldBeInteger = _couldBeInteger && LooksInteger(value);
        _couldBeReal = _couldBeInteger || LooksInteger(value) || LooksReal(value);
    }

    /// <summary>Whether a value has a type that was demanded. Here zeros may lead.</summary>
    public static bool Fits(ReadOnlySpan<byte> value, ColumnType type) => type switch
    {
        ColumnType.Integer => Utf8Parser.TryParse(value, out long number, out var length) && length == value.Length
            && value[0] != (byte)'+' && number is >= -MostExact and <= MostExact,
        ColumnType.Real => IsDecimal(value, zerosMayLead: true) && IsFinite(value),
        _ => true,
    };

    static bool LooksInteger(ReadOnlySpan<byte> value)
    {
        var digits = value is [(byte)'-', ..] ? value[1..] : value;
        return digits.Length is >= 1 and <= MostDigits && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (digits[0] != (byte)'0' || digits.Length == 1);
    }

    static bool LooksReal(ReadOnlySpan<byte> value) =>
        value.ContainsAny((byte)'.', (byte)'e', (byte)'E') && IsDecimal(value, zerosMayLead: false) && IsFinite(value);

    /// <summary>-?digits[.digits][e±digits], with a digit before or behind the point.</summary>
    static bool IsDecimal(ReadOnlySpan<byte> value, bool zerosMayLead)
    {
        var rest = value is [(byte)'-', ..] ? value[1..] : value;
        var whole = Digits(rest);
        if (!zerosMayLead && whole > 1 && rest[0] == (byte)'0')
            return false;
        rest = rest[whole..];
        var fraction = 0;
        if (rest is [(byte)'.', ..])
        {
            fraction = Digits(rest[1..]);
            rest = rest[(1 + fraction)..];
        }

        if (whole + fraction == 0)
            return false;
        if (rest is not [(byte)'e' or (byte)'E', ..])
            return rest.IsEmpty;
        rest = rest is [_, (byte)'+' or (byte)'-', ..] ? rest[2..] : rest[1..];
        return !rest.IsEmpty && Digits(rest) == rest.Length;
    }

    static int Digits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    static bool IsFinite(ReadOnlySpan<byte> value) => Utf8Parser.TryParse(value, out double number, out _) && double.IsFinite(number);
}
