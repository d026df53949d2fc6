using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Gyre.Schemas.Protos;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using DomainCase = Gyre.Schemas.Protos.Feature.DomainInfoOneofCase;

namespace Gyre.Schemas;

/// <summary>The rules for the values of a feature: sets of texts, truth values, ranges of numbers.</summary>
static class DomainRules
{
    const int LongestShown = 60;

    const string Invalid = "Invalid values";
    const string OutOfRange = "Out-of-range values";
    const string NotBoolean = "Non-boolean values";

    public static IEnumerable<Finding> Check(
        FeatureNameStatistics found, CommonStatistics common, Feature expected, Schema schema, ValidationOptions options) => expected.DomainInfoCase switch
        {
            DomainCase.Domain or DomainCase.StringDomain => Texts(found, common, expected, schema, options),
            DomainCase.BoolDomain => Booleans(found, expected.BoolDomain),
            DomainCase.IntDomain => Integers(found, expected.IntDomain),
            DomainCase.FloatDomain => Reals(found, expected.FloatDomain),
            _ => [],
        };

    static IEnumerable<Finding> Texts(FeatureNameStatistics found, CommonStatistics common, Feature expected, Schema schema, ValidationOptions options)
    {
        if (SchemaFeatures.StringDomainOf(expected, schema) is not { } domain)
        {
            yield return new(AnomalyType.InvalidDomainSpecification, "Missing domain", $"The schema names the string_domain {Quote(expected.Domain)}, but does not have it. Add it, or remove the name.");
            yield break;
        }

        if (found.StringStats is not { } texts)
            yield break;
        if (texts.InvalidUtf8Count > 0)
        {
            yield return new(AnomalyType.EnumTypeInvalidUtf8, "Invalid UTF8 strings", string.Create(CultureInfo.InvariantCulture, $"{texts.InvalidUtf8Count} values are not UTF-8."));
            yield break;
        }

        var allowed = domain.Value.ToHashSet(StringComparer.Ordinal);
        var unexpected = Buckets(texts).Where(bucket => !allowed.Contains(bucket.Label)).ToList();
        var count = unexpected.Sum(bucket => bucket.SampleCount);
        var all = common.TotNumValues > 0 ? common.TotNumValues : common.NumNonMissing * (double)common.AvgNumValues;
        var tolerated = expected.DistributionConstraints is { } constraints ? 1 - constraints.MinDomainMass : 0;
        if (unexpected.Count == 0)
            yield break;
        var limit = tolerated > 0 ? string.Create(CultureInfo.InvariantCulture, $" Expected at most {tolerated * 100:0.####} %.") : "";
        yield return new(
            AnomalyType.EnumTypeUnexpectedStringValues, "Unexpected string values",
            $"{FeatureRules.Share(count, all)} of the values are not in the schema: {Named(unexpected, all, options.NamedValues)}.{limit}",
            count / all <= tolerated ? FindingWeight.Note : Chance.Weigh(count, all, tolerated, options.Significance));
    }

    static string Named(List<RankHistogram.Types.Bucket> unexpected, double all, int most)
    {
        var named = string.Join(", ", unexpected.Take(most).Select(bucket => $"{Quote(bucket.Label)} ({FeatureRules.Share(bucket.SampleCount, all)})"));
        return unexpected.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{named} and {unexpected.Count - most} more") : named;
    }

    static IEnumerable<Finding> Booleans(FeatureNameStatistics found, BoolDomain domain)
    {
        switch (found.StatsCase)
        {
            case FeatureNameStatistics.StatsOneofCase.NumStats when found.Type == FeatureNameStatistics.Types.Type.Int:
                if (found.NumStats.Min < 0)
                    yield return new(AnomalyType.BoolTypeSmallInt, NotBoolean, string.Create(CultureInfo.InvariantCulture, $"The least value is {found.NumStats.Min}. Expected 0 or 1."));
                else if (found.NumStats.Max > 1)
                    yield return new(AnomalyType.BoolTypeBigInt, NotBoolean, string.Create(CultureInfo.InvariantCulture, $"The greatest value is {found.NumStats.Max}. Expected 0 or 1."));
                break;
            case FeatureNameStatistics.StatsOneofCase.NumStats:
                if (NotZeroOrOne(found.NumStats) is { } odd)
                    yield return new(AnomalyType.BoolTypeUnexpectedFloat, NotBoolean, string.Create(CultureInfo.InvariantCulture, $"There are values such as {odd}. Expected 0 or 1."));
                break;
            case FeatureNameStatistics.StatsOneofCase.StringStats:
                string[] allowed = [.. domain.HasTrueValue ? [domain.TrueValue] : Array.Empty<string>(), .. domain.HasFalseValue ? [domain.FalseValue] : Array.Empty<string>()];
                if (Buckets(found.StringStats).FirstOrDefault(bucket => !allowed.Contains(bucket.Label, StringComparer.Ordinal)) is { } unexpected)
                    yield return new(AnomalyType.BoolTypeUnexpectedString, NotBoolean, $"There are values such as {Quote(unexpected.Label)}. Expected {string.Join(" or ", allowed.Select(Quote))}.");
                break;
        }
    }

