using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>A raw column of lists of numbers. Infinite ones count as missing, and missing ones as not there.</summary>
sealed record NumberList(string Column) : Operator
{
    public override TensorKind Kind => TensorKind.Numbers;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Finite(graph.Input(Column, OnnxType.Double, null, null));
}

/// <summary>How many numbers there are.</summary>
sealed record CountNumbers : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.CountNumbers(inputs[0]);
}

/// <summary>The sum, from left to right; 0 where there are none.</summary>
sealed record SumNumbers : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Finite(graph.SumNumbers(inputs[0]));
}

/// <summary>The mean; missing where there are none.</summary>
sealed record MeanOfNumbers : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    // Nothing divided by nothing is NaN, which means missing.
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Finite(graph.Node("Div", [graph.SumNumbers(inputs[0]), graph.CountNumbers(inputs[0])]));
}

/// <summary>The least or the greatest; missing where there are none.</summary>
abstract record ExtremeOfNumbers : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    protected static string Reduce(OnnxGraph graph, string numbers, string reduction, double nothing)
    {
        var filled = graph.Where(graph.IsMissing(numbers), graph.Scalar(nothing), numbers);
        return graph.Finite(graph.Node(reduction, [filled, graph.Constant([1L])], ("keepdims", 1L)));
    }
}

/// <inheritdoc/>
sealed record LeastOfNumbers : ExtremeOfNumbers
{
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => Reduce(graph, inputs[0], "ReduceMin", double.PositiveInfinity);
}

/// <inheritdoc/>
sealed record GreatestOfNumbers : ExtremeOfNumbers
{
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => Reduce(graph, inputs[0], "ReduceMax", double.NegativeInfinity);
}

/// <summary>The first numbers as a vector, with something where there are fewer.</summary>
sealed record PaddedNumbers(int Length, double Fill) : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Length;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var isThere = graph.Node("Not", [graph.IsMissing(inputs[0])]);
        var position = graph.Node("CumSum", [graph.Cast(isThere, OnnxType.Int64), graph.Scalar(1L)], ("exclusive", 1L));
        var fits = graph.Node("And", [isThere, graph.Node("Less", [position, graph.Scalar((long)Length)])]);
        var place = graph.Where(fits, position, graph.Scalar((long)Length));
        var padding = graph.Node("Expand", [graph.Scalar(Fill), graph.RowsBy(inputs[0], Length + 1)]);
        var filled = graph.Node("ScatterElements", [padding, place, inputs[0]], ("axis", 1L));

        // The last place took what fits nowhere.
        return graph.Node("Slice", [filled, graph.Constant([0L]), graph.Constant([(long)Length]), graph.Constant([1L])]);
    }
}

/// <summary>Pieces of graph for lists of numbers.</summary>
static class ListLowering
{
    public static string CountNumbers(this OnnxGraph graph, string numbers)
    {
        var isThere = graph.Cast(graph.Node("Not", [graph.IsMissing(numbers)]), OnnxType.Int64);
        return graph.Cast(graph.Node("ReduceSum", [isThere, graph.Constant([1L])], ("keepdims", 1L)), OnnxType.Double);
    }

    /// <summary>
    /// Sums from left to right, the last of the running sums: padding adds zeros at the end, so the result does not depend on how long
    /// the other lists of a batch are, as it would with ONNX Runtime's own sum, which adds several at a time.
    /// </summary>
    public static string SumNumbers(this OnnxGraph graph, string numbers)
    {
        var filled = graph.Where(graph.IsMissing(numbers), graph.Scalar(0.0), numbers);
        var running = graph.Node("CumSum", [filled, graph.Scalar(1L)]);
        return graph.Node("Slice", [running, graph.Constant([-1L]), graph.Constant([long.MaxValue]), graph.Constant([1L])]);
    }
}
