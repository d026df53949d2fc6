using Google.Protobuf;

namespace Gyre.Onnx;

/// <summary>
/// Builds an ONNX graph node by node, or adds to one that was saved. The same calls in the same order give the same
/// bytes. Names that are made up here begin with '/', so inputs and outputs may have any name that does not.
/// </summary>
public sealed partial class OnnxGraph
{
    /// <summary>The domain of ONNX's classical machine-learning operators, at version 4.</summary>
    public const string Ml = "ai.onnx.ml";

    /// <summary>The domain of ONNX Runtime's own operators, at version 1.</summary>
    public const string Microsoft = "com.microsoft";

    const long IrVersion = 10;

    static readonly (string Domain, long Version)[] Opsets = [("", 21), (Ml, 4), (Microsoft, 1)];

    readonly ModelProto _model;
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);
    string _scope = "";

    /// <summary>Where nodes are added: the graph itself, or the body of a loop that is being built.</summary>
    GraphProto _target;

    public OnnxGraph()
        : this(new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "gyre",
            Graph = new GraphProto { Name = "gyre" },
            OpsetImport = { Opsets.Select(opset => new OperatorSetIdProto { Domain = opset.Domain, Version = opset.Version }) },
        })
    {
    }

    OnnxGraph(ModelProto model)
    {
        _model = model;
        _target = model.Graph;
        Remember(model.Graph);
    }

    /// <summary>The tensors that whoever runs the graph gives, in the order they were declared.</summary>
    public IReadOnlyList<OnnxValue> Inputs => [.. _model.Graph.Input.Select(OnnxValue.From)];

    /// <summary>The tensors that a run gives back.</summary>
    public IReadOnlyList<OnnxValue> Outputs => [.. _model.Graph.Output.Select(OnnxValue.From)];

    /// <summary>The nodes of the graph, in the order they were added.</summary>
    internal IReadOnlyList<NodeProto> Nodes => _model.Graph.Node;

    /// <summary>The constant of a name; null where there is none.</summary>
    internal TensorProto? ConstantOf(string name) => _model.Graph.Initializer.FirstOrDefault(constant => constant.Name == name);

    internal bool HasInput(string name) => _model.Graph.Input.Any(input => input.Name == name);

    /// <summary>The operators beyond ONNX's own that the graph uses, as <c>domain.Operator</c>, in ordinal order, each once.</summary>
    public IReadOnlyList<string> ForeignOperators =>
    [
        .. _model.Graph.Node.Where(node => node.Domain.Length > 0).Select(node => $"{node.Domain}.{node.OpType}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a graph that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model, or uses other versions of the operators.</exception>
    public static OnnxGraph Load(string path)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"'{path}' is no ONNX model: {error.Message} Expected a file written by Gyre; make it again.", error);
        }

        var opsets = model.OpsetImport.Select(opset => (opset.Domain, opset.Version)).ToList();
        if (model.Graph is null || !Opsets.All(opsets.Contains))
        {
            throw new InvalidDataException(
                $"'{path}' uses the operator sets {Describe(opsets)}. Expected {Describe(Opsets)}, as Gyre writes them.");
        }

        return new OnnxGraph(model);
    }

    /// <summary>Writes the graph; equal graphs give equal bytes.</summary>
    public void Save(string path) => File.WriteAllBytes(path, ToBytes());

    public byte[] ToBytes() => _model.ToByteArray();

    /// <summary>Gives the names of all nodes and constants added until it is disposed a common beginning: <c>/scope/</c>.</summary>
    public IDisposable Scope(string scope)
    {
        var outer = _scope;
        _scope = $"{outer}/{Plain(scope)}";
        return new ScopeEnd(this, outer);
    }

    /// <summary>Adds a node of ONNX's own operators.</summary>
    /// <param name="opType">The operator, for example <c>MatMul</c>.</param>
    /// <param name="inputs">The names of its inputs; "" leaves an optional one out.</param>
    /// <param name="attributes">
    /// Values of type long, int, bool, <see cref="OnnxType"/>, float, double, string, long[], float[] or string[]; double[]
    /// for an attribute that is a tensor.
    /// </param>
    /// <returns>The name of its output.</returns>
    public string Node(string opType, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node("", opType, inputs, 1, attributes)[0];

    /// <summary>Adds a node of any domain (<see cref="Ml"/>, <see cref="Microsoft"/>) with any number of outputs.</summary>
    /// <returns>The names of its outputs.</returns>
    public IReadOnlyList<string> Node(
        string domain, string opType, IReadOnlyList<string> inputs, int outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        foreach (var input in inputs)
            RequireKnown(input, opType);
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++)
            names[i] = NewName(opType);
        var node = new NodeProto { Name = names[0], OpType = opType, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.AddRange(names);
        foreach (var (name, value) in attributes)
            node.Attribute.Add(OnnxAttributes.Write(name, value));
        _target.Node.Add(node);
        return names;
    }

    /// <summary>Adds a loop: nodes that run again and again on values that each round hands to the next.</summary>
    /// <param name="rounds">The number of rounds: a tensor int64 without dimensions.</param>
    /// <param name="states">The values before the first round.</param>
    /// <param name="type">The type of the elements of all of them.</param>
    /// <param name="body">
    /// Adds the nodes of a round, given the number of rounds before it (int64, without dimensions) and the values; returns the values
    /// after it, in the same order. May read any tensor that the graph has.
    /// </param>
    /// <returns>The values after the last round.</returns>
    internal IReadOnlyList<string> Loop(string rounds, IReadOnlyList<string> states, OnnxType type, Func<string, IReadOnlyList<string>, IReadOnlyList<string>> body)
    {
        foreach (var input in states.Prepend(rounds))
            RequireKnown(input, "Loop");
        var outer = _target;
        _target = new GraphProto { Name = NewName("Body") };
        var round = new OnnxValue(NewName("Round"), OnnxType.Int64, []);
        var goesOn = new OnnxValue(NewName("GoesOn"), OnnxType.Bool, []);
        var before = states.Select(_ => NewName("State")).ToList();
        _target.Input.AddRange([round.ToProto(), goesOn.ToProto(), .. before.Select(State)]);
        var after = body(round.Name, before);
        var still = new OnnxValue(Node("Identity", [goesOn.Name]), OnnxType.Bool, []);
        _target.Output.AddRange([still.ToProto(), .. after.Select(State)]);
        var (inner, names) = (_target, states.Select(_ => NewName("Loop")).ToList());
        _target = outer;
        _target.Node.Add(new NodeProto
        {
            Name = names[0],
            OpType = "Loop",
            Domain = "",
            Input = { rounds, "", states },
            Output = { names },
            Attribute = { new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = inner } },
        });
        return names;

        // Of any shape: nothing says that it is one row for each example.
        ValueInfoProto State(string name) => new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } };
    }

    /// <summary>Declares a tensor that whoever runs the graph gives.</summary>
    /// <param name="name">Its name, which becomes part of the model's interface.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its dimensions; null for the number of examples N, which varies.</param>
    /// <returns>The name.</returns>
    public string Input(string name, OnnxType type, params ReadOnlySpan<long?> shape)
    {
        if (!_names.Add(name))
            throw new ArgumentException($"The graph has a tensor '{name}' already. Give the input another name.", nameof(name));
        _model.Graph.Input.Add(new OnnxValue(name, type, shape.ToArray()).ToProto());
        return name;
    }

    /// <summary>Makes the nodes of another model part of this graph, under names of their own.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="inputs">For each of its inputs the tensor that takes its place.</param>
    /// <param name="outputs">The outputs wanted.</param>
    /// <returns>The names of the tensors that are these outputs.</returns>
    internal IReadOnlyList<string> Splice(ForeignModel model, IReadOnlyDictionary<string, string> inputs, IReadOnlyList<string> outputs)
    {
        foreach (var tensor in inputs.Values)
            RequireKnown(tensor, "a model within the graph");
        var prefix = NewName("Model");
        var graph = model.Graph.Clone();
        foreach (var constant in graph.Initializer)
        {
            constant.Name = Renamed(constant.Name);
            _names.Add(constant.Name);
            _model.Graph.Initializer.Add(constant);
        }

        foreach (var node in graph.Node)
        {
            Rename(node);
            _names.UnionWith(node.Output);
            _target.Node.Add(node);
        }

        return [.. outputs.Select(Renamed)];

        string Renamed(string name) => name.Length == 0 ? "" : inputs.GetValueOrDefault(name) ?? $"{prefix}/{name}";

        void Rename(NodeProto node)
        {
            node.Name = $"{prefix}/{node.Name}";
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = Renamed(node.Input[i]);
            for (var i = 0; i < node.Output.Count; i++)
                node.Output[i] = Renamed(node.Output[i]);
            foreach (var body in node.Attribute.Where(attribute => attribute.G is not null).Select(attribute => attribute.G))
            {
                foreach (var value in body.Input.Concat(body.Output).Concat(body.ValueInfo))
                    value.Name = Renamed(value.Name);
                foreach (var constant in body.Initializer)
                    constant.Name = Renamed(constant.Name);
                foreach (var inner in body.Node)
                    Rename(inner);
                Remember(body);
            }
        }
    }

    /// <summary>The version of a domain's operators in use here.</summary>
    internal static long VersionOf(string domain) => Opsets.First(opset => opset.Domain == domain).Version;

    /// <summary>Lets a run give a tensor back under a name of its own.</summary>
    /// <param name="name">The name; equal to <paramref name="tensor"/> when the tensor may keep its own.</param>
    /// <param name="tensor">A tensor of the graph.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its dimensions; null for those that vary.</param>
    public void Output(string name, string tensor, OnnxType type, params ReadOnlySpan<long?> shape)
    {
        RequireKnown(tensor, $"output '{name}'");
        if (name != tensor)
        {
            if (!_names.Add(name))
                throw new ArgumentException($"The graph has a tensor '{name}' already. Give the output another name.", nameof(name));
            _model.Graph.Node.Add(new NodeProto { Name = name, OpType = "Identity", Domain = "", Input = { tensor }, Output = { name } });
        }

        _model.Graph.Output.Add(new OnnxValue(name, type, shape.ToArray()).ToProto());
    }

    /// <summary>Takes all outputs off the graph. Their tensors stay, under the same names, for further nodes to read.</summary>
    public void RemoveOutputs() => _model.Graph.Output.Clear();

    internal string NewName(string stem)
    {
        var start = $"{_scope}/{Plain(stem)}";
        while (true)
        {
            var count = _counters.GetValueOrDefault(start);
            _counters[start] = count + 1;
            var name = count == 0 ? start : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{start}_{count}");
            if (_names.Add(name))
                return name;
        }
    }

    /// <summary>No name may be used twice, not even within bodies of loops.</summary>
    void Remember(GraphProto graph)
    {
        _names.UnionWith(graph.Input.Select(input => input.Name));
        _names.UnionWith(graph.Initializer.Select(constant => constant.Name));
        _names.UnionWith(graph.Node.SelectMany(node => node.Output));
        foreach (var body in graph.Node.SelectMany(node => node.Attribute).Where(attribute => attribute.G is not null))
            Remember(body.G);
    }

    void RequireKnown(string tensor, string usedBy)
    {
        if (tensor.Length > 0 && !_names.Contains(tensor))
            throw new ArgumentException($"The graph has no tensor '{tensor}', which {usedBy} reads. Add the node that makes it first.", nameof(tensor));
    }

    static string Plain(string name) => name.Replace('/', '_');

    static string Describe(IEnumerable<(string Domain, long Version)> opsets) =>
        string.Join(", ", opsets.Select(opset => $"{(opset.Domain.Length == 0 ? "ai.onnx" : opset.Domain)} {opset.Version}"));

    sealed class ScopeEnd(OnnxGraph graph, string outer) : IDisposable
    {
        public void Dispose() => graph._scope = outer;
    }
}
