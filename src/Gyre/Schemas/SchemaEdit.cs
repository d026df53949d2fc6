using Google.Protobuf;
using Google.Protobuf.Reflection;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>Changes a schema step by step, by what people type; every result is a schema that can be read again.</summary>
public static class SchemaEdit
{
    /// <summary>Sets or clears a constraint.</summary>
    /// <param name="schema">The schema; it stays as it is.</param>
    /// <param name="assignment">
    /// <c>FEATURE.CONSTRAINT=VALUE</c>, for example <c>fare.presence.min_fraction=0.9</c>, or
    /// <c>dataset_constraints.min_examples_count=100</c>. Without a value the constraint is removed; what can stand several
    /// times is added.
    /// </param>
    /// <exception cref="FormatException">It is no such assignment, or names no feature or constraint; the message says which there are.</exception>
    public static SchemaDefinition Set(SchemaDefinition schema, string assignment)
    {
        var split = assignment.IndexOf('=', StringComparison.Ordinal);
        if (split <= 0)
            throw new FormatException($"'{assignment}' sets nothing. Expected FEATURE.CONSTRAINT=VALUE, such as fare.presence.min_fraction=0.9.");
        var (name, value) = (assignment[..split], assignment[(split + 1)..]);
        var result = schema.Message.Clone();
        var (target, constraint) = TargetOf(result, name);
        Set(target, constraint, value, assignment);
        return new SchemaDefinition(result);
    }

    /// <summary>Allows a text, or no longer allows it.</summary>
    /// <param name="schema">The schema; it stays as it is.</param>
    /// <param name="name">A feature, or a set of texts.</param>
    /// <param name="value">The text.</param>
    /// <param name="isAllowed">Whether it shall be allowed.</param>
    /// <exception cref="FormatException">There is no such set.</exception>
    public static SchemaDefinition Value(SchemaDefinition schema, string name, string value, bool isAllowed)
    {
        var result = schema.Message.Clone();
        var domain = FeatureOf(result, name) is { } feature ? SchemaFeatures.StringDomainOf(feature, result) : result.StringDomain.FirstOrDefault(set => set.Name == name);
        if (domain is null)
            throw new FormatException($"'{name}' has no set of texts. These have: {string.Join(", ", WithTexts(result))}.");
        if (isAllowed && !domain.Value.Contains(value))
            domain.Value.Add(value);
        if (!isAllowed && !domain.Value.Remove(value))
            throw new FormatException($"{DomainRules.Quote(value)} is not in the set of '{name}'.");
        return new SchemaDefinition(result);
    }

    /// <summary>Removes a feature; its set of texts with it, when no other feature uses it.</summary>
    /// <exception cref="FormatException">There is no such feature.</exception>
    public static SchemaDefinition RemoveFeature(SchemaDefinition schema, string name)
    {
        var result = schema.Message.Clone();
        var feature = FeatureOf(result, name) ?? throw Unknown(result, name);
        foreach (var list in SchemaFeatures.Flatten(result.Feature).Select(each => each.Feature.StructDomain?.Feature).Append(result.Feature).OfType<Google.Protobuf.Collections.RepeatedField<Feature>>().ToList())
        {
            if (list.FirstOrDefault(each => ReferenceEquals(each, feature)) is not null)
                list.RemoveAt(list.Select((each, index) => (each, index)).First(each => ReferenceEquals(each.each, feature)).index);
        }

        var used = SchemaFeatures.Flatten(result.Feature).Select(each => each.Feature.Domain).ToHashSet(StringComparer.Ordinal);
        if (feature.DomainInfoCase == Feature.DomainInfoOneofCase.Domain && !used.Contains(feature.Domain) && result.StringDomain.FirstOrDefault(set => set.Name == feature.Domain) is { } lonely)
            result.StringDomain.Remove(lonely);
        return new SchemaDefinition(result);
    }

