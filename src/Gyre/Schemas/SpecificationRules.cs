using System.Globalization;
using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using DomainCase = Gyre.Schemas.Protos.Feature.DomainInfoOneofCase;

namespace Gyre.Schemas;

/// <summary>The rules for the schema itself: what it says of a feature must make sense before data is held against it.</summary>
static class SpecificationRules
{
    const AnomalyType Invalid = AnomalyType.InvalidSchemaSpecification;

    /// <param name="draft">What the schema says.</param>
    /// <param name="found">The type that the data has; null when the data lacks the feature.</param>
    public static void Check(FeatureDraft draft, FeatureType? found)
    {
        if (draft.IsRetired)
            return;
        var feature = draft.Feature;
        if (!feature.HasName)
        {
            draft.Add(AnomalyType.FeatureMissingName, "Feature without a name", "The schema has a feature without a name. Give it the name of its column, or remove it.");
            draft.Retire();
            return;
        }

        CheckType(draft, found);
        CheckPresence(draft);
        CheckCounts(draft);
        CheckDomain(draft);
        CheckDistribution(draft);
    }

    /// <summary>A set of texts tells the type; otherwise the data does.</summary>
    static void CheckType(FeatureDraft draft, FeatureType? found)
    {
        var feature = draft.Feature;
        if (feature.HasType && feature.Type != FeatureType.TypeUnknown)
            return;
        var type = feature.DomainInfoCase is DomainCase.Domain or DomainCase.StringDomain ? FeatureType.Bytes : found;
        var cure = type is { } known ? $"Write type: {SchemaFeatures.TypeName(known)}." : "Write type: BYTES, INT or FLOAT.";
        draft.Add(AnomalyType.FeatureMissingType, "Feature without a type", $"The schema does not say of which type the values are. {cure}");
        if (type is { } inferred)
            feature.Type = inferred;
    }

    static void CheckPresence(FeatureDraft draft)
    {
        if (draft.Feature.Presence is not { } presence)
            return;
        if (presence.MinFraction < 0 || double.IsNaN(presence.MinFraction))
        {
            draft.Add(Invalid, "min_fraction below zero", string.Create(CultureInfo.InvariantCulture, $"presence.min_fraction is {presence.MinFraction}. Expected a share from 0 to 1."));
            presence.ClearMinFraction();
        }
        else if (presence.MinFraction > 1)
        {
            draft.Add(Invalid, "min_fraction above one", string.Create(CultureInfo.InvariantCulture, $"presence.min_fraction is {presence.MinFraction}. Expected a share from 0 to 1."));
            presence.MinFraction = 1;
        }
    }

    static void CheckCounts(FeatureDraft draft)
    {
        var feature = draft.Feature;
        if (feature.ValueCount is { } single)
            CheckCount(draft, single, "value_count");
        for (var level = 0; level < (feature.ValueCounts?.ValueCount.Count ?? 0); level++)
            CheckCount(draft, feature.ValueCounts!.ValueCount[level], string.Create(CultureInfo.InvariantCulture, $"value_counts.value_count[{level}]"));
        if (feature.Shape?.Dim.FirstOrDefault(dim => dim.Size <= 0) is { } odd)
        {
            draft.Add(Invalid, "Size of a dimension not positive", string.Create(CultureInfo.InvariantCulture, $"A dimension of shape has the size {odd.Size}. Expected a positive number."));
            feature.Shape = null;
        }

        if (feature.UniqueConstraints is { HasMin: true, HasMax: true } unique && unique.Min > unique.Max)
        {
            draft.Add(Invalid, "unique_constraints.max below min", string.Create(CultureInfo.InvariantCulture, $"unique_constraints.max is {unique.Max}, but min is {unique.Min}. Expected max to be at least min."));
            unique.ClearMin();
        }
    }

    static void CheckCount(FeatureDraft draft, ValueCount count, string name)
    {
        if (count.Min < 0)
        {
            draft.Add(Invalid, $"{name}.min below zero", string.Create(CultureInfo.InvariantCulture, $"{name}.min is {count.Min}. Expected a number of values, from 0."));
            count.ClearMin();
        }

        if (count.HasMax && count.Max < count.Min)
        {
            draft.Add(Invalid, $"{name}.max below min", string.Create(CultureInfo.InvariantCulture, $"{name}.max is {count.Max}, but min is {count.Min}. Expected max to be at least min."));
            count.Max = count.Min;
        }
    }