    /// <summary>A value that is neither; as far as bounds and histograms tell.</summary>
    static double? NotZeroOrOne(NumericStatistics numbers)
    {
        if (numbers.Min is not (0 or 1))
            return numbers.Min;
        if (numbers.Max is not (0 or 1))
            return numbers.Max;
        if (numbers.Histograms.Any(histogram => histogram.NumNan > 0))
            return double.NaN;
        return numbers.Histograms.Where(histogram => histogram.Type == Histogram.Types.HistogramType.Quantiles).SelectMany(histogram => histogram.Buckets)
            .Where(bucket => bucket.SampleCount > 0 && bucket.LowValue > 0 && bucket.HighValue < 1).Select(bucket => (double?)bucket.LowValue).FirstOrDefault();
    }

    static IEnumerable<Finding> Integers(FeatureNameStatistics found, IntDomain domain)
    {
        (double Min, double Max) range;
        if (found.StringStats is { } texts)
        {
            if (Buckets(texts).FirstOrDefault(bucket => !long.TryParse(bucket.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) is { } odd)
            {
                yield return new(AnomalyType.IntTypeNotIntString, Invalid, $"There are texts that are no whole numbers, such as {Quote(odd.Label)}.");
                yield break;
            }

            var numbers = Buckets(texts).Select(bucket => (double)long.Parse(bucket.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToList();
            if (numbers.Count == 0)
                yield break;
            range = (numbers.Min(), numbers.Max());
        }
        else if (found is { Type: FeatureNameStatistics.Types.Type.Int, NumStats: { } integers })
        {
            range = (integers.Min, integers.Max);
        }
        else
        {
            yield break;
        }

        if (domain.HasMin && range.Min < domain.Min)
            yield return new(AnomalyType.IntTypeSmallInt, OutOfRange, string.Create(CultureInfo.InvariantCulture, $"The least value is {range.Min}. Expected at least {domain.Min}."));
        if (domain.HasMax && range.Max > domain.Max)
            yield return new(AnomalyType.IntTypeBigInt, OutOfRange, string.Create(CultureInfo.InvariantCulture, $"The greatest value is {range.Max}. Expected at most {domain.Max}."));
    }

    static IEnumerable<Finding> Reals(FeatureNameStatistics found, FloatDomain domain)
    {
        (double Min, double Max) range;
        bool hasNan;
        if (found.StringStats is { } texts)
        {
            if (Buckets(texts).FirstOrDefault(bucket => Real(bucket.Label) is null) is { } odd)
            {
                yield return new(AnomalyType.FloatTypeStringNotFloat, Invalid, $"There are texts that are no numbers, such as {Quote(odd.Label)}.");
                yield break;
            }

            var numbers = Buckets(texts).Select(bucket => Real(bucket.Label)!.Value).ToList();
            hasNan = numbers.Exists(double.IsNaN);
            numbers.RemoveAll(double.IsNaN);
            range = numbers.Count == 0 ? (double.NaN, double.NaN) : (numbers.Min(), numbers.Max());
        }
        else if (found is { Type: FeatureNameStatistics.Types.Type.Float, NumStats: { } reals })
        {
            hasNan = reals.Histograms.Any(histogram => histogram.NumNan > 0);
            range = (reals.Min, reals.Max);
        }
        else
        {
            yield break;
        }

        if (domain.DisallowNan && hasNan)
            yield return new(AnomalyType.FloatTypeHasNan, Invalid, "There are values that are not a number (NaN).");

        // The schema's bounds are singles, so the data is compared as singles: 0.1 is not less than 0.1f.
        if (domain.HasMin && (float)range.Min < domain.Min)
            yield return new(AnomalyType.FloatTypeSmallFloat, OutOfRange, string.Create(CultureInfo.InvariantCulture, $"The least value is {range.Min}. Expected at least {domain.Min}."));
        if (domain.HasMax && (float)range.Max > domain.Max)
            yield return new(AnomalyType.FloatTypeBigFloat, OutOfRange, string.Create(CultureInfo.InvariantCulture, $"The greatest value is {range.Max}. Expected at most {domain.Max}."));
        if (domain.DisallowInf && (double.IsInfinity(range.Min) || double.IsInfinity(range.Max)))
            yield return new(AnomalyType.FloatTypeHasInf, Invalid, "There are infinite values.");
    }

    static double? Real(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    static RepeatedField<RankHistogram.Types.Bucket> Buckets(StringStatistics texts) => texts.RankHistogram?.Buckets ?? [];

    /// <summary>A value as it may stand in a message: in quotes, on one line, not too long.</summary>
    public static string Quote(string value)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in value.EnumerateRunes().Take(LongestShown))
            shown.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        return shown.Append(value.EnumerateRunes().Skip(LongestShown).Any() ? "…'" : "'").ToString();
    }
}
