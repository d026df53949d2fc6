using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>A raw column of texts.</summary>
sealed record Text(string Column) : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Input(Column, OnnxType.String, null, 1);
}

sealed record FillMissingText(string Value) : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Where(graph.IsBlank(inputs[0]), graph.Scalar(Value), inputs[0]);
}

sealed record FillMissingTextWithMostFrequent : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override Analyzer CreateAnalyzer() => new VocabularyAnalyzer(1, 1);

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        ((FittedVocabulary)fitted!).Values is [var text] ? graph.Where(graph.IsBlank(inputs[0]), graph.Scalar(text), inputs[0]) : inputs[0];
}

/// <summary>1 where the text is one of some, otherwise 0.</summary>
sealed record IsOneOf(IReadOnlyList<string> Texts) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var found = graph.Lookup(inputs[0], Texts, unknown: -1);
        return graph.Cast(graph.Node("GreaterOrEqual", [found, graph.Scalar(0L)]), OnnxType.Double);
    }
}

/// <summary>Two texts with something between them; missing where either is.</summary>
sealed record JoinTexts(string Separator) : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var begun = graph.Node("StringConcat", [inputs[0], graph.Scalar(Separator)]);
        var missing = graph.Node("Or", [graph.IsBlank(inputs[0]), graph.IsBlank(inputs[1])]);
        return graph.Where(missing, graph.Scalar(""), graph.Node("StringConcat", [begun, inputs[1]]));
    }
}

/// <summary>Only A to Z: lower case beyond ASCII would depend on which locales a machine has installed.</summary>
sealed record Lower : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Column(
        graph.Node("StringNormalizer", [graph.Flat(inputs[0])], ("case_change_action", "LOWER"), ("locale", "C")));
}

/// <summary>The first match of a pattern, missing where there is none.</summary>
sealed record Extract(string Pattern) : Operator
{
    public override TensorKind Kind => TensorKind.Text;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        // Without any match in the whole batch there is no first column to take, so a blank one is added.
        var blank = graph.Where(graph.Node("Equal", [inputs[0], inputs[0]]), graph.Scalar(""), inputs[0]);
        var matches = graph.Node("Concat", [graph.Matches(inputs[0], Pattern), blank], ("axis", 1L));
        return graph.Node("Slice", [matches, graph.Constant([0L]), graph.Constant([1L]), graph.Constant([1L])]);
    }
}

/// <summary>1 where the whole text matches a pattern, otherwise 0, also where it is missing.</summary>
sealed record Matches(string Pattern) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var matches = graph.Node("RegexFullMatch", [inputs[0]], ("pattern", Pattern));
        var present = graph.Node("Not", [graph.IsBlank(inputs[0])]);
        return graph.Cast(graph.Node("And", [matches, present]), OnnxType.Double);
    }
}

sealed record IsMissingText : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.Cast(graph.IsBlank(inputs[0]), OnnxType.Double);
}

/// <summary>The number of Unicode code points.</summary>
sealed record Length : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) =>
        graph.CountTexts(graph.Matches(inputs[0], "(?s)."));
}

/// <summary>
/// The number that a text is, missing where it is none. ONNX Runtime's conversion throws for what is no number or too
/// large or small for one, reads «12abc» as 12 and «0x10» as 16; so only what surely is a decimal number reaches it.
/// </summary>
sealed record ToNumber : Operator
{
    /// <summary>Digits and exponent are bounded so that no value leaves the range of a double.</summary>
    const string Decimal = @"[ \t]*[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?[ \t]*";

    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var isNumber = graph.Node("RegexFullMatch", [inputs[0]], ("pattern", Decimal));
        return graph.Cast(graph.Where(isNumber, inputs[0], graph.Scalar("NaN")), OnnxType.Double);
    }
}

/// <summary>All matches of a pattern, in order.</summary>
sealed record Tokens(string Pattern) : Operator
{
    public override TensorKind Kind => TensorKind.Tokens;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.Matches(inputs[0], Pattern);
}

sealed record CountTokens : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted) => graph.CountTexts(inputs[0]);
}
