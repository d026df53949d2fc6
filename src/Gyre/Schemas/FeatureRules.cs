using System.Globalization;
using Gyre.Schemas.Protos;
using Gyre.Statistics.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;

namespace Gyre.Schemas;

/// <summary>The rules for one feature: presence, type, number of distinct values, origin; those of number of values and domain stand beside.</summary>
static class FeatureRules
{
    const string Dropped = "Column dropped";

    /// <summary>When nearly all examples have the feature, a share below 1 that still says so.</summary>
    const double NearlyAll = 0.9999;

    public static void Check(FeatureView found, FeatureDraft draft)
    {
        SpecificationRules.Check(draft, found.Type);
        if (draft.IsRetired)
            return;
        var environment = draft.Options.Environment;
        if (found.Present == 0)
        {
            if (SchemaFeatures.IsRequired(draft.Feature, draft.Schema, environment))
                AddAbsence(found, draft);
            return;
        }

        if (!SchemaFeatures.IsIn(draft.Feature, draft.Schema, environment))
            AddEnvironment(draft, environment!);
        ValencyRules.Check(found, draft);
        CheckPresence(found, draft);
        var isOfType = CheckType(found, draft);
        DomainRules.Check(found, draft);
        TransformedFeatures.Check(found, draft);
        CheckDistinct(found, draft);
        CheckOrigin(found, draft);
        if (!isOfType)
            draft.Retire();
    }

    static void AddAbsence(FeatureView found, FeatureDraft draft)
    {
        var presence = draft.Feature.Presence;
        var weight = presence is null || presence.MinCount > 0 ? FindingWeight.Error : Chance.Weigh(found.Missing, found.Missing, 1 - presence.MinFraction, draft.Options.Significance);
        draft.Add(AnomalyType.FeatureTypeNotPresent, Dropped, string.Create(
            CultureInfo.InvariantCulture, $"None of the {found.Missing} examples has a value. The schema requires the column."), weight);
        draft.Retire();
    }

    static void AddEnvironment(FeatureDraft draft, string environment)
    {
        draft.Add(
            AnomalyType.SchemaNewColumn, "Column missing in environment",
            $"The column is in the data, but the schema does not expect it in the environment '{environment}'.");
        draft.Feature.NotInEnvironment.Remove(environment);
        if (!SchemaFeatures.IsIn(draft.Feature, draft.Schema, environment))
            draft.Feature.InEnvironment.Add(environment);
    }

    static void CheckPresence(FeatureView found, FeatureDraft draft)
    {
        if (draft.Feature.GroupPresence is { Required: true } group && found.Missing > 0)
        {
            draft.Add(AnomalyType.FeatureTypeLowFractionPresent, Dropped, string.Create(
                CultureInfo.InvariantCulture, $"{found.Missing} of {found.Missing + found.Present} groups have no value. The schema requires one in each."), offence: Offence.Absent);
            group.Required = false;
        }

        if (draft.Feature.Presence is not { } presence)
            return;
        if (presence.HasMinCount && found.Present < presence.MinCount)
        {
            draft.Add(AnomalyType.FeatureTypeLowNumberPresent, Dropped, string.Create(
                CultureInfo.InvariantCulture, $"{found.Present} examples have a value. Expected at least {presence.MinCount}."), offence: found.Missing > 0 ? Offence.Absent : null);
            presence.MinCount = (long)Math.Floor(found.Present);
        }

        if (presence.HasMinFraction && found.PresentShare is { } share && (share < presence.MinFraction || (presence.MinFraction >= 1 && found.Missing > 0)))
        {
            var all = found.Missing + found.Present;
            draft.Add(
                AnomalyType.FeatureTypeLowFractionPresent, Dropped,
                string.Create(CultureInfo.InvariantCulture, $"{found.Missing} of {all} examples have no value, so {Share(found.Present, all)} have one. Expected at least {presence.MinFraction * 100:0.####} %."),
                Chance.Weigh(found.Missing, all, 1 - presence.MinFraction, draft.Options.Significance), Offence.Absent);
            presence.MinFraction = Math.Min(share, NearlyAll);
        }
    }

    /// <summary>Whole numbers where real ones are expected lose nothing; all else is an error, and cannot be relaxed.</summary>
    static bool CheckType(FeatureView found, FeatureDraft draft)
    {
        var expected = draft.Feature.Type;
        if (found.Type == expected || expected == FeatureType.TypeUnknown)
            return true;
        var isHarmless = expected == FeatureType.Float && found.Type == FeatureType.Int;
        draft.Add(
            AnomalyType.UnexpectedDataType, "Unexpected data type",
            $"The values are {Words(found.Type)}. Expected {Words(expected)} ({SchemaFeatures.TypeName(expected)}).{Example(found.Message)}",
            isHarmless ? FindingWeight.Warning : FindingWeight.Error,
            expected switch
            {
                FeatureType.Int => Offence.NotInteger,
                FeatureType.Float when !isHarmless => Offence.NotReal,
                _ => null,
            });
        return isHarmless;
    }

    static string Example(FeatureNameStatistics found) =>
        found.StringStats?.TopValues is [var top, ..] ? $" One of them: {DomainRules.Quote(top.Value)}." : "";

    static string Words(FeatureType type) => type switch
    {
        FeatureType.Bytes => "texts",
        FeatureType.Int => "whole numbers",
        FeatureType.Float => "real numbers",
        FeatureType.Struct => "structures",
        _ => SchemaFeatures.TypeName(type),
    };

    static void CheckDistinct(FeatureView found, FeatureDraft draft)
    {
        if (draft.Feature.UniqueConstraints is not { } unique)
            return;
        if (TransformedFeatures.UniqueOf(found) is not { } count)
        {
            draft.Add(AnomalyType.FeatureTypeNoUnique, "No unique values", "The schema bounds the number of distinct values, but the statistics do not count them: they do for texts and categories.");
            draft.Feature.UniqueConstraints = null;
            return;
        }

        if (unique.HasMin && count < unique.Min)
        {
            var description = string.Create(CultureInfo.InvariantCulture, $"There are {count} distinct values. Expected at least {unique.Min}.");
            draft.Add(
                AnomalyType.FeatureTypeLowUnique, "Low number of unique values", TransformedFeatures.DescribeConstant(found, count) ?? description,
                TransformedFeatures.WeightOfConstant(found, draft.Options.Significance));
            unique.Min = count;
        }

        if (unique.HasMax && count > unique.Max)
        {
            draft.Add(AnomalyType.FeatureTypeHighUnique, "High number of unique values", string.Create(CultureInfo.InvariantCulture, $"There are {count} distinct values. Expected at most {unique.Max}."));
            unique.Max = count;
        }
    }

    static void CheckOrigin(FeatureView found, FeatureDraft draft)
    {
        var feature = draft.Feature;
        if (found.Message.ValidationDerivedSource is { } source && feature.ValidationDerivedSource is null)
        {
            draft.Add(AnomalyType.DerivedFeatureInvalidSource, "Derived source not set in schema", "The values are derived from other features, but the schema does not say so. Set validation_derived_source.");
            feature.ValidationDerivedSource = source.Clone();
            feature.LifecycleStage = LifecycleStage.ValidationDerived;
        }
        else if (feature.ValidationDerivedSource is not null && feature.LifecycleStage != LifecycleStage.ValidationDerived)
        {
            draft.Add(AnomalyType.DerivedFeatureBadLifecycle, "Derived feature has wrong lifecycle", "The feature is derived from others. Expected lifecycle_stage: VALIDATION_DERIVED.");
            feature.LifecycleStage = LifecycleStage.ValidationDerived;
        }
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