    /// <summary>Adds an environment to which features belong unless they say otherwise.</summary>
    public static SchemaDefinition AddEnvironment(SchemaDefinition schema, string environment)
    {
        var result = schema.Message.Clone();
        if (!result.DefaultEnvironment.Contains(environment))
            result.DefaultEnvironment.Add(environment);
        return new SchemaDefinition(result);
    }

    static (IMessage Target, string[] Constraint) TargetOf(Schema schema, string name)
    {
        var named = SchemaFeatures.Flatten(schema.Feature)
            .SelectMany(each => new[] { SchemaFeatures.Serialize(each.Path), string.Join('.', each.Path) }.Distinct(StringComparer.Ordinal).Select(key => (Key: key, each.Feature)))
            .Where(each => name.StartsWith(each.Key + ".", StringComparison.Ordinal))
            .OrderByDescending(each => each.Key.Length).FirstOrDefault();
        if (named.Feature is { } feature)
            return (feature, name[(named.Key.Length + 1)..].Split('.'));
        var parts = name.Split('.');
        return Schema.Descriptor.FindFieldByName(parts[0]) is { } field && field.Name is "dataset_constraints" or "annotation" or "represent_variable_length_as_ragged" or "default_environment"
            ? (schema, parts)
            : throw Unknown(schema, name);
    }

    static void Set(IMessage target, string[] constraint, string value, string assignment)
    {
        foreach (var (index, part) in constraint.Index())
        {
            var field = target.Descriptor.FindFieldByName(part)
                ?? throw new FormatException($"'{assignment}': {target.Descriptor.Name} has no '{part}'. It has: {string.Join(", ", target.Descriptor.Fields.InFieldNumberOrder().Select(known => known.Name))}.");
            if (index == constraint.Length - 1)
            {
                SetField(target, field, value, assignment);
                return;
            }

            if (field.FieldType != FieldType.Message || field.IsRepeated)
                throw new FormatException($"'{assignment}': '{part}' has no parts that could be set. Set it as a whole, or edit the file.");
            if (field.Accessor.GetValue(target) is not IMessage nested)
            {
                nested = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                field.Accessor.SetValue(target, nested);
            }

            target = nested;
        }
    }

    static void SetField(IMessage target, FieldDescriptor field, string value, string assignment)
    {
        if (value.Length == 0)
        {
            field.Accessor.Clear(target);
            return;
        }

        var written = field.FieldType switch
        {
            FieldType.Message => value.StartsWith('{') ? value : throw new FormatException($"'{assignment}': '{field.Name}' has parts. Set one of them, such as {field.Name}.{field.MessageType.Fields.InFieldNumberOrder().FirstOrDefault()?.Name ?? "…"}=VALUE, or all as {field.Name}={{…}}."),
            FieldType.String => $": {TextScalars.Write(field, value)}",
            _ => $": {value}",
        };
        if (!field.IsRepeated)
            field.Accessor.Clear(target);
        var parsed = TextParser.ParseInto(target.Descriptor, $"{field.Name}{written}", assignment);
        target.MergeFrom(parsed.ToByteArray());
    }

    static Feature? FeatureOf(Schema schema, string name) => SchemaFeatures.Flatten(schema.Feature)
        .Where(each => SchemaFeatures.Serialize(each.Path) == name || string.Join('.', each.Path) == name).Select(each => each.Feature).FirstOrDefault();

    static IEnumerable<string> WithTexts(Schema schema) => SchemaFeatures.Flatten(schema.Feature)
        .Where(each => SchemaFeatures.StringDomainOf(each.Feature, schema) is not null).Select(each => SchemaFeatures.Serialize(each.Path));

    static FormatException Unknown(Schema schema, string name) =>
        new($"'{name}' begins with no feature of the schema. It has: {string.Join(", ", SchemaFeatures.Flatten(schema.Feature).Select(each => SchemaFeatures.Serialize(each.Path)))}.");
}
