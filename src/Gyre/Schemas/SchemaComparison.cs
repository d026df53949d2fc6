using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>How a thing differs between two schemas.</summary>
public enum SchemaChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One difference between two schemas.</summary>
/// <param name="Subject">What differs: a feature's path, <c>string_domain NAME</c>, or <c>schema</c>.</param>
/// <param name="Kind">How.</param>
/// <param name="Constraint">Which constraint of it, for example <c>presence.min_fraction</c>; empty when it is the subject as a whole.</param>
/// <param name="Before">What was demanded, or the values that are no longer allowed; null for nothing.</param>
/// <param name="After">What is demanded, or the values that are allowed in addition; null for nothing.</param>
public sealed record SchemaChange(string Subject, SchemaChangeKind Kind, string Constraint, string? Before, string? After)
{
    public override string ToString() => (Kind, Constraint.Length) switch
    {
        (SchemaChangeKind.Added, 0) => $"{Subject}: new{(After is null ? "" : $", {After}")}",
        (SchemaChangeKind.Removed, 0) => $"{Subject}: removed",
        _ => $"{Subject}: {Constraint} {(Before, After) switch
        {
            (null, var after) => $"+ {after}",
            (var before, null) => $"- {before}",
            var (before, after) => $"{before} → {after}",
        }}",
    };
}

/// <summary>Compares two schemas constraint by constraint.</summary>
public static class SchemaComparison
{
    const int MostValues = 20;

    /// <summary>The differences: features in the order of the schemas, then sets of texts, then the rest; none when both demand the same.</summary>
    public static IReadOnlyList<SchemaChange> Compare(SchemaDefinition before, SchemaDefinition after)
    {
        var changes = new List<SchemaChange>();
        var (old, young) = (FeaturesOf(before.Message), FeaturesOf(after.Message));
        Compare(old, young, Summary, changes);
        Compare(SetsOf(before.Message), SetsOf(after.Message), static message => Values([.. ((StringDomain)message).Value]), changes);
        Compare(Rest(before.Message), Rest(after.Message), static _ => null, changes);
        return changes;
    }

    static void Compare(List<(string Subject, IMessage Message)> before, List<(string Subject, IMessage Message)> after, Func<IMessage, string?> summary, List<SchemaChange> changes)
    {
        var (old, young) = (ByName(before), ByName(after));
        foreach (var (subject, message) in after)
        {
            if (old.TryGetValue(subject, out var earlier))
                Differences(subject, earlier, message, changes);
            else
                changes.Add(new SchemaChange(subject, SchemaChangeKind.Added, "", null, summary(message)));
        }

        changes.AddRange(before.Where(each => !young.ContainsKey(each.Subject)).Select(each => new SchemaChange(each.Subject, SchemaChangeKind.Removed, "", summary(each.Message), null)));
    }

    static Dictionary<string, IMessage> ByName(List<(string Subject, IMessage Message)> all)
    {
        var result = new Dictionary<string, IMessage>(StringComparer.Ordinal);
        foreach (var (subject, message) in all)
            result.TryAdd(subject, message);
        return result;
    }

    static void Differences(string subject, IMessage before, IMessage after, List<SchemaChange> changes)
    {
        if (before.Equals(after))
            return;
        var (old, young) = (Constraints(before), Constraints(after));
        foreach (var name in young.Keys.Union(old.Keys, StringComparer.Ordinal))
        {
            var (was, becomes) = (old.GetValueOrDefault(name, []), young.GetValueOrDefault(name, []));
            if (was.SequenceEqual(becomes, StringComparer.Ordinal))
                continue;
            var (gone, come) = (was.Except(becomes, StringComparer.Ordinal).ToList(), becomes.Except(was, StringComparer.Ordinal).ToList());
            if (gone.Count == 0 && come.Count == 0)
                continue;
            changes.Add(new SchemaChange(subject, SchemaChangeKind.Changed, name, Values(gone), Values(come)));
        }
    }

    static string? Values(List<string> values) => values.Count switch
    {
        0 => null,
        > MostValues => FormattableString.Invariant($"{string.Join(", ", values.Take(MostValues))} and {values.Count - MostValues} more"),
        _ => string.Join(", ", values),
    };

    static string? Summary(IMessage message) => message is Feature feature ? SchemaFeatures.TypeName(feature.Type) : null;

    static List<(string Subject, IMessage Message)> FeaturesOf(Schema schema) =>
    [
        .. SchemaFeatures.Flatten(schema.Feature).Select(each => (SchemaFeatures.Serialize(each.Path), (IMessage)Alone(each.Feature))),
        .. schema.SparseFeature.Select(sparse => ($"sparse_feature {sparse.Name}", (IMessage)sparse)),
        .. schema.WeightedFeature.Select(weighted => ($"weighted_feature {weighted.Name}", (IMessage)weighted)),
    ];

    /// <summary>Without the features inside, which are compared by themselves.</summary>
    static Feature Alone(Feature feature)
    {
        if (feature.DomainInfoCase != Feature.DomainInfoOneofCase.StructDomain)
            return feature;
        var alone = feature.Clone();
        alone.StructDomain.Feature.Clear();
        return alone;
    }

    static List<(string Subject, IMessage Message)> SetsOf(Schema schema) => [.. schema.StringDomain.Select(domain => ($"string_domain {domain.Name}", (IMessage)domain))];

    static List<(string Subject, IMessage Message)> Rest(Schema schema)
    {
        var rest = schema.Clone();
        rest.Feature.Clear();
        rest.SparseFeature.Clear();
        rest.WeightedFeature.Clear();
        rest.StringDomain.Clear();
        return [("schema", rest)];
    }

    /// <summary>All constraints with their values, by their dotted names.</summary>
    static Dictionary<string, List<string>> Constraints(IMessage message)
    {
        var result = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        Collect(message, "", result);
        return result;
    }

    static void Collect(IMessage message, string prefix, Dictionary<string, List<string>> result)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var name = prefix.Length == 0 ? field.Name : $"{prefix}.{field.Name}";
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                if (((IDictionary)value).Count > 0)
                    result[name] = [.. ((IDictionary)value).Keys.Cast<object>().Select(key => $"{key}: {((IDictionary)value)[key]}")];
            }
            else if (field.IsRepeated)
            {
                foreach (var (index, item) in ((IList)value).Cast<object>().Index())
                    Take(field, item, field.FieldType == FieldType.Message ? FormattableString.Invariant($"{name}[{index}]") : name, result);
            }
            else if (field.Accessor.HasValue(message))
            {
                Take(field, value, name, result);
            }
        }
    }

    static void Take(FieldDescriptor field, object value, string name, Dictionary<string, List<string>> result)
    {
        if (value is IMessage nested)
        {
            var before = result.Count;
            Collect(nested, name, result);
            if (result.Count == before)
                result[name] = ["{}"];
            return;
        }

        if (!result.TryGetValue(name, out var values))
            result.Add(name, values = []);
        values.Add(TextScalars.Write(field, value));
    }
}
