using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>A function of one number: missing where the number is, and where the result is not finite.</summary>
abstract record NumberFunction : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Finite(Apply(graph, inputs[0]));

    protected abstract string Apply(OnnxGraph graph, string number);
}

/// <summary>The absolute value.</summary>
sealed record Abs : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Node("Abs", [number]);
}

/// <summary>The greatest whole number that is not above the number.</summary>
sealed record Floor : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Node("Floor", [number]);
}

/// <summary>The square root; missing below 0.</summary>
sealed record Sqrt : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Node("Sqrt", [number]);
}

/// <summary>The natural logarithm; missing where the number is not above 0.</summary>
sealed record Log : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Log(number);
}

/// <summary>The nearest number of single precision; missing beyond its range.</summary>
sealed record ToSingle : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Cast(graph.Cast(number, OnnxType.Float), OnnxType.Double);
}

/// <summary>e to the power of the number; missing where that is more than a double can hold.</summary>
sealed record Exp : NumberFunction
{
    protected override string Apply(OnnxGraph graph, string number) => graph.Elementwise("Exp", number);
}

/// <summary>The number to a constant power; missing where that is no finite number, such as a root of a negative one.</summary>
sealed record Power(double Exponent) : NumberFunction
{
    // Anything to the power of 0 is 1, for ONNX even what is missing.
    protected override string Apply(OnnxGraph graph, string number) => graph.Where(
        graph.IsMissing(number), number, graph.Node("Pow", [number, graph.Scalar(Exponent)]));
}

/// <summary>The place on a circle that a number goes round once in a period: sine and cosine; the middle where missing.</summary>
sealed record Cyclic(double Period) : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => 2;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        // The part of the round that is gone, from 0 to 1, so that large numbers keep their precision.
        var rounds = graph.Node("Div", [inputs[0], graph.Scalar(Period)]);
        var part = graph.Node("Sub", [rounds, graph.Node("Floor", [rounds])]);
        var angle = graph.Node("Mul", [part, graph.Scalar(2 * Math.PI)]);
        var place = graph.Node("Concat", [graph.Elementwise("Sin", angle), graph.Elementwise("Cos", angle)], ("axis", 1L));
        return graph.Where(graph.IsMissing(place), graph.Scalar(0.0), place);
    }
}

/// <summary>Whether two numbers are equal, as 1 or 0; missing where an operand is.</summary>
sealed record Equal : Comparison;

/// <summary>1 where both are other than 0, otherwise 0; missing where an operand is.</summary>
sealed record And : Logic
{
    protected override string Combine(OnnxGraph graph, string left, string right) => graph.Node("And", [left, right]);
}

/// <summary>1 where either is other than 0, otherwise 0; missing where an operand is.</summary>
sealed record Or : Logic
{
    protected override string Combine(OnnxGraph graph, string left, string right) => graph.Node("Or", [left, right]);
}

abstract record Logic : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var holds = graph.Cast(Combine(graph, graph.Holds(inputs[0]), graph.Holds(inputs[1])), OnnxType.Double);
        var missing = graph.Node("Or", [graph.IsMissing(inputs[0]), graph.IsMissing(inputs[1])]);
        return graph.Where(missing, graph.Scalar(double.NaN), holds);
    }

    protected abstract string Combine(OnnxGraph graph, string left, string right);
}

/// <summary>1 where the number is 0, otherwise 0; missing where it is.</summary>
sealed record Not : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Where(
        graph.IsMissing(inputs[0]), inputs[0], graph.Cast(graph.Node("Not", [graph.Holds(inputs[0])]), OnnxType.Double));
}

/// <summary>One number where the condition is other than 0, the other where it is 0; missing where the condition is.</summary>
sealed record If : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Where(
        graph.IsMissing(inputs[0]), graph.Scalar(double.NaN), graph.Where(graph.Holds(inputs[0]), inputs[1], inputs[2]));
}

/// <summary>One text where the condition is other than 0, the other where it is 0; missing where the condition is.</summary>
sealed record IfText : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Where(
        graph.IsMissing(inputs[0]), graph.Scalar(""), graph.Where(graph.Holds(inputs[0]), inputs[1], inputs[2]));
}

/// <summary>Several numbers and vectors side by side.</summary>
sealed record Join(int Parts) : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Enumerable.Range(0, Parts).Sum(sizeOf);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Node("Concat", inputs, ("axis", 1L));
}
