using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>A raw column of lists of texts. The empty one stands for none.</summary>
sealed record TextList(string Column) : Operator
{
    public override TensorKind Kind => TensorKind.Tokens;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Input(Column, OnnxType.String, null, null);
}

/// <summary>
/// All runs of so many tokens beside each other, joined by something: those that begin at the first token, the shorter first, then those
/// that begin at the second.
/// </summary>
sealed record NGrams(int Min, int Max, string Separator) : Operator
{
    public override TensorKind Kind => TensorKind.Tokens;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var tokens = inputs[0];
        var blank = graph.Where(graph.Node("Equal", [tokens, tokens]), graph.Scalar(""), tokens);
        var (run, runs) = (tokens, new List<string>());
        for (var length = 1; length <= Max; length++)
        {
            if (length > 1)
                run = Longer(graph, run, tokens, blank, length - 1);
            if (length >= Min)
                runs.Add(graph.Node("Unsqueeze", [run, graph.Constant([2L])]));
        }

        if (runs.Count == 1)
            return graph.Node("Squeeze", [runs[0], graph.Constant([2L])]);
        var rows = graph.Node("Slice", [graph.Node("Shape", [tokens]), graph.Constant([0L]), graph.Constant([1L])]);
        var width = graph.Node("Mul", [graph.Node("Slice", [graph.Node("Shape", [tokens]), graph.Constant([1L]), graph.Constant([2L])]), graph.Constant([(long)runs.Count])]);
        var shape = graph.Node("Concat", [rows, width], ("axis", 0L));
        return graph.Node("Reshape", [graph.Node("Concat", runs, ("axis", 2L)), shape], ("allowzero", 1L));
    }

    /// <summary>Adds to each run the token so many places behind its first, where there is one.</summary>
    string Longer(OnnxGraph graph, string run, string tokens, string blank, int behind)
    {
        var end = graph.Constant([long.MaxValue]);
        var later = graph.Node("Slice", [tokens, graph.Constant([(long)behind]), end, graph.Constant([1L])]);
        var padding = graph.Node("Slice", [blank, graph.Constant([0L]), graph.Constant([(long)behind]), graph.Constant([1L])]);
        var next = graph.Node("Concat", [later, padding], ("axis", 1L));
        var ends = graph.Node("Or", [graph.IsBlank(run), graph.IsBlank(next)]);
        var joined = graph.Node("StringConcat", [graph.Node("StringConcat", [run, graph.Scalar(Separator)]), next]);
        return graph.Where(ends, graph.Scalar(""), joined);
    }
}

/// <summary>The first tokens of each example.</summary>
sealed record FirstTokens(int Count) : Operator
{
    public override TensorKind Kind => TensorKind.Tokens;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var present = graph.Cast(graph.Node("Not", [graph.IsBlank(inputs[0])]), OnnxType.Int64);
        var position = graph.Node("CumSum", [present, graph.Scalar(1L)]);
        return graph.Where(graph.Node("LessOrEqual", [position, graph.Scalar((long)Count)]), inputs[0], graph.Scalar(""));
    }
}

/// <summary>The same number of ids for each example: the first ones, and behind them an id of its own, the last, as padding.</summary>
sealed record PaddedIds(int Length) : Operator
{
    public override TensorKind Kind => TensorKind.TokenIds;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => sizeOf(0) + 1;

    public override string Emit(Lowering at)
    {
        var graph = at.Graph;
        var isId = graph.Node("GreaterOrEqual", [at.Inputs[0], graph.Scalar(0L)]);
        var position = graph.Node("CumSum", [graph.Cast(isId, OnnxType.Int64), graph.Scalar(1L)], ("exclusive", 1L));
        var fits = graph.Node("And", [isId, graph.Node("Less", [position, graph.Scalar((long)Length)])]);
        var place = graph.Where(fits, position, graph.Scalar((long)Length));
        var padding = graph.Node("Expand", [graph.Scalar((long)at.SizeOf(0)), graph.RowsBy(at.Inputs[0], Length + 1)]);
        var filled = graph.Node("ScatterElements", [padding, place, at.Inputs[0]], ("axis", 1L));

        // The last place took what fits nowhere.
        return graph.Node("Slice", [filled, graph.Constant([0L]), graph.Constant([(long)Length]), graph.Constant([1L])]);
    }
}

