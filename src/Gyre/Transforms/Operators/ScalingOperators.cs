using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>The distance from the mean in standard deviations (of the population); missing stays missing. For vectors, over all of their numbers.</summary>
sealed record ZScore : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new MomentsAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (mean, deviation, _) = (FittedMoments)fitted!;
        return graph.Finite(Scale(graph, inputs[0], mean, deviation));
    }

    public static string Scale(OnnxGraph graph, string numbers, double mean, double deviation)
    {
        var distance = graph.Node("Sub", [numbers, graph.Scalar(mean)]);
        return deviation == 0 ? distance : graph.Node("Div", [distance, graph.Scalar(deviation)]);
    }
}

/// <summary>The distance from the mean of all numbers of all vectors, in standard deviations.</summary>
sealed record ScaleVectorToZScore : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override Analyzer CreateAnalyzer() => new MomentsAnalyzer();

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => sizeOf(0);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (mean, deviation, _) = (FittedMoments)fitted!;
        var scaled = ZScore.Scale(graph, inputs[0], mean, deviation);
        return graph.Where(graph.Node("IsInf", [scaled]), graph.Scalar(0.0), scaled);
    }
}

/// <summary>The distance from the median in widths of the middle half; only the distance where that has no width. Missing stays missing.</summary>
sealed record ScaleRobust : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new QuantilesAnalyzer(4);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (median, width) = ((FittedQuantiles)fitted!).Bounds is [var first, var second, var third] ? (second, third - first) : (0, 0);
        var distance = graph.Node("Sub", [inputs[0], graph.Scalar(median)]);
        return graph.Finite(width == 0 ? distance : graph.Node("Div", [distance, graph.Scalar(width)]));
    }
}

/// <summary>
/// The way from the least training value to the greatest as the way between two numbers, not clipped; where there is no way, the
/// sigmoid of the number. Missing stays missing.
/// </summary>
sealed record ScaleToMinMax(double Min, double Max) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new RangeAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var (min, max, _) = (FittedRange)fitted!;
        var part = min < max
            ? graph.Node("Div", [graph.Node("Sub", [inputs[0], graph.Scalar(min)]), graph.Scalar(max - min)])
            : graph.Sigmoid(inputs[0]);
        return graph.Finite(Stretch(graph, part, Min, Max));
    }

    public static string Stretch(OnnxGraph graph, string part, double min, double max) =>
        graph.Node("Add", [graph.Node("Mul", [part, graph.Scalar(max - min)]), graph.Scalar(min)]);
}

/// <summary>
/// What a normal variable would be in the number's place, see <see cref="FittedGaussian"/>. Missing stays missing.
/// </summary>
sealed record ScaleToGaussian : Operator
{
    /// <summary>Steps of Newton's method, as many as TensorFlow Transform takes.</summary>
    const int Steps = 8;

    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new GaussianAnalyzer();

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var found = (FittedGaussian)fitted!;
        var scale = found.Left > 0 || found.Right > 0 ? found.Scale : found.StandardDeviation;
        var scaled = ZScore.Scale(graph, inputs[0], found.Location, scale);
        if (found.Left == 0 && found.Right == 0)
            return graph.Finite(scaled);
        var isNegative = graph.Node("Less", [scaled, graph.Scalar(0.0)]);
        var size = graph.Node("Abs", [scaled]);
        var tail = graph.Where(isNegative, graph.Scalar(found.Left), graph.Scalar(found.Right));
        var undone = Undo(graph, size, tail);
        return graph.Finite(graph.Where(isNegative, graph.Node("Neg", [undone]), undone));
    }

    /// <summary>The u whose u·exp(h·u²) is x: √(W(h·x²) ÷ h), where W is Lambert's function.</summary>
    static string Undo(OnnxGraph graph, string x, string h)
    {
        var square = graph.Node("Mul", [h, graph.Node("Mul", [x, x])]);
        var isSmall = graph.Node("Less", [square, graph.Scalar(1e-7)]);

        // Where it is small, W is not needed; 1 keeps it away from 0 ÷ 0.
        var w = Lambert(graph, graph.Where(isSmall, graph.Scalar(1.0), square));
        var root = graph.Node("Sqrt", [graph.Node("Div", [w, graph.Where(isSmall, graph.Scalar(1.0), h)])]);
        return graph.Where(isSmall, x, root);
    }

    static string Lambert(OnnxGraph graph, string x)
    {
        const double Slope = (Math.E - 1) / ((Math.E * Math.E) - 1);
        var logarithm = graph.Log(x);
        var straight = graph.Node("Add", [graph.Node("Mul", [x, graph.Scalar(Slope)]), graph.Scalar((1 - Slope) / Math.E)]);
        var factor = graph.Node("Sub", [graph.Node("Reciprocal", [logarithm]), graph.Scalar(1.0)]);
        var curved = graph.Node("Add", [logarithm, graph.Node("Mul", [factor, graph.Log(logarithm)])]);
        var w = graph.Where(
            graph.Node("Less", [x, graph.Scalar(1 / Math.E)]), x, graph.Where(graph.Node("Less", [x, graph.Scalar(Math.E)]), straight, curved));
        for (var step = 0; step < Steps; step++)
        {
            var exp = graph.Elementwise("Exp", w);
            var product = graph.Node("Mul", [w, exp]);
            w = graph.Node("Sub", [w, graph.Node("Div", [graph.Node("Sub", [product, x]), graph.Node("Add", [exp, product])])]);
        }

        return w;
    }
}

