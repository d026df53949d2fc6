using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>The principal components of vectors.</summary>
sealed record Pca(int Components) : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override Analyzer CreateAnalyzer() => new CovarianceAnalyzer(Components);

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => Math.Min(Components, sizeOf(0));

    public override string Emit(Lowering at)
    {
        var graph = at.Graph;
        var (means, axes, _, _) = (FittedComponents)at.Fitted!;
        var (width, kept) = (at.SizeOf(0), Math.Min(Components, at.SizeOf(0)));
        if (means.Count == 0)
            (means, axes) = (new double[width], [.. Enumerable.Range(0, kept).Select(_ => new double[width])]);
        var centred = graph.Node("Sub", [at.Inputs[0], graph.Constant([.. means], 1, width)]);

        // Summed up in one order: a product of matrices would add in an order that depends on the number of examples.
        var sum = "";
        for (var i = 0; i < width; i++)
        {
            var part = graph.Node("Slice", [centred, graph.Constant([(long)i]), graph.Constant([i + 1L]), graph.Constant([1L])]);
            var product = graph.Node("Mul", [part, graph.Constant([.. axes.Select(axis => axis[i])], 1, kept)]);
            sum = i == 0 ? product : graph.Node("Add", [sum, product]);
        }

        return graph.Where(graph.Node("Or", [graph.Node("IsInf", [sum]), graph.Node("IsNaN", [sum])]), graph.Scalar(0.0), sum);
    }
}
