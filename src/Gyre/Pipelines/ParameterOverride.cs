using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gyre.Pipelines;

/// <summary>Sets one parameter of a pipeline from the command line: <c>node.parameter[.part]=value</c>.</summary>
static class ParameterOverride
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <returns>What is wrong with the assignment, or null when it was applied.</returns>
    public static string? Apply(IReadOnlyList<Component> components, string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? [] : assignment[..equals].Split('.');
        if (path.Length < 2)
            return $"'{assignment}' is no assignment. Write NODE.PARAMETER=VALUE, for example train-model.trainer.epochs=5.";

        var component = components.FirstOrDefault(component => component.NodeId == path[0]);
        if (component is null)
            return $"There is no node '{path[0]}' to set '{assignment}' on. Nodes: {string.Join(", ", components.Select(c => c.NodeId))}.";

        var parameters = ComponentParts.Of(component).Parameters;
        var name = parameters.Keys.FirstOrDefault(key => Same(key, path[1]));
        if (name is null)
            return $"Node '{path[0]}' has no parameter '{path[1]}'. Its parameters: {string.Join(", ", parameters.Keys)}.";

        return Assign(component, parameters[name], path.AsSpan(2), assignment[(equals + 1)..], assignment);
    }

    static string? Assign(object owner, FieldInfo field, ReadOnlySpan<string> rest, string text, string assignment)
    {
        if (rest.IsEmpty)
        {
            if (!TryParse(text, field.FieldType, out var value))
                return $"'{assignment}': found '{text}'. Expected {Describe(field.FieldType)}.";
            field.SetValue(owner, value);
            return null;
        }

        var target = field.GetValue(owner);
        var part = rest[0];
        var properties = target is null ? [] : ParameterJson.Properties(target.GetType()).ToList();
        var property = properties.FirstOrDefault(candidate => Same(candidate.Name, part));
        var backing = property?.DeclaringType!.GetField(
            $"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);
        return backing is null
            ? $"'{assignment}': there is no part '{part}'. Parts: {string.Join(", ", properties.Select(p => Names.Camel(p.Name)))}."
            : Assign(target!, backing, rest[1..], text, assignment);
    }

    static bool Same(string name, string given) =>
        string.Equals(name, given.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    static bool TryParse(string text, Type type, out object? value)
    {
        if (type == typeof(string))
        {
            value = text;
            return true;
        }

        foreach (var json in new[] { text, JsonSerializer.Serialize(text) })
        {
            try
            {
                value = JsonSerializer.Deserialize(json, type, Json);
                return true;
            }
            catch (Exception error) when (error is JsonException or NotSupportedException)
            {
                continue;
            }
        }

        value = null;
        return false;
    }

    static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(plain).Select(Names.Snake))}"
            : plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(double) || plain == typeof(float) ? "a number"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(TimeSpan) ? "a time, such as 00:01:30"
            : IsDictionary(plain) ? "an object in JSON, such as {\"name\": \"value\"}"
            : typeof(IEnumerable).IsAssignableFrom(plain) ? $"a list in JSON, such as {ExampleOf(plain)}"
            : "an object in JSON, or one of its parts: NODE.PARAMETER.PART=VALUE";
    }

    static bool IsDictionary(Type type) => type.GetInterfaces().Append(type).Any(each =>
        each.IsGenericType && (each.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || each.GetGenericTypeDefinition() == typeof(IDictionary<,>)));

    /// <summary>A list of the kind that is asked for: of numbers, or else of texts.</summary>
    static string ExampleOf(Type list)
    {
        var item = list.GetElementType() ?? list.GetGenericArguments().FirstOrDefault();
        return item == typeof(int) || item == typeof(long) || item == typeof(double) || item == typeof(float) ? "[8, 4]" : "[\"a\", \"b\"]";
    }
}
