using System.Globalization;
using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for ranges of numbers, also of numbers that are written as texts.</summary>
static class NumberRules
{
    const string Invalid = "Invalid values";
    const string OutOfRange = "Out-of-range values";

    /// <summary>The least real number that is greater than every whole number of 64 bits.</summary>
    const double BeyondIntegers = 9223372036854775808.0;

    public static void CheckIntegers(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.IntDomain;
        var texts = found.Values;
        (long Min, long Max) range;
        if (found.Message.Type is StatisticsType.String or StatisticsType.Bytes || (found.Message.Type == StatisticsType.Int && texts.Count > 0))
        {
            if (texts.FirstOrDefault(value => Integer(value.Label) is null) is { } odd)
            {
                draft.Add(AnomalyType.IntTypeNotIntString, Invalid, $"There are texts that are no whole numbers, such as {DomainRules.Quote(odd.Label)}.", offence: Offence.NotInteger);
                draft.Feature.ClearDomainInfo();
                return;
            }

            if (texts.Count == 0)
                return;
            range = (texts.Min(value => Integer(value.Label)!.Value), texts.Max(value => Integer(value.Label)!.Value));
        }
        else if (found.Message is { Type: StatisticsType.Int, NumStats: { } numbers })
        {
            if ((domain.HasMin || domain.HasMax) && (numbers.Min < -BeyondIntegers || numbers.Max > BeyondIntegers))
            {
                draft.Add(AnomalyType.DomainInvalidForType, Invalid, string.Create(
                    CultureInfo.InvariantCulture, $"The values reach from {numbers.Min} to {numbers.Max}. Expected whole numbers of 64 bits."));
                draft.Feature.ClearDomainInfo();
                return;
            }

            range = (Whole(numbers.Min), Whole(numbers.Max));
        }
        else
        {
            return;
        }

        if (domain.HasMin && range.Min < domain.Min)
        {
            draft.Add(
                AnomalyType.IntTypeSmallInt, OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"The least value is {range.Min}. Expected at least {domain.Min}."), offence: Offence.Below(domain.Min));
            domain.Min = range.Min;
        }

        if (domain.HasMax && range.Max > domain.Max)
        {
            draft.Add(
                AnomalyType.IntTypeBigInt, OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"The greatest value is {range.Max}. Expected at most {domain.Max}."), offence: Offence.Above(domain.Max));
            domain.Max = range.Max;
        }
    }

    public static void CheckReals(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.FloatDomain;
        (double Min, double Max) range;
        bool hasNan;
        if (found.Message.Type is StatisticsType.String or StatisticsType.Bytes)
        {
            if (found.Values.FirstOrDefault(value => Real(value.Label) is null) is { } odd)
            {
                draft.Add(AnomalyType.FloatTypeStringNotFloat, Invalid, $"There are texts that are no numbers, such as {DomainRules.Quote(odd.Label)}.", offence: Offence.NotReal);
                draft.Feature.ClearDomainInfo();
                return;
            }

            var numbers = found.Values.Select(value => Real(value.Label)!.Value).ToList();
            hasNan = numbers.Exists(double.IsNaN);
            numbers.RemoveAll(double.IsNaN);
            range = numbers.Count == 0 ? (double.NaN, double.NaN) : (numbers.Min(), numbers.Max());
        }
        else if (found.Message is { Type: StatisticsType.Float, NumStats: { } reals })
        {
            hasNan = reals.Histograms.Any(histogram => histogram.NumNan > 0);
            range = (reals.Min, reals.Max);
        }
        else
        {
            return;
        }

        if (domain.DisallowNan && hasNan)
        {
            draft.Add(AnomalyType.FloatTypeHasNan, Invalid, "There are values that are not a number (NaN).", offence: Offence.NotNumber);
            domain.DisallowNan = false;
        }

        CheckBounds(range, domain, draft);
        if (domain.DisallowInf && (double.IsInfinity(range.Min) || double.IsInfinity(range.Max)))
        {
            draft.Add(AnomalyType.FloatTypeHasInf, Invalid, "There are infinite values.", offence: Offence.Infinite);
            domain.DisallowInf = false;
        }
    }

    /// <summary>The schema's bounds are singles, so the data is compared as singles: 0.1 is not less than 0.1f.</summary>
    static void CheckBounds((double Min, double Max) range, FloatDomain domain, FeatureDraft draft)
    {
        if (domain.HasMin && (float)range.Min < domain.Min)
        {
            draft.Add(
                AnomalyType.FloatTypeSmallFloat, OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"The least value is {range.Min}. Expected at least {domain.Min}."), offence: Offence.Below(domain.Min));
            domain.Min = (float)range.Min;
        }

        if (domain.HasMax && (float)range.Max > domain.Max)
        {
            draft.Add(
                AnomalyType.FloatTypeBigFloat, OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"The greatest value is {range.Max}. Expected at most {domain.Max}."), offence: Offence.Above(domain.Max));
            domain.Max = (float)range.Max;
        }
    }

    /// <summary>A bound that statistics keep as a real number, as a whole one; beyond 64 bits the nearest.</summary>
    public static long Whole(double value) => value >= BeyondIntegers ? long.MaxValue : value <= -BeyondIntegers ? long.MinValue : double.IsNaN(value) ? 0 : (long)value;

    public static long? Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Also the words for infinity and for no number, in the spellings that C and .NET write.</summary>
    static double? Real(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return value;
        var word = text.AsSpan().Trim();
        var sign = word is ['-', ..] ? -1 : 1;
        word = word is ['-' or '+', ..] ? word[1..] : word;
        return word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase) ? sign * double.PositiveInfinity
            : word.Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN : null;
    }
}
