using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>What an id stands for.</summary>
/// <param name="Kind">What it is, together with all of its operator that decides what it means.</param>
/// <param name="Text">The text of a vocabulary; for others what tells it from the other ids.</param>
readonly record struct IdName(string Kind, string Text)
{
    const string Term = "term";

    /// <summary>The same for ids of two fitted transforms that stand for the same.</summary>
    public string Key => $"{Kind}\0{Text}";

    /// <summary>For people; what is no text of the data stands in ‹ ›.</summary>
    public string Label => Kind != Term ? $"‹{Text}›"
        : Text.StartsWith('‹') ? $"\"{Text}\""
        : Text;

    public static IdName OfTerm(string text) => new(Term, text);
}

/// <summary>
/// What the ids of a feature stand for, found in a fitted transform: texts in its graph, which holds every one of a vocabulary, and
/// the rest in its definition.
/// </summary>
sealed class IdNames
{
    readonly Func<long, IdName> _name;
    readonly Func<long, bool> _isOther;

    IdNames(int size, Func<long, IdName> name, Func<long, bool>? isOther = null) => (Size, _name, _isOther) = (size, name, isOther ?? (static _ => false));

    public int Size { get; }

    public IdName this[long id] => id >= 0 && id < Size ? _name(id)
        : id == -1 ? new IdName("none", "none")
        : new IdName("outside", string.Create(CultureInfo.InvariantCulture, $"id {id}"));

    /// <summary>Whether an id stands for all texts that a vocabulary does not hold.</summary>
    public bool IsOther(long id) => id >= 0 && id < Size && _isOther(id);

    /// <summary>What the ids of a feature stand for.</summary>
    public static IdNames Of(FeatureSpec feature, TransformDescription description, OnnxGraph graph) =>
        description.Definition["outputs"]?[feature.Name] is JsonArray { Count: > 0 } steps
            ? Of([.. steps.Select(step => step!.AsObject())], feature.Tensor, feature.Size, new GraphTerms(graph))
            : Numbered("id", feature.Size);

    /// <summary>
    /// A key for each id of a feature, or for each place of its vector, equal in two fitted transforms where they mean the same; null
    /// where nothing but their number is known.
    /// </summary>
    public static IReadOnlyList<string>? KeysOf(FeatureSpec feature, TransformDescription description, OnnxGraph graph)
    {
        var names = feature.Kind == FeatureKind.Number ? OfVector(feature, description, graph) : Of(feature, description, graph);
        if (names is null)
            return feature is { Kind: FeatureKind.Number, Size: 1 } ? [""] : null;
        var keys = new string[names.Size];
        for (var id = 0; id < keys.Length; id++)
            keys[id] = names[id].Key;
        return keys;
    }

    /// <summary>The places of a vector over ids are the ids.</summary>
    static IdNames? OfVector(FeatureSpec feature, TransformDescription description, OnnxGraph graph) =>
        description.Definition["outputs"]?[feature.Name] is JsonArray { Count: > 1 } steps && steps[^1]!.AsObject().First().Key is "multi_hot" or "count_ids" or "tf_idf"
            ? Of([.. steps.SkipLast(1).Select(step => step!.AsObject())], feature.Tensor, feature.Size, new GraphTerms(graph))
            : null;

    /// <param name="steps">The operators, the last one being that which gives the ids.</param>
    /// <param name="tensor">The tensor of the ids.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="graph">The graph that holds the tensor.</param>
    static IdNames Of(IReadOnlyList<JsonObject> steps, string tensor, int size, GraphTerms graph)
    {
        var (name, parameters) = (steps[^1].First().Key, steps[^1].First().Value!.AsObject());
        IReadOnlyList<JsonObject> before = [.. steps.Take(steps.Count - 1)];
        switch (name)
        {
            case "one_hot" or "as_category":
                return Of(before, tensor, size, graph);
            case "vocabulary" or "token_vocabulary" when graph.TermsBehind(tensor) is { } terms && terms.Count <= size:
                return OfTerms(terms, size);
            case "padded_ids":
                return Padded(Of(before, tensor, size - 1, graph));
            case "cross_ids" when graph.CrossedBehind(tensor) is var (first, second, sizeOfSecond) && parameters["with"] is JsonArray { Count: > 0 } with:
                return Crossed(
                    Of(before, first, size / sizeOfSecond, graph),
                    Of([.. with.Select(step => step!.AsObject())], second, sizeOfSecond, graph));
            case "whole_number_id" when parameters["first"]?.GetValue<long>() is { } least:
                return new IdNames(size, id => new IdName("whole number", (least + id).ToString(CultureInfo.InvariantCulture)));
            default:
                // Buckets mean the same where the operator is the same: the i-th part of the numbers, or the texts of one hash.
                return Numbered("bucket", size, $"{name} {WithoutInputs(parameters)}");
        }
    }

    static IdNames OfTerms(IReadOnlyList<string> terms, int size)
    {
        var others = size - terms.Count;
        return new IdNames(
            size,
            id => id < terms.Count ? IdName.OfTerm(terms[(int)id])
                : new IdName($"other of {others}", others == 1 ? "other" : string.Create(CultureInfo.InvariantCulture, $"other {id - terms.Count}")),
            id => id >= terms.Count);
    }

    static IdNames Padded(IdNames inner) =>
        new(inner.Size + 1, id => id < inner.Size ? inner[id] : new IdName("padding", "padding"), inner.IsOther);

    static IdNames Crossed(IdNames first, IdNames second) => new(
        first.Size * second.Size,
        id =>
        {
            var (one, two) = (first[id / second.Size], second[id % second.Size]);
            return new IdName($"pair of {one.Kind} ({one.Text.Length}) and {two.Kind}", $"{one.Text} × {two.Text}");
        },
        id => first.IsOther(id / second.Size) || second.IsOther(id % second.Size));

    static IdNames Numbered(string word, int size, string kind = "id") =>
        new(size, id => new IdName(kind, string.Create(CultureInfo.InvariantCulture, $"{word} {id}")));

    static string WithoutInputs(JsonObject parameters)
    {
        var plain = parameters.DeepClone().AsObject();
        plain.Remove("with");
        return plain.ToJsonString();
    }
}
