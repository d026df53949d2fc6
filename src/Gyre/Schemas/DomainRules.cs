using System.Globalization;
using System.Text;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using DomainCase = Gyre.Schemas.Protos.Feature.DomainInfoOneofCase;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for the values of a feature: sets of texts and truth values here, numbers and language beside.</summary>
static class DomainRules
{
    const int LongestShown = 60;

    const string NotBoolean = "Non-boolean values";

    public static void Check(FeatureView found, FeatureDraft draft)
    {
        if (found.Message.Type == StatisticsType.Bytes
            && draft.Feature.DomainInfoCase is not (DomainCase.None or DomainCase.NaturalLanguageDomain or DomainCase.ImageDomain or DomainCase.UrlDomain))
        {
            draft.Add(
                AnomalyType.DomainInvalidForType, "Invalid domain type",
                $"The values are bytes that are no text, so {Feature.Descriptor.FindFieldByNumber((int)draft.Feature.DomainInfoCase).Name} cannot be checked. Remove it, or correct the encoding of the data.");
            draft.Feature.ClearDomainInfo();
            return;
        }

        switch (draft.Feature.DomainInfoCase)
        {
            case DomainCase.Domain when draft.Shared is { } shared: CheckTexts(found, draft, shared); break;
            case DomainCase.StringDomain: CheckTexts(found, draft, draft.Feature.StringDomain); break;
            case DomainCase.BoolDomain: CheckBooleans(found, draft); break;
            case DomainCase.IntDomain: NumberRules.CheckIntegers(found, draft); break;
            case DomainCase.FloatDomain: NumberRules.CheckReals(found, draft); break;
            case DomainCase.NaturalLanguageDomain: LanguageRules.Check(found, draft); break;
            case DomainCase.ImageDomain: ImageRules.Check(found, draft); break;
            case DomainCase.None: SuggestDomain(found, draft); break;
        }
    }

    static void CheckTexts(FeatureView found, FeatureDraft draft, StringDomain domain)
    {
        if (found.Message.StringStats is not { } texts)
            return;
        if (found.HasInvalidUtf8)
        {
            draft.Add(AnomalyType.EnumTypeInvalidUtf8, "Invalid UTF8 strings", string.Create(CultureInfo.InvariantCulture, $"{texts.InvalidUtf8Count} values are not UTF-8."));
            draft.Feature.ClearDomainInfo();
            draft.Feature.DistributionConstraints = null;
            return;
        }

        var allowed = domain.Value.ToHashSet(StringComparer.Ordinal);
        var unexpected = found.Values.Where(value => !allowed.Contains(value.Label)).ToList();
        var hidden = Hidden(found, texts, allowed.Count, unexpected.Count);
        if (unexpected.Count == 0 && hidden == 0)
            return;
        var (count, all) = (unexpected.Sum(value => value.SampleCount) + hidden, found.TotalValues);
        var tolerated = draft.Feature.DistributionConstraints is { } constraints ? 1 - constraints.MinDomainMass : 0;
        var limit = tolerated > 0 ? string.Create(CultureInfo.InvariantCulture, $" Expected at most {tolerated * 100:0.####} %.") : "";
        var weight = tolerated > 0 && count / all <= tolerated ? FindingWeight.Note : Chance.Weigh(count, all, tolerated, draft.Options.Significance);
        draft.Add(
            AnomalyType.EnumTypeUnexpectedStringValues, "Unexpected string values",
            $"{(hidden > 0 ? "At least " : "")}{FeatureRules.Share(count, all)} of the values are not in the schema: {Named(unexpected, hidden, all, draft.Options.NamedValues)}.{limit}",
            weight, TransformedFeatures.HasIds(found) ? null : Offence.NotAmong(allowed));
        if (weight == FindingWeight.Note)
            return;
        if (hidden == 0 && unexpected.TrueForAll(value => value.Label != TextColumn.LongTexts))
        {
            domain.Value.AddRange(unexpected.Select(value => value.Label).Order(StringComparer.Ordinal));
            return;
        }

        draft.Feature.ClearDomainInfo();
        draft.Feature.DistributionConstraints = null;
    }

    /// <summary>
    /// How many distinct values at least are neither listed nor allowed: statistics list the most frequent ones only, but
    /// there are more distinct ones than the list and the schema can account for.
    /// </summary>
    static long Hidden(FeatureView found, StringStatistics texts, int allowed, int unexpected) =>
        (long)texts.Unique > found.Values.Count ? Math.Max(0, (long)texts.Unique - allowed - unexpected) : 0;

    static string Named(List<RankHistogram.Types.Bucket> unexpected, long hidden, double all, int most)
    {
        var named = string.Join(", ", unexpected.Take(most).Select(value => $"{Quote(value.Label)} ({FeatureRules.Share(value.SampleCount, all)})"));
        var more = Math.Max(0, unexpected.Count - most) + hidden;
        return more == 0 ? named : string.Create(CultureInfo.InvariantCulture, $"{named}{(named.Length > 0 ? " and " : "")}{more} more");
    }

