using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gyre.Pipelines;

namespace Gyre.Training;

/// <summary>
/// Reads and changes single options of a trainer by their path, such as <c>l2</c> or <c>schedule.warmUp</c>. Trainers are records and
/// are never changed: what comes back is a copy.
/// </summary>
static class TrainerOptions
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectNullableAnnotations = true,
    };

    /// <summary>How an option is named in files: the properties that lead to it, in camelCase, with dots between them.</summary>
    public static string NameOf(IEnumerable<PropertyInfo> path) => string.Join('.', path.Select(property => Names.Camel(property.Name)));

    /// <summary>A copy of the trainer with these options, by name.</summary>
    /// <exception cref="InvalidDataException">An option is not there, or its value does not fit.</exception>
    public static Trainer With(Trainer trainer, IEnumerable<KeyValuePair<string, JsonNode?>> options)
    {
        foreach (var (name, value) in options)
        {
            var path = Find(trainer, name);
            trainer = (Trainer)With(trainer, path, Value(value, path[^1].PropertyType, name));
        }

        return trainer;
    }

    /// <summary>The value of an option as it is recorded.</summary>
    public static JsonNode? Read(object owner, IReadOnlyList<PropertyInfo> path)
    {
        var value = (object?)owner;
        foreach (var property in path)
            value = value is null ? null : property.GetValue(value);
        return ParameterJson.Write(value, path[^1].PropertyType);
    }

    /// <summary>A recorded value as what the option holds.</summary>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public static object? Value(JsonNode? value, Type type, string name)
    {
        try
        {
            return value.Deserialize(type, Json);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"The option '{name}' cannot hold {value?.ToJsonString() ?? "null"}. Expected {type.Name}.", error);
        }
    }

    static object With(object owner, ReadOnlySpan<PropertyInfo> path, object? value)
    {
        var copy = Copy(owner);
        if (path.Length > 1)
        {
            var part = path[0].GetValue(owner)
                ?? throw new InvalidDataException($"{owner.GetType().Name}.{path[0].Name} is null, so no option of it can be set. Give the trainer one to start from.");
            value = With(part, path[1..], value);
        }

        path[0].SetValue(copy, value);
        return copy;
    }

    /// <summary>The compiler gives every record such a method; <c>with</c> calls it.</summary>
    static object Copy(object record) => record.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)?.Invoke(record, null)
        ?? throw new InvalidDataException($"{record.GetType().Name} is no record, so its options cannot be set one by one.");

    static PropertyInfo[] Find(Trainer trainer, string name)
    {
        var type = trainer.GetType();
        var path = new List<PropertyInfo>();
        foreach (var part in name.Split('.'))
        {
            var property = ParameterJson.Properties(type).FirstOrDefault(candidate => Names.Camel(candidate.Name) == part)
                ?? throw new InvalidDataException($"{trainer.GetType().Name} has no option '{name}'. Options: {string.Join(", ", ParameterJson.Properties(type).Select(candidate => Names.Camel(candidate.Name)))}.");
            path.Add(property);
            type = property.PropertyType;
        }

        return [.. path];
    }
}
