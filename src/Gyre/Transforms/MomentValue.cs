using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>Which parts of a date stand in which order in a text; between them '-', '/' or '.'.</summary>
public enum DateOrder
{
    /// <summary>2016-03-31, as ISO 8601 has it.</summary>
    YearFirst,

    /// <summary>03/31/2016.</summary>
    MonthFirst,

    /// <summary>31.03.2016.</summary>
    DayFirst,
}

/// <summary>What a number of time counts, from the beginning of 1970 in UTC on.</summary>
public enum TimeUnit
{
    Seconds,
    Milliseconds,
    Microseconds,
    Days,
}

/// <summary>A part of a moment.</summary>
enum DatePart
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Weekday,
    DayOfYear,
}

/// <summary>A moment per example, or none. Parts are those in UTC, in the Gregorian calendar; a missing moment has missing parts.</summary>
public sealed class MomentValue : Expression
{
    internal MomentValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    /// <summary>The year.</summary>
    public NumberValue Year() => Part(DatePart.Year);

    /// <summary>1 to 12.</summary>
    public NumberValue Month() => Part(DatePart.Month);

    /// <summary>1 to 31.</summary>
    public NumberValue Day() => Part(DatePart.Day);

    /// <summary>0 to 23.</summary>
    public NumberValue Hour() => Part(DatePart.Hour);

    /// <summary>0 to 59.</summary>
    public NumberValue Minute() => Part(DatePart.Minute);

    /// <summary>0 to 59, without fractions.</summary>
    public NumberValue Second() => Part(DatePart.Second);

    /// <summary>1 for Monday to 7 for Sunday, as ISO 8601 counts.</summary>
    public NumberValue Weekday() => Part(DatePart.Weekday);

    /// <summary>1 to 366.</summary>
    public NumberValue DayOfYear() => Part(DatePart.DayOfYear);

    /// <summary>Seconds since the beginning of 1970, with fractions.</summary>
    public NumberValue Seconds() => new(Builder, Step, mayBeMissing: true);

    /// <summary>Days from another moment to this one, with fractions; negative where the other is later.</summary>
    public NumberValue DaysSince(MomentValue other) => (Seconds() - other.Seconds()) / 86400;

    NumberValue Part(DatePart part) => new(Builder, Then(new MomentPart(part)), mayBeMissing: true);
}