/// <summary>How often each id occurs in an example, as a vector.</summary>
abstract record BagOfIds : Operator
{
    public override TensorKind Kind => TensorKind.Vector;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => sizeOf(0);

    protected static string Counts(Lowering at)
    {
        var (graph, ids, size) = (at.Graph, at.Inputs[0], at.SizeOf(0));
        var place = graph.Where(graph.Node("Less", [ids, graph.Scalar(0L)]), graph.Scalar((long)size), ids);
        var zeros = graph.Node("Expand", [graph.Scalar(0.0), graph.RowsBy(ids, size + 1)]);
        var ones = graph.Node("Expand", [graph.Scalar(1.0), graph.Node("Shape", [ids])]);
        var counts = graph.Node("ScatterElements", [zeros, place, ones], ("axis", 1L), ("reduction", "add"));

        // The last place took what is no id.
        return graph.Node("Slice", [counts, graph.Constant([0L]), graph.Constant([(long)size]), graph.Constant([1L])]);
    }
}

/// <summary>Counts of ids.</summary>
sealed record CountIds : BagOfIds
{
    public override string Emit(Lowering at) => Counts(at);
}

/// <summary>1 for each id that occurs, 0 for others.</summary>
sealed record MultiHot : BagOfIds
{
    public override string Emit(Lowering at) =>
        at.Graph.Cast(at.Graph.Node("Greater", [Counts(at), at.Graph.Scalar(0.0)]), OnnxType.Double);
}

/// <summary>
/// The share of an example's ids that each is, times 1 + ln((N + 1) ÷ (n + 1)), where n of N training examples have it; without
/// smoothing 1 + ln(N ÷ n), and 0 for ids that no training example has.
/// </summary>
sealed record TfIdf(bool Smooth) : BagOfIds
{
    public override Analyzer CreateAnalyzer() => new DocumentsAnalyzer();

    public override string Emit(Lowering at)
    {
        var (graph, found) = (at.Graph, (FittedDocuments)at.Fitted!);
        var counts = Counts(at);
        var isId = graph.Cast(graph.Node("GreaterOrEqual", [at.Inputs[0], graph.Scalar(0L)]), OnnxType.Int64);
        var all = graph.Cast(graph.Node("ReduceSum", [isId, graph.Constant([1L])], ("keepdims", 1L)), OnnxType.Double);
        var share = graph.Node("Div", [counts, graph.Node("Max", [all, graph.Scalar(1.0)])]);
        var weights = new double[at.SizeOf(0)];
        for (var id = 0; id < weights.Length; id++)
            weights[id] = Weight(found.With.ElementAtOrDefault(id), found.Count);
        return graph.Node("Mul", [share, graph.Constant(weights, 1, weights.Length)]);
    }

    double Weight(long with, long all) =>
        Smooth ? 1 + Math.Log((all + 1.0) / (with + 1.0))
        : with == 0 ? 0
        : 1 + Math.Log((double)all / with);
}

/// <summary>Two ids as one: the first times the number of the second, plus the second; none where either is missing.</summary>
sealed record CrossIds : Operator
{
    public override TensorKind Kind => TensorKind.Ids;

    public override int Size(Fitted? fitted, Func<int, int> sizeOf) => checked(sizeOf(0) * sizeOf(1));

    public override string Emit(Lowering at)
    {
        var graph = at.Graph;
        var both = graph.Node("Add", [graph.Node("Mul", [at.Inputs[0], graph.Scalar((long)at.SizeOf(1))]), at.Inputs[1]]);
        var missing = graph.Node("Less", [graph.Node("Min", [at.Inputs[0], at.Inputs[1]]), graph.Scalar(0L)]);
        return graph.Where(missing, graph.Scalar(-1L), both);
    }
}
