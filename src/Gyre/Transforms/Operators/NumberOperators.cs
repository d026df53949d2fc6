using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>A raw column of numbers. An infinite one counts as missing.</summary>
sealed record Number(string Column) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Finite(graph.Input(Column, OnnxType.Double, null, 1));
}

sealed record Constant(double Value) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Scalar(Value);
}

sealed record FillMissing(double Value) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Where(graph.IsMissing(inputs[0]), graph.Scalar(Value), inputs[0]);
}

sealed record FillMissingWithMean : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new MomentsAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Where(graph.IsMissing(inputs[0]), graph.Scalar(((FittedMoments)fitted!).Mean), inputs[0]);
}

/// <summary>Of an even number of values the lower one of the two in the middle.</summary>
sealed record FillMissingWithMedian : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new QuantilesAnalyzer(2);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Where(
        graph.IsMissing(inputs[0]), graph.Scalar(((FittedQuantiles)fitted!).Bounds is [var median] ? median : 0), inputs[0]);
}

/// <summary>Of equally frequent numbers the least.</summary>
sealed record FillMissingWithMostFrequent : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new ModeAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Where(graph.IsMissing(inputs[0]), graph.Scalar(((FittedMode)fitted!).Value), inputs[0]);
}

sealed record IsMissing : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Cast(graph.IsMissing(inputs[0]), OnnxType.Double);
}

/// <summary>The natural logarithm of 1 + x; missing where that is not above 0.</summary>
sealed record Log1p : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Finite(graph.Log(graph.Node("Add", [inputs[0], graph.Scalar(1.0)])));
}

sealed record Clip(double Min, double Max) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    // Comparisons leave a missing number as it is; for ONNX's own Clip that is not promised.
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (min, max) = (graph.Scalar(Min), graph.Scalar(Max));
        var raised = graph.Where(graph.Node("Less", [inputs[0], min]), min, inputs[0]);
        return graph.Where(graph.Node("Greater", [raised, max]), max, raised);
    }
}

/// <summary>A sum, difference, product or quotient: missing where an operand is, or where it is not finite.</summary>
abstract record Arithmetic : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    // The type's name is ONNX's name of the operator.
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Finite(graph.Node(GetType().Name, [inputs[0], inputs[1]]));
}

sealed record Add : Arithmetic;

sealed record Sub : Arithmetic;

sealed record Mul : Arithmetic;

sealed record Div : Arithmetic;

/// <summary>1 where the comparison holds, 0 where it does not, missing where an operand is.</summary>
abstract record Comparison : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    // The type's name is ONNX's name of the operator.
    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var holds = graph.Cast(graph.Node(GetType().Name, [inputs[0], inputs[1]]), OnnxType.Double);
        var missing = graph.Node("Or", [graph.IsMissing(inputs[0]), graph.IsMissing(inputs[1])]);
        return graph.Where(missing, graph.Scalar(double.NaN), holds);
    }
}

sealed record Less : Comparison;

sealed record LessOrEqual : Comparison;

sealed record Greater : Comparison;

sealed record GreaterOrEqual : Comparison;

/// <summary>The distance from the mean in standard deviations (of the population); 0 where missing.</summary>
sealed record ScaleToZScore : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new MomentsAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (mean, deviation, _) = (FittedMoments)fitted!;
        var distance = graph.Node("Sub", [inputs[0], graph.Scalar(mean)]);
        var scaled = deviation == 0 ? distance : graph.Node("Div", [distance, graph.Scalar(deviation)]);
        var finite = graph.Finite(scaled);
        return graph.Where(graph.IsMissing(finite), graph.Scalar(0.0), finite);
    }
}

/// <summary>The way from the least training value to the greatest as 0 to 1, clipped there; missing stays missing.</summary>
sealed record ScaleToUnit : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new RangeAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (min, max, _) = (FittedRange)fitted!;
        var way = graph.Node("Sub", [inputs[0], graph.Scalar(min)]);
        var scaled = max == min ? way : graph.Node("Div", [way, graph.Scalar(max - min)]);
        return new Clip(0, 1).Emit(graph, [scaled], fitted: null);
    }
}
