using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gyre.Pipelines;

/// <summary>What a component holds, sorted into wires and parameters by looking at its fields.</summary>
sealed record ComponentParts(IReadOnlyDictionary<string, IReadOnlyList<Output>> Inputs, IReadOnlyDictionary<string, FieldInfo> Parameters)
{
    public static ComponentParts Of(Component component)
    {
        var inputs = new SortedDictionary<string, IReadOnlyList<Output>>(StringComparer.Ordinal);
        var parameters = new SortedDictionary<string, FieldInfo>(StringComparer.Ordinal);
        foreach (var field in FieldsOf(component.GetType()))
        {
            var value = field.GetValue(component);
            if (Wires(field.FieldType, value) is { } wires)
            {
                if (wires.Count > 0)
                    inputs[Names.Snake(NameOf(field))] = wires;
            }
            else
            {
                parameters[Names.Camel(NameOf(field))] = field;
            }
        }

        return new ComponentParts(inputs, parameters);
    }

    static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var level = type; level != typeof(Component) && level is not null; level = level.BaseType)
        {
            foreach (var field in level.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!IsExcluded(field, level))
                    yield return field;
            }
        }
    }

    static bool IsExcluded(FieldInfo field, Type declaring) =>
        field.IsDefined(typeof(NotAParameterAttribute))
        || (field.IsDefined(typeof(CompilerGeneratedAttribute))
            && declaring.GetProperty(NameOf(field), BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                ?.IsDefined(typeof(NotAParameterAttribute)) == true);

    /// <summary>The compiler names the field behind property X «&lt;X&gt;k__BackingField» and that of a captured parameter x «&lt;x&gt;P».</summary>
    static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name.TrimStart('_');

    static IReadOnlyList<Output>? Wires(Type type, object? value)
    {
        if (typeof(Output).IsAssignableFrom(type))
            return value is Output output ? [output] : [];
        var element = type.IsArray ? type.GetElementType()
            : type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GenericTypeArguments[0]
            : null;
        if (element is not null && typeof(Output).IsAssignableFrom(element))
            return value is IEnumerable many ? [.. many.Cast<Output>()] : [];
        return Bundle(type, value);
    }

    /// <summary>A record of several outputs of one component, handed over whole, counts as the wires in it.</summary>
    static IReadOnlyList<Output>? Bundle(Type type, object? value)
    {
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        if (!type.IsClass || properties.Length == 0 || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
            || !properties.All(property => typeof(Output).IsAssignableFrom(property.PropertyType)))
        {
            return null;
        }

        return value is null ? [] : [.. properties.Select(property => property.GetValue(value)).OfType<Output>()];
    }
}
