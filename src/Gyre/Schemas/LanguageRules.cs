using System.Globalization;
using Gyre.Schemas.Protos;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using TokenStatistics = Gyre.Statistics.Protos.NaturalLanguageStatistics.Types.TokenStatistics;

namespace Gyre.Schemas;

/// <summary>The rules for texts in natural language and for sequences of tokens, as far as statistics count them.</summary>
static class LanguageRules
{
    const string Statistic = "nl_statistics";

    public static void Check(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.NaturalLanguageDomain;
        var isBound = domain.Coverage is { HasMinCoverage: true } or { HasMinAvgTokenLength: true } || domain.TokenConstraints.Count > 0;
        if (!isBound)
            return;
        if (found.Custom(Statistic)?.Any is not { } packed || !packed.TryUnpack<NaturalLanguageStatistics>(out var statistics))
        {
            AddUnavailable(draft, "the statistics of the feature hold no natural language statistics");
            return;
        }

        CheckCoverage(statistics, domain, draft);
        foreach (var constraint in domain.TokenConstraints)
        {
            if (constraint.ValueCase == SequenceValueConstraints.ValueOneofCase.None)
                continue;
            if (statistics.TokenStatistics.FirstOrDefault(token => IsOf(constraint, token)) is not { } token)
            {
                AddUnavailable(draft, $"the statistics of the feature do not count the token {Name(constraint)}");
                return;
            }

            CheckToken(token, constraint, draft);
        }
    }

    static void AddUnavailable(FeatureDraft draft, string why)
    {
        draft.Add(AnomalyType.StatsNotAvailable, "Statistics not available", $"The constraints of natural_language_domain cannot be checked: {why}.");
        draft.Feature.ClearDomainInfo();
    }

    static void CheckCoverage(NaturalLanguageStatistics found, NaturalLanguageDomain domain, FeatureDraft draft)
    {
        if (domain.Coverage is not { } coverage)
            return;
        if (coverage.HasMinCoverage && (float)found.FeatureCoverage < coverage.MinCoverage)
        {
            draft.Add(AnomalyType.FeatureCoverageTooLow, "Feature coverage is too low", string.Create(
                CultureInfo.InvariantCulture, $"{found.FeatureCoverage * 100:0.##} % of the tokens are in the vocabulary. Expected at least {coverage.MinCoverage * 100:0.##} %."));
            coverage.MinCoverage = (float)found.FeatureCoverage;
        }

        if (coverage.HasMinAvgTokenLength && (float)found.AvgTokenLength < coverage.MinAvgTokenLength)
        {
            draft.Add(AnomalyType.FeatureCoverageTooShortAvgTokenLength, "Average token length is too short", string.Create(
                CultureInfo.InvariantCulture, $"The average token has {found.AvgTokenLength:0.###} characters. Expected at least {coverage.MinAvgTokenLength:0.###}."));
            coverage.MinAvgTokenLength = (float)found.AvgTokenLength;
        }
    }

