using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gyre.Schemas.TextFormat;

/// <summary>Single values of protobuf's text format, from and to the objects that reflection takes and gives.</summary>
static class TextScalars
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a field takes, in words.</summary>
    public static string Wanted(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => "true or false",
        FieldType.Enum => $"one of {string.Join(", ", field.EnumType.Values.Select(value => value.Name))}",
        FieldType.Double or FieldType.Float => "a number",
        FieldType.UInt32 or FieldType.Fixed32 => "a whole number from 0 to 4294967295",
        FieldType.UInt64 or FieldType.Fixed64 => "a whole number from 0 to 18446744073709551615",
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => "a whole number of 32 bits",
        FieldType.String or FieldType.Bytes => "a quoted string",
        _ => "a whole number of 64 bits",
    };

    public static object Text(FieldDescriptor field, byte[] bytes, Func<string, Exception> fault)
    {
        if (field.FieldType == FieldType.Bytes)
            return ByteString.CopyFrom(bytes);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw fault($"'{field.Name}' is a text, but the bytes in it are not UTF-8. Correct the escapes.");
        }
    }

    /// <summary>Null when the token is no value of the field.</summary>
    public static object? Number(FieldDescriptor field, TextToken token, bool negative) => field.FieldType switch
    {
        FieldType.Bool => negative ? null : Flag(token.Written),
        FieldType.Enum => Enumerator(field.EnumType, token, negative),
        FieldType.Double => Real(token, negative),
        FieldType.Float => Single(token, negative),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Integer(token, negative) is { } value && value >= int.MinValue && value <= int.MaxValue ? (int)value : null,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Integer(token, negative) is { } value && value >= long.MinValue && value <= long.MaxValue ? (long)value : null,
        FieldType.UInt32 or FieldType.Fixed32 => Integer(token, negative) is { } value && value >= 0 && value <= uint.MaxValue ? (uint)value : null,
        FieldType.UInt64 or FieldType.Fixed64 => Integer(token, negative) is { } value && value >= 0 ? (ulong)value : null,
        _ => null,
    };

    static bool? Flag(string word) => word switch
    {
        "true" or "True" or "t" or "1" => true,
        "false" or "False" or "f" or "0" => false,
        _ => null,
    };

    static int? Enumerator(EnumDescriptor type, TextToken token, bool negative)
    {
        var value = token.Kind == TokenKind.Identifier && !negative
            ? type.FindValueByName(token.Written)
            : Integer(token, negative) is { } number && number >= int.MinValue && number <= int.MaxValue ? type.FindValueByNumber((int)number) : null;
        return value?.Number;
    }

    /// <summary>Whole numbers fit into 65 bits with their sign; base 8 begins with 0, base 16 with 0x.</summary>
    static Int128? Integer(TextToken token, bool negative)
    {
        var written = token.Written;
        Int128 magnitude = 0;
        var radix = written is ['0', 'x' or 'X', _, ..] ? 16 : written is ['0', _, ..] ? 8 : 10;
        foreach (var digit in radix == 16 ? written.AsSpan(2) : written)
        {
            var value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (value >= radix)
                return null;
            magnitude = (magnitude * radix) + value;
            if (magnitude > ulong.MaxValue)
                return null;
        }

        return negative ? -magnitude : magnitude;
    }

    static double? Real(TextToken token, bool negative)
    {
        var value = Magnitude(token, text => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null);
        return value is { } magnitude ? (negative ? -magnitude : magnitude) : null;
    }

    /// <summary>Parsed as a single at once: by way of a double some texts would be rounded twice.</summary>
    static float? Single(TextToken token, bool negative)
    {
        var value = Magnitude(token, text => float.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null);
        return value is { } magnitude ? (float)(negative ? -magnitude : magnitude) : null;
    }

    static double? Magnitude(TextToken token, Func<string, double?> parse)
    {
        if (token.Kind == TokenKind.Identifier)
        {
            return token.Written.ToUpperInvariant() switch
            {
                "INF" or "INFINITY" => double.PositiveInfinity,
                "NAN" => double.NaN,
                _ => null,
            };
        }

        if (token.Written is ['0', not ('.' or 'e' or 'E' or 'f' or 'F'), ..])
            return (double?)Integer(token, negative: false);
        return parse(token.Written.TrimEnd('f', 'F'));
    }

    public static object Default(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => false,
        FieldType.Double => 0d,
        FieldType.Float => 0f,
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        FieldType.Message or FieldType.Group => field.MessageType.Parser.ParseFrom(ByteString.Empty),
        FieldType.UInt32 or FieldType.Fixed32 => 0u,
        FieldType.UInt64 or FieldType.Fixed64 => 0ul,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 or FieldType.Enum => 0,
        _ => 0L,
    };

    public static string Write(FieldDescriptor field, object value) => field.FieldType switch
    {
        FieldType.Enum => field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture)) is { } named
            ? named.Name
            : Convert.ToInt32(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        FieldType.Bool => (bool)value ? "true" : "false",
        FieldType.Double => WriteReal((double)value, ((double)value).ToString("R", CultureInfo.InvariantCulture)),
        FieldType.Float => WriteReal((float)value, ((float)value).ToString("R", CultureInfo.InvariantCulture)),
        FieldType.String => Quote(Encoding.UTF8.GetBytes((string)value), readable: true),
        FieldType.Bytes => Quote(((ByteString)value).ToByteArray(), readable: false),
        _ => ((IFormattable)value).ToString(format: null, CultureInfo.InvariantCulture),
    };

    static string WriteReal(double value, string digits)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        return digits.AsSpan().ContainsAny('.', 'E') ? digits : digits + ".0";
    }

    /// <param name="bytes">The content.</param>
    /// <param name="readable">The content is UTF-8; leave letters beyond ASCII as they are.</param>
    static string Quote(byte[] bytes, bool readable)
    {
        var quoted = new List<byte>(bytes.Length + 2) { (byte)'"' };
        foreach (var value in bytes)
        {
            switch (value)
            {
                case (byte)'\n': quoted.AddRange("\\n"u8); break;
                case (byte)'\r': quoted.AddRange("\\r"u8); break;
                case (byte)'\t': quoted.AddRange("\\t"u8); break;
                case (byte)'"' or (byte)'\\': quoted.AddRange([(byte)'\\', value]); break;
                case < 0x20 or 0x7f: quoted.AddRange(Octal(value)); break;
                case >= 0x80 when !readable: quoted.AddRange(Octal(value)); break;
                default: quoted.Add(value); break;
            }
        }

        quoted.Add((byte)'"');
        return Encoding.UTF8.GetString([.. quoted]);
    }

    static byte[] Octal(byte value) => [(byte)'\\', (byte)('0' + (value >> 6)), (byte)('0' + ((value >> 3) & 7)), (byte)('0' + (value & 7))];
}
