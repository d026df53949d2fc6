using System.Buffers.Binary;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>Finds in the graph of a fitted transform what was learnt from the data: the texts of vocabularies, as they are served.</summary>
sealed class GraphTerms
{
    readonly OnnxGraph _graph;
    readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);

    public GraphTerms(OnnxGraph graph)
    {
        _graph = graph;
        foreach (var node in graph.Nodes)
        {
            foreach (var output in node.Output)
                _makers[output] = node;
        }
    }

    /// <summary>
    /// The texts of the vocabulary that gives a tensor its ids, in the order of the ids: of all tables of texts that lead there the
    /// nearest. Null where there is none.
    /// </summary>
    public IReadOnlyList<string>? TermsBehind(string tensor)
    {
        var (waiting, seen) = (new Queue<string>([tensor]), new HashSet<string>(StringComparer.Ordinal));
        while (waiting.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !_makers.TryGetValue(name, out var node))
                continue;
            if (node.OpType == "LabelEncoder" && node.Attribute.FirstOrDefault(attribute => attribute.Name == "keys_strings") is { } keys)
                return [.. keys.Strings.Select(key => key.ToStringUtf8()).TakeWhile(key => key.Length > 0)];
            foreach (var input in node.Input)
                waiting.Enqueue(input);
        }

        return null;
    }

    /// <summary>The two tensors of ids that a crossed one is made of, and how many ids the second has; null where it is none.</summary>
    public (string First, string Second, int SizeOfSecond)? CrossedBehind(string tensor)
    {
        while (_makers.TryGetValue(tensor, out var node))
        {
            switch (node.OpType)
            {
                case "Identity":
                    tensor = node.Input[0];
                    continue;
                case "Where":
                    tensor = node.Input[2];
                    continue;
                case "Add" when _makers.TryGetValue(node.Input[0], out var product) && product.OpType == "Mul"
                    && _graph.ConstantOf(product.Input[1]) is { RawData.Length: sizeof(long) } size:
                    return (product.Input[0], node.Input[1], (int)BinaryPrimitives.ReadInt64LittleEndian(size.RawData.Span));
                default:
                    return null;
            }
        }

        return null;
    }
}
