using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>
/// The mean label of the training examples with the same text, drawn towards the mean of all as if so many more examples had that. A
/// training example gets it from the examples outside its own fold, so that it never sees its own label; any other gets it from all. Folds
/// take turns along the rows of each file.
/// </summary>
sealed record TargetMean(int Folds, double Smoothing) : Operator
{
    /// <summary>The input of the training graph with the position of each example in its file, double [N, 1].</summary>
    public const string RowInput = "/row";

    public override TensorKind Kind => TensorKind.Number;

    public override bool DiffersInTraining => true;

    public override Analyzer CreateAnalyzer() => new TargetAnalyzer(Folds, Smoothing);

    public override string? WrongLabel(LearningTask task) => task is LearningTask.Binary or LearningTask.Regression or LearningTask.Ranking
        ? null
        : "TargetMean takes the mean of the label, but the label is a class among several. Leave it out, or use Vocabulary(new VocabularyOptions { ByInformation = new() }).";

    public override string Emit(Lowering at)
    {
        var (graph, found) = (at.Graph, (FittedTargets)at.Fitted!);
        var id = graph.Lookup(at.Inputs[0], found.Keys, unknown: found.Keys.Count, missing: found.Keys.Count);
        if (!at.IsTraining)
            return graph.Node("Gather", [graph.Constant([.. found.All]), id]);
        var row = graph.HasInput(RowInput) ? RowInput : graph.Input(RowInput, OnnxType.Double, null, 1);
        var fold = graph.Node("Mod", [graph.Cast(row, OnnxType.Int64), graph.Scalar((long)Folds)]);
        var place = graph.Node("Add", [graph.Node("Mul", [id, graph.Scalar((long)Folds)]), fold]);
        return graph.Node("Gather", [graph.Constant([.. found.OutsideFolds]), place]);
    }
}
