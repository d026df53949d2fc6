using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

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
    public virtual string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        throw new InvalidOperationException($"The operator {Name} must know more to be lowered.");

    /// <summary>The same for operators that must know more than that.</summary>
    public virtual string Emit(Lowering at) => Emit(at.Graph, at.Inputs, at.Fitted);

    /// <summary>The number of distinct ids that it gives, or the width of its vectors, where it gives such.</summary>
    /// <param name="fitted">What its analyzer found, if it has one.</param>
    /// <param name="sizeOf">The size of one of its inputs, by position.</param>
    public virtual int Size(Fitted? fitted, Func<int, int> sizeOf) =>
        Kind == TensorKind.Number ? 1 : throw new InvalidOperationException($"The operator {Name} gives neither ids nor vectors.");

    /// <summary>What to tell the user where it cannot learn from a label of this kind; null where it can.</summary>
    public virtual string? WrongLabel(LearningTask task) => null;

    /// <summary>
    /// Whether training examples get something else than others: what learns from the label gives each training example only what it
    /// learnt from others.
    /// </summary>
    [NotAParameter]
    public virtual bool DiffersInTraining => false;

    public JsonObject ToJson() => (JsonObject)ParameterJson.Write(this, GetType())!;
}

/// <summary>Where an operator stands in the graph that is being built.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Inputs">The tensors it works on.</param>
/// <param name="Fitted">What its analyzer found, if it has one.</param>
/// <param name="SizeOf">The number of distinct ids or the width of one of its inputs, by position.</param>
/// <param name="IsTraining">Whether the graph is that which materialises training examples.</param>
sealed record Lowering(OnnxGraph Graph, IReadOnlyList<string> Inputs, Fitted? Fitted, Func<int, int> SizeOf, bool IsTraining);

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

    /// <summary>double [N, D]; NaN for padding, never infinite.</summary>
    Numbers,

    /// <summary>double [N, W], W the same for all examples; neither NaN nor infinite.</summary>
    Vector,
}
