using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gyre.Pipelines;

/// <summary>
/// A pipeline as data: all that a runner or an engine sees of it. Nodes stand in an order in which they can run.
/// </summary>
public sealed record PipelineSpec
{
    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    public required string Name { get; init; }

    public required IReadOnlyList<NodeSpec> Nodes { get; init; }

    /// <summary>SHA-256 of the canonical JSON, in lower-case hexadecimal.</summary>
    [JsonIgnore]
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Compact)));

    /// <exception cref="InvalidDataException">The text is no pipeline of this format.</exception>
    public static PipelineSpec FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<PipelineSpec>(json, SpecJson.Indented)
                ?? throw new InvalidDataException("The pipeline is 'null'. Expected the JSON that 'graph --format json' writes.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"The pipeline is no valid JSON of this format (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, SpecJson.Indented);

    public NodeSpec Node(string id) => Nodes.FirstOrDefault(node => node.Id == id)
        ?? throw new ArgumentException($"There is no node '{id}' in pipeline '{Name}'. Nodes: {string.Join(", ", Nodes.Select(node => node.Id))}.", nameof(id));
}

/// <summary>One node of a <see cref="PipelineSpec"/>.</summary>
public sealed record NodeSpec
{
    public required string Id { get; init; }

    /// <summary>The component's class name.</summary>
    public required string Component { get; init; }

    /// <summary>The identity of the code that runs; part of the cache key.</summary>
    public required string Code { get; init; }

    /// <summary>The component's parameters; part of the cache key.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>Wires in, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<InputSpec>> Inputs { get; init; }

    /// <summary>Artifact types out, by key.</summary>
    public required IReadOnlyDictionary<string, string> Outputs { get; init; }

    /// <summary>Nodes that must have ended well, their gates open, before this one starts.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>How many times the node is tried in all.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The pause before the second try, in seconds; it doubles each time.</summary>
    public double FirstPauseSeconds { get; init; }

    /// <summary>All nodes that this one waits for.</summary>
    [JsonIgnore]
    public IEnumerable<string> Upstream => Inputs.Values.SelectMany(wires => wires).Select(wire => wire.Node).Concat(After).Distinct(StringComparer.Ordinal);
}

/// <summary>One wire into a node.</summary>
/// <param name="Node">The node that produces the artifact, or, with a resolver, the one whose artifact it is sought for.</param>
/// <param name="Output">The key of that node's output.</param>
/// <param name="Resolver">The way the store finds the artifact; null for a plain wire.</param>
public sealed record InputSpec(string Node, string Output, string? Resolver = null);

static class SpecJson
{
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
