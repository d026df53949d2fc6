using Gyre.Onnx;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>Learnt trees.</summary>
/// <param name="columns">What the trees look at.</param>
/// <param name="link">What becomes of their sum.</param>
/// <param name="texts">LightGBM's text of the trees: one, or one for each label.</param>
/// <param name="outputs">How many numbers are predicted for each example.</param>
/// <param name="threads">How many threads may predict; the result does not depend on it.</param>
/// <param name="epochs">How learning went.</param>
sealed class LightGbmModel(TreeColumns columns, TreeLink link, IReadOnlyList<string> texts, int outputs, int threads, IReadOnlyList<EpochSummary> epochs) : ITrainedModel
{
    /// <summary>How many values LightGBM is given at once.</summary>
    const int PredictionValues = 4_000_000;

    readonly IReadOnlyList<Booster> _boosters = [.. texts.Select(Booster.Load)];

    public IReadOnlyList<EpochSummary> Epochs { get; } = epochs;

    public int? KeptEpoch { get; init; }

    public ImportanceRecord? Importance => TreeImportance.Of(columns, texts);

    public IReadOnlyList<string> Texts => texts;

    public float[] Predict(FeatureSet features)
    {
        var result = new float[features.Rows * outputs];
        var batch = Math.Max(1, PredictionValues / (columns.IsSparse ? 1000 : columns.Count));
        for (var first = 0; first < features.Rows; first += batch)
        {
            var matrix = ExampleMatrix.Of(columns, features, first, Math.Min(batch, features.Rows - first));
            for (var i = 0; i < _boosters.Count; i++)
                Place(_boosters[i].Predict(matrix, outputs / _boosters.Count, PredictionKind.Transformed, threads), result.AsSpan(first * outputs), i);
        }

        return result;
    }

    public string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
    {
        using var scope = graph.Scope("trees");
        var trees = texts.SelectMany((text, label) => TreeText.Read(text).Select((tree, i) => (tree, texts.Count > 1 ? label : i % outputs))).ToList();
        var sum = graph.Cast(TreeGraph.Append(graph, columns, trees, outputs, features), OnnxType.Double);
        var prediction = graph.Cast(
            link switch
            {
                TreeLink.Sigmoid => graph.Node("Sigmoid", [sum]),
                TreeLink.Softmax => graph.Node("Softmax", [sum], ("axis", 1)),
                TreeLink.Exponential => graph.Node("Exp", [sum]),
                _ => sum,
            },
            OnnxType.Float);
        return outputs == 1 ? graph.Node("Squeeze", [prediction, graph.Constant([1L])]) : prediction;
    }

    public void SaveWarmStart(string directory) => EarlierTrees.Save(texts, directory);

    public void Dispose()
    {
        foreach (var booster in _boosters)
            booster.Dispose();
    }

    /// <summary>A booster's predictions are all of an example, or the one for its label.</summary>
    void Place(double[] predictions, Span<float> target, int booster)
    {
        var step = _boosters.Count;
        for (var i = 0; i < predictions.Length; i++)
            target[(i * step) + booster] = (float)predictions[i];
    }
}
