using System.Globalization;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for one feature: presence, number of values, type, number of distinct values; and those of its domain.</summary>
static class FeatureRules
{
    const string Dropped = "Column dropped";

    public static IEnumerable<Finding> Check(FeatureNameStatistics found, Feature expected, Schema schema, ValidationOptions options)
    {
        if (SchemaFeatures.IsRetired(expected))
            return [];
        var common = found.Common() ?? new CommonStatistics();
        if (common.NumNonMissing == 0)
            return Absence(expected, common, schema, options);
        var findings = new List<Finding>();
        if (!SchemaFeatures.IsIn(expected, schema, options.Environment))
            findings.Add(new(AnomalyType.SchemaNewColumn, "Column missing in environment", $"The column is in the data, but the schema does not expect it in the environment '{options.Environment}'."));
        findings.AddRange(Valency(common, expected));
        findings.AddRange(Presence(common, expected, options));
        if (TypeOf(found, expected) is { } type)
            findings.Add(type);
        findings.AddRange(DomainRules.Check(found, common, expected, schema, options));
        findings.AddRange(Distinct(found, expected));
        return findings;
    }

    static IEnumerable<Finding> Absence(Feature expected, CommonStatistics common, Schema schema, ValidationOptions options)
    {
        if (!SchemaFeatures.IsRequired(expected, schema, options.Environment))
            return [];
        var weight = expected.Presence.MinCount > 0
            ? FindingWeight.Error
            : Chance.Weigh(common.NumMissing, common.NumMissing, 1 - expected.Presence.MinFraction, options.Significance);
        return
        [
            new(AnomalyType.FeatureTypeNotPresent, Dropped, string.Create(
                CultureInfo.InvariantCulture, $"None of the {common.NumMissing} examples has a value. The schema requires the column."), weight),
        ];
    }

    static IEnumerable<Finding> Presence(CommonStatistics common, Feature expected, ValidationOptions options)
    {
        if (expected.Presence is not { } presence)
            yield break;
        if (presence.HasMinCount && common.NumNonMissing < (ulong)Math.Max(0, presence.MinCount))
        {
            yield return new(AnomalyType.FeatureTypeLowNumberPresent, Dropped, string.Create(
                CultureInfo.InvariantCulture, $"{common.NumNonMissing} examples have a value. Expected at least {presence.MinCount}."));
        }

        var (missing, all) = ((double)common.NumMissing, (double)(common.NumMissing + common.NumNonMissing));
        if (presence.HasMinFraction && (common.NumNonMissing / all < presence.MinFraction || (presence.MinFraction >= 1 && missing > 0)))
        {
            yield return new(
                AnomalyType.FeatureTypeLowFractionPresent, Dropped,
                string.Create(CultureInfo.InvariantCulture, $"{missing} of {all} examples have no value, so {Share(all - missing, all)} have one. Expected at least {presence.MinFraction * 100:0.####} %."),
                Chance.Weigh(missing, all, 1 - presence.MinFraction, options.Significance));
        }
    }

    static IEnumerable<Finding> Valency(CommonStatistics common, Feature expected)
    {
        var (least, most) = ((long)common.MinNumValues, (long)common.MaxNumValues);
        if (expected.ValueCount is { } count)
        {
            if (count.HasMin && least < count.Min)
                yield return new(AnomalyType.FeatureTypeLowNumberValues, "Missing values", string.Create(CultureInfo.InvariantCulture, $"Some examples have {least} values. Expected at least {count.Min}."));
            if (count.HasMax && most > count.Max)
                yield return new(AnomalyType.FeatureTypeHighNumberValues, "Superfluous values", string.Create(CultureInfo.InvariantCulture, $"Some examples have {most} values. Expected at most {count.Max}."));
        }

        if (expected.Shape is { } shape)
        {
            var size = shape.Dim.Aggregate(1L, (product, dim) => product * dim.Size);
            if (least != most || common.NumMissing > 0)
                yield return new(AnomalyType.InvalidFeatureShape, "Feature shape dropped", string.Create(CultureInfo.InvariantCulture, $"The number of values varies from {(common.NumMissing > 0 ? 0 : least)} to {most}. Expected the fixed shape of {size}."));
            else if (least != size)
                yield return new(AnomalyType.InvalidFeatureShape, "Feature shape dropped", string.Create(CultureInfo.InvariantCulture, $"Every example has {least} values. Expected the fixed shape of {size}."));
        }
    }

    /// <summary>Whole numbers where real ones are expected lose nothing; all else is an error.</summary>
    static Finding? TypeOf(FeatureNameStatistics found, Feature expected)
    {
        if (!expected.HasType || expected.Type == FeatureType.TypeUnknown || SchemaFeatures.TypeOf(found.Type) == expected.Type)
            return null;
        return new(
            AnomalyType.UnexpectedDataType, "Unexpected data type",
            $"The values are {Words(SchemaFeatures.TypeOf(found.Type))}. Expected {Words(expected.Type)} ({SchemaFeatures.TypeName(expected.Type)}).{Example(found)}",
            expected.Type == FeatureType.Float && found.Type == FeatureNameStatistics.Types.Type.Int ? FindingWeight.Warning : FindingWeight.Error);
    }

    static string Example(FeatureNameStatistics found) =>
        found.StringStats?.TopValues is [var top, ..] ? $" One of them: {DomainRules.Quote(top.Value)}." : "";

    static string Words(FeatureType type) => type switch
    {
        FeatureType.Bytes => "texts",
        FeatureType.Int => "whole numbers",
        FeatureType.Float => "real numbers",
        _ => SchemaFeatures.TypeName(type),
    };

    static IEnumerable<Finding> Distinct(FeatureNameStatistics found, Feature expected)
    {
        if (expected.UniqueConstraints is not { } unique)
            yield break;
        if (found.StringStats is not { } texts)
        {
            yield return new(AnomalyType.FeatureTypeNoUnique, "No unique values", "The schema bounds the number of distinct values, but they are counted for texts only.");
            yield break;
        }

        if (unique.HasMin && (long)texts.Unique < unique.Min)
            yield return new(AnomalyType.FeatureTypeLowUnique, "Low number of unique values", string.Create(CultureInfo.InvariantCulture, $"There are {texts.Unique} distinct values. Expected at least {unique.Min}."));
        if (unique.HasMax && (long)texts.Unique > unique.Max)
            yield return new(AnomalyType.FeatureTypeHighUnique, "High number of unique values", string.Create(CultureInfo.InvariantCulture, $"There are {texts.Unique} distinct values. Expected at most {unique.Max}."));
    }

    /// <summary>A share in per cent, rounded towards the side on which it lies, so that not all is never 100 %.</summary>
    public static string Share(double part, double all)
    {
        var percent = part / all * 100;
        return percent switch
        {
            > 0 and < 0.01 => "<0.01 %",
            > 99.99 and < 100 => ">99.99 %",
            _ => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %"),
        };
    }
}
