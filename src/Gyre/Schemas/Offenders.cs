using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gyre.Schemas;

/// <summary>Examples that are to blame for an anomaly: the first ones in the order of the data.</summary>
/// <param name="Feature">The feature's path, as that of the anomaly.</param>
/// <param name="Type">The kind of anomaly, by TFX's name.</param>
/// <param name="Examples">The examples, at most as many as were asked for.</param>
public sealed record Offenders(string Feature, string Type, IReadOnlyList<OffendingExample> Examples)
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Reads a file of offending examples; one that is not there holds none.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    internal static IReadOnlyList<Offenders> Load(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<OffendersFile>(File.ReadAllBytes(path), Json)?.Anomalies ?? [];
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path} holds no offending examples: {problem.Message} Expected what validation writes there; run the pipeline again to make it anew.", problem);
        }
    }

    internal static void Save(IReadOnlyList<Offenders> offenders, string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(new OffendersFile(1, offenders), Json) + "\n");

    sealed record OffendersFile(int Format, IReadOnlyList<Offenders> Anomalies);
}

/// <summary>One example that is to blame for an anomaly, and where it stands.</summary>
/// <param name="File">The name of the file it was read from; null where that is not known.</param>
/// <param name="Line">The line of its first character in a text, otherwise the number of the record, from 1; null where that is not known.</param>
/// <param name="Row">Its place among the examples of the split, from 1.</param>
/// <param name="Column">The column of the feature.</param>
/// <param name="Value">The value, cut when it is long; null when it is missing.</param>
public sealed record OffendingExample(string? File, long? Line, long Row, string Column, string? Value)
{
    /// <summary>Where it stands: <c>data.csv(17)</c>, or <c>row 17</c> where the file is not known.</summary>
    [JsonIgnore]
    public string Place => File is not null && Line is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"{File}({line})")
        : string.Create(CultureInfo.InvariantCulture, $"row {Row}");

    public override string ToString() => $"{Place}: {(Value is null ? "no value" : DomainRules.Quote(Value))}";
}
