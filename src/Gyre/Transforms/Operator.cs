using System.Text.Json.Nodes;
using Gyre.Onnx;
using Gyre.Pipelines;

namespace Gyre.Transforms;

/// <summary>
/// One operator of the transform language. The set is closed: each has exactly one lowering to ONNX, which is its meaning,
/// for training and for serving alike. Its public properties are its parameters, as they are recorded.
/// </summary>
abstract record Operator
{
    /// <summary>The name in definitions and messages.</summary>
    [NotAParameter]
    public string Name => Names.Snake(GetType().Name);

    /// <summary>What tensor it gives.</summary>
    [NotAParameter]
    public abstract TensorKind Kind { get; }

    /// <summary>What must be computed over the training split first; null where nothing must.</summary>
    public virtual Analyzer? CreateAnalyzer() => null;

    /// <summary>Adds the nodes that it means and returns the name of the tensor that they give.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The tensors it works on.</param>
    /// <param name="fitted">What its analyzer found, if it has one.</param>
    public abstract string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted);

    /// <summary>The number of distinct ids that it gives, where it gives ids.</summary>
    public virtual int IdCount(Fitted? fitted) => throw new InvalidOperationException($"The operator {Name} gives no ids.");

    public JsonObject ToJson() => (JsonObject)ParameterJson.Write(this, GetType())!;
}

/// <summary>The tensors that operators hand to each other.</summary>
enum TensorKind
{
    /// <summary>string [N, 1]; empty for missing.</summary>
    Text,

    /// <summary>string [N, D]; empty for padding.</summary>
    Tokens,

    /// <summary>double [N, 1]; NaN for missing, never infinite.</summary>
    Number,

    /// <summary>int64 [N, 1]; −1 for missing.</summary>
    Ids,

    /// <summary>int64 [N, D]; −1 for none.</summary>
    TokenIds,
}

/// <summary>An operator applied to the results of others. Equal applications within one definition are one step.</summary>
sealed class Step(Operator op, IReadOnlyList<Step> inputs)
{
    public Operator Operator => op;

    public IReadOnlyList<Step> Inputs => inputs;

    /// <summary>How many analyzers must have run, one behind the other, before this step's own can; its own included.</summary>
    public int AnalyzerDepth { get; } = inputs.Select(input => input.AnalyzerDepth).DefaultIfEmpty().Max() + (op.CreateAnalyzer() is null ? 0 : 1);

    /// <summary>All steps that lead here, this one included, inputs before those who read them.</summary>
    public IEnumerable<Step> Chain() => inputs.SelectMany(input => input.Chain()).Append(this).Distinct();

    /// <summary>
    /// The steps as JSON, the first operator first: <c>[{"text":{"column":"zip"}},{"extract":{"pattern":"[0-9]+"}}]</c>. What an
    /// operator reads besides the step before it stands among its parameters as <c>with</c>.
    /// </summary>
    public JsonArray ToJson()
    {
        var steps = inputs.Count == 0 ? [] : inputs[0].ToJson();
        var parameters = op.ToJson();
        if (inputs.Count > 1)
            parameters["with"] = inputs[1].ToJson();
        steps.Add(new JsonObject { [op.Name] = parameters });
        return steps;
    }
}