/// <summary>What the numbers of the same key give. Reads the key as its second input.</summary>
abstract record PerKey : Operator
{
    /// <summary>The position of each example's key, the number of keys where it is unknown or missing.</summary>
    protected static string KeyOf(OnnxGraph graph, IReadOnlyList<string> inputs, FittedPerKey fitted) =>
        graph.Lookup(inputs[1], fitted.Keys, unknown: fitted.Keys.Count, missing: fitted.Keys.Count);

    /// <summary>A number for each example by its key.</summary>
    protected static string Pick(OnnxGraph graph, string key, FittedPerKey fitted, Func<Fitted, double> of, double unknown) =>
        graph.Node("Gather", [graph.Constant([.. fitted.Parts.Select(of), unknown]), key]);
}

/// <summary>The distance from the mean of the key in its standard deviations; the number itself where the key is unknown. Missing stays missing.</summary>
sealed record ZScorePerKey : PerKey
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new PerKeyAnalyzer(() => new MomentsAnalyzer());

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var found = (FittedPerKey)fitted!;
        var key = KeyOf(graph, inputs, found);
        var mean = Pick(graph, key, found, part => ((FittedMoments)part).Mean, 0);
        var deviation = Pick(graph, key, found, part => ((FittedMoments)part).StandardDeviation is > 0 and var width ? width : 1, 1);
        return graph.Finite(graph.Node("Div", [graph.Node("Sub", [inputs[0], mean]), deviation]));
    }
}

/// <summary>The way from the key's least training value to its greatest; where there is none, or the key is unknown, the sigmoid of the number.</summary>
sealed record ScaleToMinMaxPerKey(double Min, double Max) : PerKey
{
    public override TensorKind Kind => TensorKind.Number;

    public override Analyzer CreateAnalyzer() => new PerKeyAnalyzer(() => new RangeAnalyzer());

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var found = (FittedPerKey)fitted!;
        var key = KeyOf(graph, inputs, found);
        var min = Pick(graph, key, found, part => ((FittedRange)part).Min, 0);
        var width = Pick(graph, key, found, part => ((FittedRange)part).Max - ((FittedRange)part).Min, 0);
        var hasWidth = graph.Node("Greater", [width, graph.Scalar(0.0)]);
        var part = graph.Node("Div", [graph.Node("Sub", [inputs[0], min]), graph.Where(hasWidth, width, graph.Scalar(1.0))]);
        return graph.Finite(ScaleToMinMax.Stretch(graph, graph.Where(hasWidth, part, graph.Sigmoid(inputs[0])), Min, Max));
    }
}

