using System.Security.Cryptography;
using Google.Protobuf;

namespace Gyre.Onnx;

/// <summary>An ONNX model that somebody else made, to become part of a graph.</summary>
sealed class ForeignModel
{
    const long OldestOpset = 13;
    const long OldestMlOpset = 2;

    /// <summary>Operators whose meaning changed between the oldest version that is taken and the one in use here, in ways that nothing shows.</summary>
    static readonly HashSet<string> Changed = new(StringComparer.Ordinal) { "Resize", "RoiAlign", "GridSample", "Upsample", "Scan", "GroupNormalization" };

    /// <summary>Reductions that took their axes as an attribute before version 18.</summary>
    static readonly HashSet<string> Reductions = new(StringComparer.Ordinal)
    {
        "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceSumSquare", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
    };

    readonly ModelProto _model;

    ForeignModel(ModelProto model, string digest)
    {
        _model = model;
        Digest = digest;
        var constants = model.Graph.Initializer.Select(constant => constant.Name).ToHashSet(StringComparer.Ordinal);
        Inputs = [.. model.Graph.Input.Where(input => !constants.Contains(input.Name)).Select(OnnxValue.From)];
        Outputs = [.. model.Graph.Output.Select(OnnxValue.From)];
    }

    /// <summary>SHA-256 of the file.</summary>
    public string Digest { get; }

    public IReadOnlyList<OnnxValue> Inputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    public GraphProto Graph => _model.Graph;

    long Opset => _model.OpsetImport.Where(opset => opset.Domain is "" or "ai.onnx").Select(opset => opset.Version).DefaultIfEmpty().Max();

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The file is no model, or one that cannot become part of another.</exception>
    public static ForeignModel Load(string path)
    {
        var bytes = File.ReadAllBytes(path);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"'{path}' is no ONNX model: {error.Message}", error);
        }

        if (model.Graph is null)
            throw new InvalidDataException($"'{path}' is no ONNX model: it has no graph.");
        var foreign = new ForeignModel(model, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        if (foreign.Problem() is { } problem)
            throw new InvalidDataException($"'{path}' cannot become part of the graph: {problem}");
        foreign.Modernise(model.Graph);
        return foreign;
    }

    public OnnxValue Input(string name) => Inputs.First(input => input.Name == name);

    public OnnxValue Output(string name) => Outputs.First(output => output.Name == name);

    string? Problem()
    {
        foreach (var opset in _model.OpsetImport)
        {
            var (oldest, newest) = opset.Domain switch
            {
                "" or "ai.onnx" => (OldestOpset, OnnxGraph.VersionOf("")),
                OnnxGraph.Ml => (OldestMlOpset, OnnxGraph.VersionOf(OnnxGraph.Ml)),
                OnnxGraph.Microsoft => (1, OnnxGraph.VersionOf(OnnxGraph.Microsoft)),
                _ => (long.MaxValue, long.MaxValue),
            };
            var isUsed = Nodes(Graph).Any(node => node.Domain == opset.Domain || (node.Domain.Length == 0 && opset.Domain == "ai.onnx"));
            if (isUsed && (opset.Version < oldest || opset.Version > newest))
            {
                return oldest == long.MaxValue
                    ? $"it uses operators of '{opset.Domain}', which the runtime does not have. Export it with operators of ONNX and ONNX Runtime only."
                    : $"it uses version {opset.Version} of the operators '{opset.Domain}'. Export it with a version from {oldest} to {newest}.";
            }
        }

        if (_model.Functions.Count > 0)
            return "it has functions of its own. Export it with these inlined.";
        if (Tensors(Graph).Any(tensor => tensor.ExternalData.Count > 0))
            return "its weights lie in other files. Save it as one file.";
        if (Opset < OnnxGraph.VersionOf("") && Nodes(Graph).FirstOrDefault(node => node.Domain.Length == 0 && Changed.Contains(node.OpType)) is { } changed)
            return $"its operator {changed.OpType} means something else in version {OnnxGraph.VersionOf("")} of ONNX than in version {Opset}. Export it with version {OnnxGraph.VersionOf("")}.";
        return null;
    }

    /// <summary>Writes what changed its form, not its meaning, in the newer form.</summary>
    void Modernise(GraphProto graph)
    {
        if (Opset >= 18)
            return;
        foreach (var node in graph.Node.Where(node => node.Domain.Length == 0))
        {
            if (Reductions.Contains(node.OpType) && node.Attribute.FirstOrDefault(attribute => attribute.Name == "axes") is { } axes)
            {
                var name = $"{node.Output[0]}/axes";
                var constant = OnnxTensors.Write([.. axes.Ints], [axes.Ints.Count]);
                constant.Name = name;
                graph.Initializer.Add(constant);
                node.Input.Add(name);
                node.Attribute.Remove(axes);
            }

            if (node.OpType == "Split" && node.Input.Count == 1)
                node.Attribute.Add(OnnxAttributes.Write("num_outputs", (long)node.Output.Count));
        }

        foreach (var inner in graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null))
            Modernise(inner.G);
    }

    static IEnumerable<NodeProto> Nodes(GraphProto graph) => graph.Node.Concat(
        graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null).SelectMany(attribute => Nodes(attribute.G)));

    static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer
        .Concat(Nodes(graph).SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null).Select(attribute => attribute.T));
}
