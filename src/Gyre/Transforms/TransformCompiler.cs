using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>Turns steps into an ONNX graph.</summary>
sealed class TransformCompiler
{
    readonly OnnxGraph _graph = new();
    readonly IReadOnlyDictionary<Step, Fitted> _fitted;
    readonly Dictionary<Step, string> _tensors = [];

    TransformCompiler(IReadOnlyDictionary<Step, Fitted> fitted) => _fitted = fitted;

    /// <summary>The whole transform: from raw columns to the tensor of each feature.</summary>
    public static OnnxGraph Compile(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        var compiler = new TransformCompiler(fitted);
        foreach (var spec in FeaturesOf(definition, fitted))
            compiler.Give(spec, compiler.Emit(definition.Features[spec.Name].Step));
        return compiler._graph;
    }

    /// <summary>What the features of a fitted transform are, in ordinal order of their names.</summary>
    public static IReadOnlyList<FeatureSpec> FeaturesOf(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted) =>
        [.. definition.Features.Select(feature => new FeatureSpec(feature.Key, feature.Value.Kind, SizeOf(feature.Value, fitted)))];

    /// <summary>What leads to the inputs of some steps; each of these tensors is an output of the graph.</summary>
    /// <returns>The graph, and for each step the name of the tensor that it works on.</returns>
    public static (OnnxGraph Graph, IReadOnlyDictionary<Step, string> Tensors) Prefix(IEnumerable<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        var compiler = new TransformCompiler(fitted);
        var outputs = new Dictionary<Step, string>();
        foreach (var step in steps)
        {
            var input = step.Inputs[0];
            var tensor = compiler.Emit(input);
            if (!outputs.TryGetValue(input, out var output))
            {
                // A raw column cannot be input and output under the same name.
                output = input.Inputs.Count == 0 ? $"/columns/{tensor}" : tensor;
                compiler.Give(output, tensor, input.Operator.Kind);
                outputs.Add(input, output);
            }
        }

        return (compiler._graph, steps.ToDictionary(step => step, step => outputs[step.Inputs[0]]));
    }

    static int SizeOf(FeatureValue feature, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        if (feature.Kind == FeatureKind.Number)
            return 1;
        var ids = IdsOf(feature);
        return ids.Operator.IdCount(fitted.GetValueOrDefault(ids));
    }

    /// <summary>The step that makes the ids of a feature; ways to read them only follow it.</summary>
    public static Step IdsOf(FeatureValue feature) =>
        feature.Step.Operator is OneHot or AsCategory ? feature.Step.Inputs[0] : feature.Step;

    string Emit(Step step)
    {
        if (_tensors.TryGetValue(step, out var known))
            return known;
        var inputs = step.Inputs.Select(Emit).ToList();
        using var scope = _graph.Scope("transform");
        var tensor = step.Operator.Emit(_graph, inputs, _fitted.GetValueOrDefault(step));
        _tensors.Add(step, tensor);
        return tensor;
    }

    void Give(FeatureSpec spec, string tensor)
    {
        switch (spec.Kind)
        {
            case FeatureKind.Number:
                using (_graph.Scope("transform"))
                    tensor = ToSingle(tensor);
                _graph.Output(spec.Tensor, tensor, OnnxType.Float, null, 1);
                break;
            case FeatureKind.Tokens:
                _graph.Output(spec.Tensor, tensor, OnnxType.Int64, null, null);
                break;
            default:
                _graph.Output(spec.Tensor, tensor, OnnxType.Int64, null, 1);
                break;
        }
    }

    void Give(string output, string tensor, TensorKind kind)
    {
        switch (kind)
        {
            case TensorKind.Text:
                _graph.Output(output, tensor, OnnxType.String, null, 1);
                break;
            case TensorKind.Tokens:
                _graph.Output(output, tensor, OnnxType.String, null, null);
                break;
            case TensorKind.Number:
                _graph.Output(output, tensor, OnnxType.Double, null, 1);
                break;
            default:
                throw new InvalidOperationException($"No analyzer works on {kind}.");
        }
    }

    /// <summary>What is finite in double precision stays finite in single.</summary>
    string ToSingle(string tensor) =>
        _graph.Cast(new Clip(-float.MaxValue, float.MaxValue).Emit(_graph, [tensor], fitted: null), OnnxType.Float);
}
