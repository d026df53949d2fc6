using Gyre.Onnx;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>Turns steps into an ONNX graph.</summary>
sealed class TransformCompiler
{
    readonly OnnxGraph _graph = new();
    readonly IReadOnlyDictionary<Step, Fitted> _fitted;
    readonly Dictionary<Step, string> _tensors = [];
    readonly bool _isTraining;

    TransformCompiler(IReadOnlyDictionary<Step, Fitted> fitted, bool isTraining = false) => (_fitted, _isTraining) = (fitted, isTraining);

    /// <summary>The whole transform: from raw columns to the tensor of each feature.</summary>
    /// <param name="definition">What the features are.</param>
    /// <param name="fitted">What the analyzers found.</param>
    /// <param name="isTraining">Whether for the examples that were learnt from, see <see cref="Operator.DiffersInTraining"/>.</param>
    public static OnnxGraph Compile(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted, bool isTraining = false) =>
        Compile(definition, fitted, FeaturesOf(definition, fitted), isTraining);

    /// <summary>The part of the transform that leads to some features.</summary>
    public static OnnxGraph Compile(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted, IEnumerable<FeatureSpec> features, bool isTraining)
    {
        var compiler = new TransformCompiler(fitted, isTraining);
        foreach (var spec in features)
            compiler.Give(spec, compiler.Emit(definition.Features[spec.Name].Step));
        return compiler._graph;
    }

    /// <summary>What computes a label: from raw columns to the tensor <see cref="LabelReader.RuleTensor"/>.</summary>
    public static OnnxGraph CompileRule(Step rule)
    {
        var compiler = new TransformCompiler(new Dictionary<Step, Fitted>());
        compiler.Give(LabelReader.RuleTensor, compiler.Emit(rule), TensorKind.Number);
        return compiler._graph;
    }

    /// <summary>What the features of a fitted transform are, in ordinal order of their names.</summary>
    public static IReadOnlyList<FeatureSpec> FeaturesOf(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted) =>
        [.. definition.Features.Select(feature => new FeatureSpec(feature.Key, feature.Value.Kind, SizeOf(feature.Value, fitted)) { MayBeMissing = feature.Value.KeepsMissing })];

    /// <summary>What leads to the inputs of some steps; each of these tensors is an output of the graph.</summary>
    /// <returns>The graph, and for each step the names of the tensors that it works on.</returns>
    public static (OnnxGraph Graph, IReadOnlyDictionary<Step, IReadOnlyList<string>> Tensors) Prefix(IEnumerable<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        var compiler = new TransformCompiler(fitted);
        var outputs = new Dictionary<Step, string>();
        foreach (var input in steps.SelectMany(step => step.Inputs).Distinct())
        {
            // A raw column cannot be input and output under the same name.
            var tensor = compiler.Emit(input);
            var output = input.Inputs.Count == 0 ? $"/columns/{tensor}" : tensor;
            compiler.Give(output, tensor, input.Operator.Kind);
            outputs.Add(input, output);
        }

        return (compiler._graph, steps.ToDictionary(step => step, step => (IReadOnlyList<string>)[.. step.Inputs.Select(input => outputs[input])]));
    }

    /// <summary>The number of distinct ids that a step gives, or the width of its vectors.</summary>
    public static int SizeOf(Step step, IReadOnlyDictionary<Step, Fitted> fitted) =>
        step.Operator.Size(fitted.GetValueOrDefault(step), input => SizeOf(step.Inputs[input], fitted));

    static int SizeOf(FeatureValue feature, IReadOnlyDictionary<Step, Fitted> fitted) =>
        feature.Step.Operator.Kind == TensorKind.Number ? 1 : SizeOf(feature.Step, fitted);

    /// <summary>The step that makes the ids of a feature; ways to read them only follow it.</summary>
    public static Step IdsOf(FeatureValue feature) =>
        feature.Step.Operator is OneHot or AsCategory ? feature.Step.Inputs[0] : feature.Step;

    string Emit(Step step)
    {
        if (_tensors.TryGetValue(step, out var known))
            return known;
        var inputs = step.Inputs.Select(Emit).ToList();
        using var scope = _graph.Scope("transform");
        var tensor = step.Operator.Emit(
            new Lowering(_graph, inputs, _fitted.GetValueOrDefault(step), input => SizeOf(step.Inputs[input], _fitted), _isTraining));
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
                _graph.Output(spec.Tensor, tensor, OnnxType.Float, null, spec.Size);
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
            case TensorKind.Numbers or TensorKind.Vector:
                _graph.Output(output, tensor, OnnxType.Double, null, null);
                break;
            case TensorKind.Ids:
                _graph.Output(output, tensor, OnnxType.Int64, null, 1);
                break;
            case TensorKind.TokenIds:
                _graph.Output(output, tensor, OnnxType.Int64, null, null);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kind of tensor.");
        }
    }

    /// <summary>What is finite in double precision stays finite in single.</summary>
    string ToSingle(string tensor) =>
        _graph.Cast(new Clip(-float.MaxValue, float.MaxValue).Emit(_graph, [tensor], fitted: null), OnnxType.Float);
}