    static void CheckToken(TokenStatistics token, SequenceValueConstraints limits, FeatureDraft draft)
    {
        var (name, share) = (Name(limits), (float)token.FractionOfSequences);
        if (limits.HasMinFractionOfSequences && share < limits.MinFractionOfSequences)
        {
            draft.Add(AnomalyType.SequenceValueTooSmallFraction, "Value in too small a fraction of sequences", string.Create(
                CultureInfo.InvariantCulture, $"{share * 100:0.##} % of the sequences hold {name}. Expected at least {limits.MinFractionOfSequences * 100:0.##} %."));
            limits.MinFractionOfSequences = share;
        }

        if (limits.HasMaxFractionOfSequences && share > limits.MaxFractionOfSequences)
        {
            draft.Add(AnomalyType.SequenceValueTooLargeFraction, "Value in too large a fraction of sequences", string.Create(
                CultureInfo.InvariantCulture, $"{share * 100:0.##} % of the sequences hold {name}. Expected at most {limits.MaxFractionOfSequences * 100:0.##} %."));
            limits.MaxFractionOfSequences = share;
        }

        if (limits.HasMinPerSequence && token.PerSequenceMinFrequency < limits.MinPerSequence)
        {
            draft.Add(AnomalyType.SequenceValueTooFewOccurrences, "Value occurs too rarely in a sequence", string.Create(
                CultureInfo.InvariantCulture, $"Some sequences hold {name} {token.PerSequenceMinFrequency} times. Expected at least {limits.MinPerSequence}."));
            limits.MinPerSequence = (long)Math.Floor(token.PerSequenceMinFrequency);
        }

        if (limits.HasMaxPerSequence && token.PerSequenceMaxFrequency > limits.MaxPerSequence)
        {
            draft.Add(AnomalyType.SequenceValueTooManyOccurrences, "Value occurs too often in a sequence", string.Create(
                CultureInfo.InvariantCulture, $"Some sequences hold {name} {token.PerSequenceMaxFrequency} times. Expected at most {limits.MaxPerSequence}."));
            limits.MaxPerSequence = (long)Math.Ceiling(token.PerSequenceMaxFrequency);
        }
    }

    static bool IsOf(SequenceValueConstraints constraint, TokenStatistics token) =>
        constraint.ValueCase == SequenceValueConstraints.ValueOneofCase.IntValue
            ? token.TokenCase == TokenStatistics.TokenOneofCase.IntToken && token.IntToken == constraint.IntValue
            : token.TokenCase == TokenStatistics.TokenOneofCase.StringToken && token.StringToken == constraint.StringValue;

    static string Name(SequenceValueConstraints constraint) =>
        constraint.ValueCase == SequenceValueConstraints.ValueOneofCase.IntValue
            ? string.Create(CultureInfo.InvariantCulture, $"{constraint.IntValue}")
            : DomainRules.Quote(constraint.StringValue);
}

/// <summary>The rules for images, as far as statistics of others count them.</summary>
static class ImageRules
{
    public static void Check(FeatureView found, FeatureDraft draft)
    {
        var domain = draft.Feature.ImageDomain;
        if (domain.HasMinimumSupportedImageFraction)
            CheckFormats(found, domain, draft);
        if (domain.HasMaxImageByteSize && found.Message.BytesStats is { } bytes && bytes.MaxNumBytesInt > domain.MaxImageByteSize)
        {
            draft.Add(AnomalyType.MaxImageByteSizeExceeded, "Image of too many bytes", string.Create(
                CultureInfo.InvariantCulture, $"The largest image has {bytes.MaxNumBytesInt} bytes. Expected at most {domain.MaxImageByteSize}."));
            domain.MaxImageByteSize = bytes.MaxNumBytesInt;
        }
    }

    static void CheckFormats(FeatureView found, ImageDomain domain, FeatureDraft draft)
    {
        if (found.Custom("image_format_histogram")?.RankHistogram is not { Buckets.Count: > 0 } formats)
        {
            draft.Add(
                AnomalyType.StatsNotAvailable, "Statistics not available",
                "image_domain.minimum_supported_image_fraction cannot be checked: the statistics of the feature do not count formats of images.", FindingWeight.Warning);
            return;
        }

        var all = formats.Buckets.Sum(bucket => bucket.SampleCount);
        var share = (float)(formats.Buckets.Where(bucket => bucket.Label != "UNKNOWN").Sum(bucket => bucket.SampleCount) / all);
        if (!(share < domain.MinimumSupportedImageFraction))
            return;
        draft.Add(AnomalyType.LowSupportedImageFraction, "Low supported image fraction", string.Create(
            CultureInfo.InvariantCulture, $"{share * 100:0.##} % of the values are images of a known format. Expected at least {domain.MinimumSupportedImageFraction * 100:0.##} %."));
        domain.MinimumSupportedImageFraction = share;
    }
}
