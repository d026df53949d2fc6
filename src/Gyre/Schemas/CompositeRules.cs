using System.Globalization;
using Gyre.Schemas.Protos;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for sparse and weighted features, which are made of several columns that must fit together.</summary>
static class CompositeRules
{
    const string MissingValue = "missing_value";

    /// <summary>What statistics say of a sparse feature: values without index or the reverse, and different numbers of both.</summary>
    public static List<Finding> OfSparse(FeatureView found)
    {
        var findings = new List<Finding>();
        foreach (var custom in found.Message.CustomStats)
        {
            switch (custom.Name)
            {
                case MissingValue when custom.Num != 0:
                    findings.Add(new(AnomalyType.SparseFeatureMissingValue, "Missing value feature", string.Create(CultureInfo.InvariantCulture, $"{custom.Num} examples have an index, but no value.")));
                    break;
                case "missing_index":
                    findings.AddRange(NotZero(custom).Select(bucket => new Finding(AnomalyType.SparseFeatureMissingIndex, "Missing index feature", string.Create(
                        CultureInfo.InvariantCulture, $"{bucket.SampleCount} examples lack the index {DomainRules.Quote(bucket.Label)}."))));
                    break;
                case "min_length_diff" or "max_length_diff":
                    findings.AddRange(NotZero(custom).Select(bucket => new Finding(AnomalyType.SparseFeatureLengthMismatch, "Length mismatch between value and index feature", string.Create(
                        CultureInfo.InvariantCulture, $"Values and index {DomainRules.Quote(bucket.Label)} differ in number: {custom.Name} is {bucket.SampleCount}. Expected 0."))));
                    break;
            }
        }

        return findings;
    }

    /// <summary>What statistics say of a weighted feature: values without weight or the reverse, and different numbers of both.</summary>
    public static List<Finding> OfWeighted(FeatureView found)
    {
        var findings = new List<Finding>();
        if (Number(found, MissingValue) is var values and not 0)
            findings.Add(new(AnomalyType.WeightedFeatureMissingValue, "Missing value feature", string.Create(CultureInfo.InvariantCulture, $"{values} examples have a weight, but no value.")));
        if (Number(found, "missing_weight") is var weights and not 0)
            findings.Add(new(AnomalyType.WeightedFeatureMissingWeight, "Missing weight feature", string.Create(CultureInfo.InvariantCulture, $"{weights} examples have a value, but no weight.")));
        var (least, most) = (Number(found, "min_weight_length_diff"), Number(found, "max_weight_length_diff"));
        if (least != 0 || most != 0)
        {
            findings.Add(new(AnomalyType.WeightedFeatureLengthMismatch, "Length mismatch between value and weight feature", string.Create(
                CultureInfo.InvariantCulture, $"Values and weights differ in number, by {least} to {most}. Expected 0.")));
        }

        return findings;
    }

    static double Number(FeatureView found, string name) => found.Message.CustomStats.LastOrDefault(custom => custom.Name == name)?.Num ?? 0;

    static IEnumerable<RankHistogram.Types.Bucket> NotZero(CustomStatistic custom) => custom.RankHistogram?.Buckets.Where(bucket => bucket.SampleCount != 0) ?? [];
}

/// <summary>The rules for the number of examples.</summary>
static class DatasetRules
{
    /// <param name="examples">How many there are.</param>
    /// <param name="constraints">What the schema says; relaxed where it is broken.</param>
    public static List<Finding> Check(double examples, DatasetConstraints? constraints)
    {
        var findings = new List<Finding>();
        if (constraints is { HasMinExamplesCount: true } && examples < constraints.MinExamplesCount)
        {
            findings.Add(new Finding(AnomalyType.DatasetLowNumExamples, "Too few examples", string.Create(
                CultureInfo.InvariantCulture, $"There are {examples} examples. Expected at least {constraints.MinExamplesCount}.")));
            constraints.MinExamplesCount = (long)Math.Floor(examples);
        }

        if (constraints is { HasMaxExamplesCount: true } && examples > constraints.MaxExamplesCount)
        {
            findings.Add(new Finding(AnomalyType.DatasetHighNumExamples, "Too many examples", string.Create(
                CultureInfo.InvariantCulture, $"There are {examples} examples. Expected at most {constraints.MaxExamplesCount}.")));
            constraints.MaxExamplesCount = (long)Math.Ceiling(examples);
        }

        return findings;
    }
}
