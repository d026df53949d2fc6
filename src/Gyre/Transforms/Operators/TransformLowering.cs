using Gyre.Onnx;

namespace Gyre.Transforms.Operators;

/// <summary>Pieces of graph that several operators are lowered to.</summary>
static class TransformLowering
{
    /// <summary>Where a text is missing, as bool [N, 1].</summary>
    public static string IsBlank(this OnnxGraph graph, string texts) => graph.Node("Equal", [texts, graph.Scalar("")]);

    public static string Where(this OnnxGraph graph, string condition, string then, string otherwise) =>
        graph.Node("Where", [condition, then, otherwise]);

    /// <summary>Where a number is other than 0, as bool; a missing one is, too.</summary>
    public static string Holds(this OnnxGraph graph, string numbers) => graph.Node("Not", [graph.Node("Equal", [numbers, graph.Scalar(0.0)])]);

    public static string IsMissing(this OnnxGraph graph, string numbers) => graph.Node("IsNaN", [numbers]);

    /// <summary>Takes what is infinite as missing, so that no operator behind needs to think of it.</summary>
    public static string Finite(this OnnxGraph graph, string numbers) =>
        graph.Where(graph.Node("IsInf", [numbers]), graph.Scalar(double.NaN), numbers);

    /// <summary>
    /// The natural logarithm. ONNX Runtime computes most of a tensor eight at a time and what is left over one by one, by
    /// another formula, which can differ in the last bit; eight more numbers at the end see to it that no example is left
    /// over, so that the result does not depend on where in a batch an example stands.
    /// </summary>
    public static string Log(this OnnxGraph graph, string numbers) => graph.Elementwise("Log", numbers);

    /// <summary>A function of each element of a tensor double [N, 1], the same wherever in a batch an example stands, see <see cref="Log"/>.</summary>
    public static string Elementwise(this OnnxGraph graph, string function, string numbers)
    {
        const int Lanes = 8;
        var padding = new double[Lanes];
        Array.Fill(padding, 1);
        var padded = graph.Node("Concat", [numbers, graph.Constant(padding, Lanes, 1)], ("axis", 0L));
        return graph.Node("Slice", [graph.Node(function, [padded]), graph.Constant([0L]), graph.Constant([-(long)Lanes]), graph.Constant([0L])]);
    }

    /// <summary>1 ÷ (1 + e^−x).</summary>
    public static string Sigmoid(this OnnxGraph graph, string numbers)
    {
        var power = graph.Elementwise("Exp", graph.Node("Neg", [numbers]));
        return graph.Node("Reciprocal", [graph.Node("Add", [power, graph.Scalar(1.0)])]);
    }

    /// <summary>The same texts without their second dimension, as operators want them that take vectors only.</summary>
    public static string Flat(this OnnxGraph graph, string texts) => graph.Node("Reshape", [texts, graph.Constant([-1L])]);

    public static string Column(this OnnxGraph graph, string vector) => graph.Node("Reshape", [vector, graph.Constant([-1L, 1L])]);

    /// <summary>All matches of a pattern, left to right, padded with empty texts: string [N, D]; D is 0 when no text has any.</summary>
    public static string Matches(this OnnxGraph graph, string texts, string pattern) => graph.Node(
        OnnxGraph.Microsoft, "Tokenizer", [graph.Flat(texts)], 1,
        ("mark", 0L), ("mincharnum", 1L), ("pad_value", ""), ("tokenexp", pattern))[0];

    /// <summary>How many texts in each row are not empty, as double [N, 1].</summary>
    public static string CountTexts(this OnnxGraph graph, string tokens)
    {
        var present = graph.Cast(graph.Node("Not", [graph.IsBlank(tokens)]), OnnxType.Int64);
        return graph.Cast(graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 1L)), OnnxType.Double);
    }

    /// <summary>A hash of each text from 0 to <paramref name="count"/> − 1 (MurmurHash3 of its UTF-8 bytes, 32 bits, unsigned).</summary>
    public static string Hash(this OnnxGraph graph, string texts, int count)
    {
        var hash = graph.Node(OnnxGraph.Microsoft, "MurmurHash3", [texts], 1, ("positive", 1L))[0];
        return graph.Node("Mod", [graph.Cast(hash, OnnxType.Int64), graph.Scalar((long)count)]);
    }

    /// <summary>Looks texts up: the position of a known one, <paramref name="missing"/> for the empty one, <paramref name="unknown"/> for any other.</summary>
    public static string Lookup(this OnnxGraph graph, string texts, IReadOnlyList<string> known, long unknown, long missing = -1)
    {
        var ids = new long[known.Count + 1];
        for (var i = 0; i < known.Count; i++)
            ids[i] = i;
        ids[^1] = missing;
        return graph.Node(
            OnnxGraph.Ml, "LabelEncoder", [texts], 1,
            ("keys_strings", (string[])[.. known, ""]), ("values_int64s", ids), ("default_int64", unknown))[0];
    }

    /// <summary>A shape: as many rows as a tensor has, and so many columns.</summary>
    public static string RowsBy(this OnnxGraph graph, string tensor, int columns)
    {
        var rows = graph.Node("Slice", [graph.Node("Shape", [tensor]), graph.Constant([0L]), graph.Constant([1L])]);
        return graph.Node("Concat", [rows, graph.Constant([(long)columns])], ("axis", 0L));
    }

    /// <summary>Adds a last column of −1, so that there is at least one even where no text has any token.</summary>
    public static string PadIds(this OnnxGraph graph, string ids)
    {
        var blank = graph.Node("Expand", [graph.Constant([-1L], 1, 1), graph.RowsBy(ids, 1)]);
        return graph.Node("Concat", [ids, blank], ("axis", 1L));
    }
}
