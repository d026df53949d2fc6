using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>
/// All that a node's results depend on, as one canonical JSON document; its digest is the cache key, and comparing two
/// documents says why a node runs.
/// </summary>
sealed record Identity(string Json)
{
    const int MostDifferences = 4;

    public string CacheKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));

    public static Identity Of(NodeSpec node, IReadOnlyDictionary<string, IReadOnlyList<string>> inputs, IEnumerable<string> files)
    {
        var wires = new JsonObject();
        foreach (var (name, fingerprints) in inputs.OrderBy(input => input.Key, StringComparer.Ordinal))
            wires[name] = new JsonArray([.. fingerprints.Select(fingerprint => (JsonNode)fingerprint)]);
        var document = new JsonObject
        {
            ["component"] = node.Component,
            ["code"] = node.Code,
            ["parameters"] = node.Parameters.DeepClone(),
            ["inputs"] = wires,
            ["files"] = new JsonArray([.. files.Select(fingerprint => (JsonNode)fingerprint)]),
            ["outputs"] = new JsonArray([.. node.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal)
                .Select(output => (JsonNode)$"{output.Key}:{output.Value}")]),
        };
        return new Identity(document.ToJsonString(SpecJson.Compact));
    }

    /// <summary>What differs from an earlier execution, in words.</summary>
    public string DifferenceFrom(Identity earlier)
    {
        var (now, before) = ((JsonObject)JsonNode.Parse(Json)!, (JsonObject)JsonNode.Parse(earlier.Json)!);
        var differences = new List<string>();
        if (!JsonNode.DeepEquals(now["code"], before["code"]))
            differences.Add(CodeDifference($"{before["code"]}", $"{now["code"]}"));
        differences.AddRange(JsonDifference.Between(before["parameters"], now["parameters"]).Select(change => $"parameter {change}"));
        differences.AddRange(ChangedInputs(before["inputs"]!.AsObject(), now["inputs"]!.AsObject()));
        if (!JsonNode.DeepEquals(now["files"], before["files"]))
            differences.Add("the content of the files it reads changed");
        if (!JsonNode.DeepEquals(now["outputs"], before["outputs"]))
            differences.Add("its outputs changed");
        var rest = differences.Count - MostDifferences;
        return string.Join("; ", differences.Take(MostDifferences)) + (rest > 0 ? $"; and {rest} more" : "");
    }

    /// <summary>Code without a version number is known by its whole assembly, which people should be told.</summary>
    static string CodeDifference(string before, string now) =>
        now.Split("; ").Except(before.Split("; "), StringComparer.Ordinal).Any(part => part.LastIndexOf(" v", StringComparison.Ordinal) < 0)
            ? $"the assembly of its code changed: {before} → {now} (with [CodeVersion(n)] only a new number counts)"
            : $"its code changed: {before} → {now}";

    static IEnumerable<string> ChangedInputs(JsonObject before, JsonObject now) =>
        now.Where(input => !JsonNode.DeepEquals(input.Value, before[input.Key])).Select(input => $"input {input.Key} changed")
            .Concat(before.Where(input => !now.ContainsKey(input.Key)).Select(input => $"input {input.Key} is no longer there"));
}

/// <summary>Says where two JSON values differ.</summary>
static class JsonDifference
{
    const int LongestValue = 60;

    public static IEnumerable<string> Between(JsonNode? before, JsonNode? after, string path = "")
    {
        if (before is JsonObject oldObject && after is JsonObject newObject)
        {
            return oldObject.Select(member => member.Key).Union(newObject.Select(member => member.Key), StringComparer.Ordinal)
                .SelectMany(key => Between(oldObject[key], newObject[key], path.Length == 0 ? key : $"{path}.{key}"));
        }

        if (before is JsonArray oldArray && after is JsonArray newArray)
            return Between(oldArray, newArray, path);

        return JsonNode.DeepEquals(before, after) ? [] : [Describe(path, before, after)];
    }

    /// <summary>What is equal at both ends is set aside, so that an inserted item reads as one that was added, not as many that changed.</summary>
    static IEnumerable<string> Between(JsonArray before, JsonArray after, string path)
    {
        var shorter = Math.Min(before.Count, after.Count);
        var head = Enumerable.Range(0, shorter).TakeWhile(i => JsonNode.DeepEquals(before[i], after[i])).Count();
        var tail = Enumerable.Range(1, shorter - head).TakeWhile(i => JsonNode.DeepEquals(before[^i], after[^i])).Count();
        var (removed, added) = (before.Count - head - tail, after.Count - head - tail);
        return Enumerable.Range(head, Math.Max(removed, added)).SelectMany(i => Between(
            i < head + removed ? before[i] : null, i < head + added ? after[i] : null, $"{path}[{i}]"));
    }

    static string Describe(string path, JsonNode? before, JsonNode? after) =>
        before is null ? $"{path} was added: {Short(after)}"
        : after is null ? $"{path} was removed: {Short(before)}"
        : $"{path}: {Short(before)} → {Short(after)}";

    static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString(SpecJson.Compact) ?? "null";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