    static void CheckBooleans(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.BoolDomain;
        switch (found.Message.StatsCase)
        {
            case FeatureNameStatistics.StatsOneofCase.NumStats when found.Message.Type == StatisticsType.Int: CheckZeroOrOne(found.Message.NumStats, draft); break;
            case FeatureNameStatistics.StatsOneofCase.NumStats: CheckRealZeroOrOne(found.Message.NumStats, draft); break;
            case FeatureNameStatistics.StatsOneofCase.StringStats when !domain.HasTrueValue && !domain.HasFalseValue:
                if (found.Values is [var first, ..])
                {
                    draft.Add(
                        AnomalyType.BoolTypeInvalidConfig, "Malformed bool_domain",
                        $"The values are texts such as {Quote(first.Label)}, but the schema does not say which of them is true. Expected true_value, false_value, or both.");
                    draft.Feature.ClearDomainInfo();
                }

                break;
            case FeatureNameStatistics.StatsOneofCase.StringStats: CheckTruthTexts(found, draft); break;
        }
    }

    static void CheckZeroOrOne(NumericStatistics numbers, FeatureDraft draft)
    {
        if (draft.Feature.BoolDomain is { HasTrueValue: true } or { HasFalseValue: true })
        {
            draft.Add(
                AnomalyType.BoolTypeInvalidConfig, "Malformed bool_domain",
                "The values are numbers, of which 1 is true and 0 is false; true_value and false_value are for texts and have no effect. Remove them.", FindingWeight.Warning);
            draft.Feature.BoolDomain.ClearTrueValue();
            draft.Feature.BoolDomain.ClearFalseValue();
        }

        var (type, shown, word) = numbers.Min < 0
            ? (AnomalyType.BoolTypeSmallInt, numbers.Min, "least")
            : numbers.Max > 1 ? (AnomalyType.BoolTypeBigInt, numbers.Max, "greatest") : (AnomalyType.UnknownType, 0, "");
        if (type == AnomalyType.UnknownType)
            return;
        draft.Add(type, NotBoolean, string.Create(CultureInfo.InvariantCulture, $"The {word} value is {shown}. Expected 0 or 1."), offence: Offence.NotZeroOrOne);
        Widen(draft.Feature, numbers);
    }

    static void CheckRealZeroOrOne(NumericStatistics numbers, FeatureDraft draft)
    {
        if (NotZeroOrOne(numbers) is not { } odd)
            return;
        draft.Add(AnomalyType.BoolTypeUnexpectedFloat, NotBoolean, string.Create(CultureInfo.InvariantCulture, $"There are values such as {odd}. Expected 0 or 1."), offence: Offence.NotZeroOrOne);
        Widen(draft.Feature, numbers);
    }

    /// <summary>Truth values become numbers of the feature's type, in a range that holds both truth values and what was found.</summary>
    static void Widen(Feature feature, NumericStatistics numbers)
    {
        if (feature.Type == FeatureType.Float)
            feature.FloatDomain = new FloatDomain { Min = Math.Min(0, (float)numbers.Min), Max = Math.Max(1, (float)numbers.Max) };
        else
            feature.IntDomain = new IntDomain { Min = Math.Min(0, NumberRules.Whole(numbers.Min)), Max = Math.Max(1, NumberRules.Whole(numbers.Max)) };
    }

    /// <summary>A value that is neither; as far as bounds and histograms tell.</summary>
    static double? NotZeroOrOne(NumericStatistics numbers)
    {
        if (numbers.Min is not (0 or 1))
            return numbers.Min;
        if (numbers.Max is not (0 or 1))
            return numbers.Max;
        foreach (var histogram in numbers.Histograms)
        {
            if (histogram.NumNan > 0)
                return double.NaN;
            var isQuantiles = histogram.Type == Histogram.Types.HistogramType.Quantiles;
            foreach (var bucket in histogram.Buckets.Where(bucket => bucket.SampleCount > 0))
            {
                if (bucket.HighValue < 0)
                    return bucket.HighValue;
                if (bucket.LowValue > 1 || (isQuantiles && bucket is { LowValue: > 0, HighValue: < 1 }))
                    return bucket.LowValue;
            }
        }

        return null;
    }

    static void CheckTruthTexts(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.BoolDomain;
        string[] allowed = [.. domain.HasTrueValue ? [domain.TrueValue] : Array.Empty<string>(), .. domain.HasFalseValue ? [domain.FalseValue] : Array.Empty<string>()];
        if (found.Values.FirstOrDefault(value => !allowed.Contains(value.Label, StringComparer.Ordinal)) is not { } unexpected)
            return;
        draft.Add(
            AnomalyType.BoolTypeUnexpectedString, NotBoolean,
            $"There are values such as {Quote(unexpected.Label)}. Expected {string.Join(" or ", allowed.Select(Quote))}.", offence: Offence.NotAmong(allowed));
        draft.Feature.ClearDomainInfo();
    }

    /// <summary>Statistics may have recognised what the values mean, where the schema says nothing of them.</summary>
    static void SuggestDomain(FeatureView found, FeatureDraft draft)
    {
        if (SemanticDomains.Suggested(found) is not { } suggestion)
            return;
        draft.Add(
            AnomalyType.SemanticDomainUpdate, "Updated semantic domain",
            $"The values look like {suggestion.Text}, of which the schema says nothing.", FindingWeight.Warning);
        draft.Feature.MergeFrom(suggestion.Feature);
    }

    /// <summary>A value as it may stand in a message: in quotes, on one line, not too long.</summary>
    public static string Quote(string value)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in value.EnumerateRunes().Take(LongestShown))
            shown.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        return shown.Append(value.EnumerateRunes().Skip(LongestShown).Any() ? "…'" : "'").ToString();
    }
}