/// <summary>Buckets of equal numbers of the key's training examples; none where number or key are missing or the key is unknown.</summary>
sealed record BucketizePerKey(int Buckets) : PerKey
{
    public override TensorKind Kind => TensorKind.Ids;

    public override Analyzer CreateAnalyzer() => new PerKeyAnalyzer(() => new QuantilesAnalyzer(Buckets));

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Buckets;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var found = (FittedPerKey)fitted!;
        var key = KeyOf(graph, inputs, found);
        double[] bounds = [.. found.Parts.SelectMany(part => ((FittedQuantiles)part).Bounds), .. Enumerable.Repeat(0.0, Buckets - 1)];
        var table = graph.Constant(bounds, found.Keys.Count + 1, Buckets - 1);
        var own = graph.Node("Gather", [table, graph.Flat(key)]);
        var reached = graph.Cast(graph.Node("GreaterOrEqual", [inputs[0], own]), OnnxType.Int64);
        var ids = graph.Node("ReduceSum", [reached, graph.Constant([1L])], ("keepdims", 1L));
        var unknown = graph.Node("Or", [graph.IsMissing(inputs[0]), graph.Node("Equal", [key, graph.Scalar((long)found.Keys.Count)])]);
        return graph.Where(unknown, graph.Scalar(-1L), ids);
    }
}

/// <summary>
/// How many bounds a number has reached and how far it is on the way to the next, as 0 to 1: 0 below the first bound, 1 from the
/// last on; the middle where missing.
/// </summary>
abstract record AnyInterpolation : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var bounds = BoundsOf(fitted);
        if (bounds.Count == 0)
            bounds = [0];
        var last = bounds.Count;
        var reached = graph.Node("GreaterOrEqual", [inputs[0], graph.Constant([.. bounds], 1, last)]);
        var bucket = graph.Node("ReduceSum", [graph.Cast(reached, OnnxType.Int64), graph.Constant([1L])], ("keepdims", 1L));
        var result = last == 1 ? graph.Cast(bucket, OnnxType.Double) : Interpolate(graph, inputs[0], bucket, bounds);
        return graph.Where(graph.IsMissing(inputs[0]), graph.Scalar(0.5), result);
    }

    protected abstract IReadOnlyList<double> BoundsOf(Fitted? fitted);

    static string Interpolate(OnnxGraph graph, string number, string bucket, IReadOnlyList<double> bounds)
    {
        var last = bounds.Count;
        var low = graph.Node("Gather", [graph.Constant([bounds[0], .. bounds]), bucket]);
        var width = graph.Node("Sub", [graph.Node("Gather", [graph.Constant([.. bounds, bounds[^1]]), bucket]), low]);
        var isFlat = graph.Node("Equal", [width, graph.Scalar(0.0)]);
        var way = graph.Node("Div", [graph.Node("Sub", [number, low]), graph.Where(isFlat, graph.Scalar(1.0), width)]);
        var isOutside = graph.Node("Or", [graph.Node("Equal", [bucket, graph.Scalar(0L)]), graph.Node("Equal", [bucket, graph.Scalar((long)last)])]);
        way = graph.Where(isOutside, graph.Scalar(0.0), graph.Where(isFlat, graph.Scalar(0.5), way));
        var whole = graph.Node("Max", [graph.Node("Sub", [bucket, graph.Scalar(1L)]), graph.Scalar(0L)]);
        return graph.Node("Div", [graph.Node("Add", [graph.Cast(whole, OnnxType.Double), way]), graph.Scalar(last - 1.0)]);
    }
}

/// <inheritdoc/>
sealed record InterpolateAt(IReadOnlyList<double> Bounds) : AnyInterpolation
{
    protected override IReadOnlyList<double> BoundsOf(Fitted? fitted) => Bounds;
}

/// <inheritdoc/>
sealed record InterpolateQuantiles(int Buckets) : AnyInterpolation
{
    public override Analyzer CreateAnalyzer() => new QuantilesAnalyzer(Buckets);

    protected override IReadOnlyList<double> BoundsOf(Fitted? fitted) => ((FittedQuantiles)fitted!).Bounds;
}
