using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gyre.Pipelines;

/// <summary>A value that knows best how it is recorded as a parameter.</summary>
public interface IParameter
{
    /// <summary>The value as JSON: all that its meaning depends on, and nothing else.</summary>
    JsonNode ToParameter();
}

/// <summary>
/// Writes parameters as JSON: one form for equal values, so that the text can be hashed. Plain values, texts, enums,
/// times, lists, dictionaries and records of these are parameters; delegates, streams and the like are not.
/// </summary>
static class ParameterJson
{
    public const int DeepestNesting = 16;

    /// <exception cref="NotSupportedException">The value holds something that cannot be recorded; the message says which.</exception>
    public static JsonNode? Write(object? value, Type declared) => Write(value, declared, depth: 0);

    static JsonNode? Write(object? value, Type declared, int depth)
    {
        if (depth > DeepestNesting)
            throw new NotSupportedException("it nests too deeply or holds itself");
        switch (value)
        {
            case null: return null;
            case IParameter own: return own.ToParameter();
            case string text: return JsonValue.Create(text);
            case char letter: return JsonValue.Create(letter.ToString());
            case bool flag: return JsonValue.Create(flag);
            case Enum name: return JsonValue.Create(Names.Snake(name.ToString()));
            case float single: return Number(single);
            case double real: return Number(real);
            case decimal exact: return JsonValue.Create(exact);
            case sbyte or byte or short or ushort or int or uint or long or ulong:
                return JsonSerializer.SerializeToNode(value, value.GetType());
            case TimeSpan span: return JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture));
            case DateTimeOffset moment: return JsonValue.Create(moment.ToString("O", CultureInfo.InvariantCulture));
            case DateOnly date: return JsonValue.Create(date.ToString("O", CultureInfo.InvariantCulture));
            case Uri uri: return JsonValue.Create(uri.OriginalString);
            case Guid or DateTime or TimeOnly or Int128 or UInt128 or Half or Version or System.Numerics.BigInteger:
                throw new NotSupportedException($"a value of type {value.GetType().Name} has no one form; hold it as text");
            case Delegate or Stream or Task or Type or IDisposable:
                throw new NotSupportedException($"a value of type {value.GetType().Name} cannot be recorded");
            case IDictionary dictionary: return WriteDictionary(dictionary, depth);
            case IEnumerable list: return new JsonArray([.. list.Cast<object?>().Select(item => Write(item, ElementType(declared), depth + 1))]);
            default: return WriteProperties(value, declared, depth);
        }
    }

    /// <summary>JSON has no infinities, and a single must not grow digits it never had.</summary>
    static JsonNode Number<T>(T value)
        where T : IFloatingPoint<T> =>
        T.IsFinite(value) ? JsonNode.Parse(value.ToString("R", CultureInfo.InvariantCulture))! : JsonValue.Create(value.ToString("R", CultureInfo.InvariantCulture));

    static JsonObject WriteDictionary(IDictionary dictionary, int depth)
    {
        var result = new JsonObject();
        foreach (var key in dictionary.Keys.Cast<object>().OrderBy(key => key.ToString(), StringComparer.Ordinal))
            result[key.ToString()!] = Write(dictionary[key], typeof(object), depth + 1);
        return result;
    }

    static JsonObject WriteProperties(object value, Type declared, int depth)
    {
        var type = value.GetType();
        var result = new JsonObject();
        if (type != declared && declared != typeof(object) && Nullable.GetUnderlyingType(declared) is null)
            result["$type"] = type.Name;
        foreach (var property in Properties(type))
        {
            if (Write(property.GetValue(value), property.PropertyType, depth + 1) is { } node)
                result[Names.Camel(property.Name)] = node;
        }

        return result;
    }

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0
                && !property.IsDefined(typeof(NotAParameterAttribute)) && property.Name != "EqualityContract")
            .OrderBy(property => property.Name, StringComparer.Ordinal);

    static Type ElementType(Type declared) =>
        declared.IsArray ? declared.GetElementType()! : declared.IsGenericType ? declared.GenericTypeArguments[0] : typeof(object);
}