    static void CheckDomain(FeatureDraft draft)
    {
        var feature = draft.Feature;
        var domain = feature.DomainInfoCase;
        if (feature.Type != FeatureType.TypeUnknown && !TypesOf(domain).Contains(feature.Type))
        {
            draft.Add(
                AnomalyType.DomainInvalidForType, "The domain does not match the type",
                $"The feature has {NameOf(domain)}, but its type is {SchemaFeatures.TypeName(feature.Type)}. Expected {string.Join(" or ", TypesOf(domain).Select(SchemaFeatures.TypeName))}.");
            feature.ClearDomainInfo();
            return;
        }

        switch (domain)
        {
            case DomainCase.Domain when draft.Shared is null:
                draft.Add(AnomalyType.InvalidDomainSpecification, "Missing domain", $"The schema names the string_domain {DomainRules.Quote(feature.Domain)}, but does not have it. Add it, or remove the name.");
                feature.ClearDomainInfo();
                break;
            case DomainCase.BoolDomain when feature.BoolDomain is { HasTrueValue: true, HasFalseValue: true } truth && truth.TrueValue == truth.FalseValue:
                draft.Add(AnomalyType.BoolTypeInvalidConfig, "Malformed bool_domain", $"true_value and false_value are both {DomainRules.Quote(truth.TrueValue)}. Expected two different texts.");
                truth.ClearFalseValue();
                break;
            case DomainCase.IntDomain when feature.IntDomain is { HasMin: true, HasMax: true } range && range.Min > range.Max:
                draft.Add(AnomalyType.InvalidDomainSpecification, "Malformed int_domain", string.Create(CultureInfo.InvariantCulture, $"int_domain.min is {range.Min}, but max is {range.Max}. Expected max to be at least min."));
                range.ClearMin();
                range.ClearMax();
                break;
            case DomainCase.FloatDomain when feature.FloatDomain is { HasMin: true, HasMax: true } range && range.Min > range.Max:
                draft.Add(AnomalyType.InvalidDomainSpecification, "Malformed float_domain", string.Create(CultureInfo.InvariantCulture, $"float_domain.min is {range.Min}, but max is {range.Max}. Expected max to be at least min."));
                range.ClearMin();
                range.ClearMax();
                break;
        }
    }

    /// <summary>A share of values may lie outside a set of texts, but not outside any other domain.</summary>
    static void CheckDistribution(FeatureDraft draft)
    {
        var feature = draft.Feature;
        if (feature.DistributionConstraints is not { } constraints)
            return;
        if (feature.DomainInfoCase is not (DomainCase.Domain or DomainCase.StringDomain))
        {
            draft.Add(
                Invalid, "distribution_constraints without a set of texts",
                $"distribution_constraints.min_domain_mass stands beside {NameOf(feature.DomainInfoCase)}. Expected domain or string_domain: remove it, or give the set.");
            feature.DistributionConstraints = null;
        }
        else if (constraints.MinDomainMass is not (>= 0 and <= 1))
        {
            draft.Add(Invalid, "min_domain_mass out of range", string.Create(CultureInfo.InvariantCulture, $"distribution_constraints.min_domain_mass is {constraints.MinDomainMass}. Expected a share from 0 to 1."));
            constraints.MinDomainMass = constraints.MinDomainMass > 1 ? 1 : 0;
        }
    }

    static IReadOnlyList<FeatureType> TypesOf(DomainCase domain) => domain switch
    {
        DomainCase.Domain or DomainCase.StringDomain or DomainCase.ImageDomain or DomainCase.MidDomain or DomainCase.UrlDomain => [FeatureType.Bytes],
        DomainCase.BoolDomain => [FeatureType.Int, FeatureType.Bytes, FeatureType.Float],
        DomainCase.IntDomain or DomainCase.NaturalLanguageDomain or DomainCase.TimeDomain => [FeatureType.Int, FeatureType.Bytes],
        DomainCase.FloatDomain => [FeatureType.Float, FeatureType.Bytes],
        DomainCase.StructDomain => [FeatureType.Struct],
        _ => [FeatureType.Int, FeatureType.Float, FeatureType.Bytes, FeatureType.Struct],
    };

    /// <summary>The name of the domain as a schema has it.</summary>
    static string NameOf(DomainCase domain) => domain == DomainCase.None
        ? "no domain"
        : Feature.Descriptor.FindFieldByNumber((int)domain).Name;
}
