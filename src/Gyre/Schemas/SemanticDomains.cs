using Google.Protobuf.Reflection;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>What statistics found values to mean: images, language, times. TFDV keeps it as a domain in text form.</summary>
static class SemanticDomains
{
    const string Statistic = "domain_info";

    /// <summary>The domain, as the only thing set in a feature, and its name; null when there is none or it cannot be read.</summary>
    public static (Feature Feature, string Text)? Suggested(FeatureView found)
    {
        if (found.Message.CustomStats.Where(custom => custom.Name == Statistic).ToList() is not [{ Str.Length: > 0 } only])
            return null;
        try
        {
            var feature = TextParser.Parse<Feature>(only.Str, Statistic);
            var domain = (int)feature.DomainInfoCase;
            var set = Feature.Descriptor.Fields.InFieldNumberOrder().Where(field => IsSet(field, feature)).ToList();
            return set is [var field] && field.FieldNumber == domain ? (feature, field.Name) : null;
        }
        catch (TextFormatException)
        {
            return null;
        }
    }

    static bool IsSet(FieldDescriptor field, Feature feature) => field.IsRepeated
        ? ((System.Collections.IList)field.Accessor.GetValue(feature)).Count > 0
        : field.Accessor.HasValue(feature);
}
