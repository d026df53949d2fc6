using System.Buffers.Text;
using System.Text;

namespace Gyre.Ingestion;

/// <summary>A point in time: an ISO 8601 date or moment, or a number such as seconds since 1970.</summary>
/// <param name="IsDate">Whether it was written as a date rather than as a number.</param>
/// <param name="Order">Orders moments of one kind.</param>
readonly record struct Moment(bool IsDate, long Order)
{
    public const string Expected = "an ISO date or moment such as 2015-03-01 or 2015-03-01T12:30:00Z, or a number";

    public static Moment? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>YYYY-MM[-DD[(T| )HH:MM[:SS[.fraction]][Z|±HH[:]MM]]], without an offset in UTC; or a finite number. Null for all else.</summary>
    public static Moment? Parse(ReadOnlySpan<byte> text) =>
        text.Length >= 7 && text[4] == (byte)'-' && Digits(text, 0, 4) is not null ? ParseIso(text) : ParseNumber(text);

    static Moment? ParseNumber(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out double number, out var length) || length != text.Length || !double.IsFinite(number))
            return null;
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0.0 : number);
        return new Moment(IsDate: false, bits ^ ((bits >> 63) & long.MaxValue));
    }

    static Moment? ParseIso(ReadOnlySpan<byte> text)
    {
        if (Digits(text, 0, 4) is not { } year || Digits(text, 5, 2) is not { } month)
            return null;
        var day = 1;
        var rest = text[7..];
        if (!rest.IsEmpty)
        {
            if (rest[0] != (byte)'-' || Digits(rest, 1, 2) is not { } given)
                return null;
            day = given;
            rest = rest[3..];
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return null;
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        if (rest.IsEmpty)
            return new Moment(IsDate: true, date);
        return rest[0] is (byte)'T' or (byte)'t' or (byte)' ' && Clock(rest[1..]) is { } clock ? new Moment(IsDate: true, date + clock) : null;
    }

    /// <returns>Ticks since midnight UTC.</returns>
    static long? Clock(ReadOnlySpan<byte> text)
    {
        if (Digits(text, 0, 2) is not { } hour || text.Length < 5 || text[2] != (byte)':' || Digits(text, 3, 2) is not { } minute)
            return null;
        var (second, ticks) = (0, 0L);
        var rest = text[5..];
        if (rest is [(byte)':', ..])
        {
            if (Digits(rest, 1, 2) is not { } given)
                return null;
            second = given;
            rest = rest[3..];
            if (rest is [(byte)'.' or (byte)',', ..])
            {
                var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : rest.Length - 1;
                if (digits == 0)
                    return null;
                for (var i = 0; i < 7; i++)
                    ticks = (ticks * 10) + (i < digits ? rest[1 + i] - '0' : 0);
                rest = rest[(1 + digits)..];
            }
        }

        if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute > 0 || second > 0 || ticks > 0)) || Offset(rest) is not { } offset)
            return null;
        return ((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond + ticks - offset * TimeSpan.TicksPerMinute;
    }

    /// <returns>Minutes east of Greenwich.</returns>
    static long? Offset(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
            return 0;
        if (text[0] is not ((byte)'+' or (byte)'-') || Digits(text, 1, 2) is not { } hours || hours > 18)
            return null;
        var rest = text[3..];
        if (rest is [(byte)':', ..])
            rest = rest[1..];
        long minutes = 0;
        if (!rest.IsEmpty)
        {
            if (rest.Length != 2 || Digits(rest, 0, 2) is not { } given || given > 59)
                return null;
            minutes = given;
        }

        return ((hours * 60) + minutes) * (text[0] == (byte)'-' ? -1 : 1);
    }

    static int? Digits(ReadOnlySpan<byte> text, int start, int count)
    {
        if (text.Length < start + count)
            return null;
        var number = 0;
        foreach (var digit in text.Slice(start, count))
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return null;
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
