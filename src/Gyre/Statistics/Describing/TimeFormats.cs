using System.Globalization;
using System.Numerics;

namespace Gyre.Statistics.Describing;

/// <summary>
/// Formats of dates and times, in the notation of C's strptime. Those of TensorFlow Data Validation in its order, and with
/// each that has a date and a time also the same with a zone (<c>Z</c> or an offset), as ISO 8601 writes it.
/// </summary>
static class TimeFormats
{
    /// <summary>Fewer values prove nothing.</summary>
    public const int FewestValues = 100;

    /// <summary>The share of values that must have the most frequent format.</summary>
    public const double LeastShare = 0.8;

    /// <summary>No time is longer, in bytes; short enough for a bit to each position.</summary>
    public const int Longest = 48;

    const string Zone = "%z";

    static readonly string[] Dates =
    [
        "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%y-%m-%d", "%y/%m/%d",
        "%m-%d-%Y", "%m/%d/%Y", "%m%d%Y", "%m-%d-%y", "%m/%d/%y",
        "%d-%m-%Y", "%d/%m/%Y", "%d%m%Y", "%d-%B-%Y", "%d-%m-%y", "%d/%m/%y", "%d-%B-%y",
    ];

    static readonly string[] Times = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"];

    static readonly string[] Whole = ["%a %b %d %H:%M:%S %Y"];

    static readonly string[] ZonedTimes = [.. Times.Concat(Times.Select(time => time + Zone))];

    static readonly string[] Days = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;
    static readonly string[] ShortMonths = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames[..12];
    static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];

    /// <summary>All formats; of equally frequent ones the first counts.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Dates, .. Times, .. Whole,
        .. Dates.SelectMany(date => ZonedTimes.SelectMany(time => new[] { $"{date}T{time}", $"{date} {time}" })),
    ];

    static int AfterSimple => Dates.Length + Times.Length + Whole.Length;

    /// <summary>Adds to the count of each format that the text has.</summary>
    /// <returns>Whether it has any.</returns>
    public static bool Count(ReadOnlySpan<byte> text, long times, long[] counts)
    {
        if (text.Length > Longest || !(IsDigit(text[0]) || text[0] is (byte)' ' or (>= (byte)'A' and <= (byte)'Z')))
            return false;
        var isAny = false;
        var end = 1UL << text.Length;
        for (var date = 0; date < Dates.Length; date++)
        {
            var ends = Ends(Dates[date], text, 1);
            Note((ends & end) != 0, date, counts);
            for (ends &= ~end; ends != 0; ends &= ends - 1)
            {
                var at = BitOperations.TrailingZeroCount(ends);
                if (text[at] is not ((byte)'T' or (byte)' '))
                    continue;
                for (var time = 0; time < ZonedTimes.Length; time++)
                {
                    Note(
                        (Ends(ZonedTimes[time], text, 1UL << (at + 1)) & end) != 0,
                        AfterSimple + (((date * ZonedTimes.Length) + time) * 2) + (text[at] == 'T' ? 0 : 1),
                        counts);
                }
            }
        }

        for (var simple = Dates.Length; simple < AfterSimple; simple++)
            Note((Ends(All[simple], text, 1) & end) != 0, simple, counts);
        return isAny;

        void Note(bool matches, int format, long[] counts)
        {
            if (!matches)
                return;
            counts[format] += times;
            isAny = true;
        }
    }

    /// <summary>A number that orders times of one format; null for a text that has another. Offsets from UTC do not count.</summary>
    public static long? Parse(string format, ReadOnlySpan<byte> text)
    {
        var fields = new long[8];
        if (!Parse(format, text, fields))
            return null;
        var year = fields[Field('Y')];
        var day = (((year * 13) + fields[Field('m')]) * 32) + fields[Field('d')];
        var second = (((((day * 24) + fields[Field('H')]) * 60) + fields[Field('M')]) * 62) + fields[Field('S')];
        return (second * 1_000_000) + fields[Field('f')];
    }

    /// <summary>Where a stretch of text in this format may end, begun at any of some positions; a bit to each position.</summary>
    static ulong Ends(string format, ReadOnlySpan<byte> text, ulong starts)
    {
        for (var i = 0; i < format.Length && starts != 0; i++)
        {
            ulong next = 0;
            var isDirective = format[i] == '%';
            if (isDirective)
                i++;
            for (var left = starts; left != 0; left &= left - 1)
            {
                var at = BitOperations.TrailingZeroCount(left);
                var rest = text[at..];
                if (isDirective)
                    next |= Lengths(format[i], rest) << at;
                else if (rest.Length > 0 && rest[0] == format[i])
                    next |= 2UL << at;
            }

            starts = next;
        }

        return starts;
    }

    /// <summary>How long what a directive stands for may be at the beginning of a text; a bit to each length.</summary>
    static ulong Lengths(char directive, ReadOnlySpan<byte> text)
    {
        var one = Digit(text, 0);
        var two = one >= 0 && Digit(text, 1) is >= 0 and var second ? (one * 10) + second : -1;
        return directive switch
        {
            'Y' => two >= 0 && Digit(text, 2) >= 0 && Digit(text, 3) >= 0 ? 1UL << 4 : 0,
            'y' => two >= 0 ? 1UL << 2 : 0,
            'm' => Bits(two is >= 1 and <= 12, one is >= 1),
            'd' => Bits(two is >= 1 and <= 31 || (text.Length > 1 && text[0] == ' ' && Digit(text, 1) >= 1), one is >= 1),
            'H' => Bits(two is >= 0 and <= 23, one >= 0),
            'M' => Bits(two is >= 0 and <= 59, one >= 0),
            'S' => Bits(two is >= 0 and <= 61, one >= 0),
            'f' => Fraction(text),
            'a' => Name(text, Days),
            'b' => Name(text, ShortMonths),
            'B' => Name(text, Months),
            'z' => ZoneLengths(text),
            _ => throw new ArgumentOutOfRangeException(nameof(directive), directive, "No such directive."),
        };

        static ulong Bits(bool hasTwo, bool hasOne) => (hasTwo ? 4UL : 0) | (hasOne ? 2UL : 0);
    }

    static ulong Fraction(ReadOnlySpan<byte> text)
    {
        ulong lengths = 0;
        for (var length = 1; length <= 9 && Digit(text, length - 1) >= 0; length++)
            lengths |= 1UL << length;
        return lengths;
    }

    static ulong Name(ReadOnlySpan<byte> text, string[] names)
    {
        foreach (var name in names)
        {
            if (text.Length >= name.Length && System.Text.Ascii.Equals(text[..name.Length], name))
                return 1UL << name.Length;
        }

        return 0;
    }

    /// <summary>Z, +hh, +hhmm or +hh:mm.</summary>
    static ulong ZoneLengths(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'Z', ..])
            return 2;
        if (text is not [(byte)'+' or (byte)'-', ..] || (Lengths('H', text[1..]) & 4) == 0)
            return 0;
        var lengths = 1UL << 3;
        if ((Lengths('M', text[3..]) & 4) != 0)
            lengths |= 1UL << 5;
        if (text.Length > 3 && text[3] == ':' && (Lengths('M', text[4..]) & 4) != 0)
            lengths |= 1UL << 6;
        return lengths;
    }

    /// <summary>Reads fields, the longest possible first, going back where the rest does not fit.</summary>
    static bool Parse(ReadOnlySpan<char> format, ReadOnlySpan<byte> text, long[] fields)
    {
        if (format.IsEmpty)
            return text.IsEmpty;
        if (format[0] != '%')
            return text.Length > 0 && text[0] == format[0] && Parse(format[1..], text[1..], fields);
        for (var lengths = Lengths(format[1], text); lengths != 0;)
        {
            var length = 63 - BitOperations.LeadingZeroCount(lengths);
            lengths &= ~(1UL << length);
            var name = format[1] == 'y' ? 'Y' : format[1] is 'b' or 'B' ? 'm' : format[1];
            fields[Field(name)] = Value(format[1], text[..length]);
            if (Parse(format[2..], text[length..], fields))
                return true;
        }

        return false;
    }

    static long Value(char directive, ReadOnlySpan<byte> text)
    {
        switch (directive)
        {
            case 'b' or 'B':
                var name = System.Text.Encoding.ASCII.GetString(text);
                return Array.IndexOf(directive == 'b' ? ShortMonths : Months, name) + 1;
            case 'f':
                return (long)(decimal.Parse($"0.{System.Text.Encoding.ASCII.GetString(text)}", CultureInfo.InvariantCulture) * 1_000_000);
            case 'a' or 'z':
                return 0;
            default:
                var number = long.Parse(text, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
                return directive != 'y' ? number : number + (number < 69 ? 2000 : 1900);
        }
    }

    static int Field(char name) => name switch
    {
        'Y' => 0,
        'm' => 1,
        'd' => 2,
        'H' => 3,
        'M' => 4,
        'S' => 5,
        'f' => 6,
        _ => 7,
    };

    static int Digit(ReadOnlySpan<byte> text, int at) => at < text.Length && IsDigit(text[at]) ? text[at] - '0' : -1;

    static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
