using Gyre.Data;
using Gyre.Onnx;
using Gyre.Torch.Layers;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Learning;

/// <summary>Numbers: half the squared error of the label brought to mean 0 and deviation 1, so that steps mean the same in any unit.</summary>
sealed class RegressionHead(TaskTargets targets) : TaskHead
{
    readonly float _mean = targets.Mean;
    readonly float _deviation = targets.Deviation;

    public override Arithmetic Arithmetic => Arithmetic.Double;

    public override IReadOnlyList<WatchedMetric> Metrics => MetricsOf(LearningTask.Regression);

    public override IReadOnlyList<float> StartingOutputs => [0];

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows)
    {
        var error = outputs - ((Gather(targets.Labels, rows) - _mean) / _deviation);
        var squares = error * error / 2;
        return (targets.Weights is null ? squares : squares * Gather(targets.Weights, rows)).mean();
    }

    public override Tensor Predict(Tensor outputs) => ((outputs.to(float64) * (double)_deviation) + (double)_mean).to(float32);

    public override string Append(OnnxGraph graph, string outputs)
    {
        var numbers = graph.Node("Add", [graph.Node("Mul", [outputs, graph.Scalar((double)_deviation)]), graph.Scalar((double)_mean)]);
        return Squeeze(graph, graph.Cast(numbers, OnnxType.Float));
    }

    public override IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples)
    {
        var (squares, sizes, total) = (0.0, 0.0, 0.0);
        for (var row = 0; row < predictions.Length; row++)
        {
            var (error, weight) = ((double)predictions[row] - examples.Labels[row], examples.WeightOf(row));
            squares += weight * error * error;
            sizes += weight * Math.Abs(error);
            total += weight;
        }

        return [Math.Sqrt(squares / total), sizes / total];
    }
}

/// <summary>
/// Orders within groups: the mean over pairs of different relevance of log(1 + exp(score of the less relevant − score of the
/// more relevant)) (Burges et al., 2005, RankNet). Steps hold whole groups.
/// </summary>
sealed class RankingHead(TaskTargets targets) : TaskHead
{
    /// <summary>Of more pairs in one step evenly spread ones are taken.</summary>
    const int MostPairs = 1 << 20;

    public override IReadOnlyList<WatchedMetric> Metrics => MetricsOf(LearningTask.Ranking);

    public override IReadOnlyList<float> StartingOutputs => [0];

    public override Tensor Loss(Tensor outputs, ReadOnlySpan<int> rows)
    {
        var (above, below) = Pairs(rows);
        if (above.Count == 0)
            return outputs.sum() * 0;
        var scores = outputs.squeeze(1);
        var losses = nn.functional.softplus(scores[tensor(below)] - scores[tensor(above)]);
        if (targets.Weights is not { } weights)
            return losses.mean();
        var counts = new float[above.Count];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = weights[rows[(int)above[i]]];
        return (losses * tensor(counts)).mean();
    }

    public override Tensor Predict(Tensor outputs) => outputs;

    public override string Append(OnnxGraph graph, string outputs) => Squeeze(graph, outputs);

    public override IReadOnlyList<double> Measure(float[] predictions, FeatureSet examples)
    {
        var gains = examples.RowsByGroup().Select(rows => Ndcg(rows, predictions, examples.Labels)).Where(value => !double.IsNaN(value)).ToList();
        return [gains.Count == 0 ? double.NaN : gains.Average()];
    }

    /// <summary>
    /// (2^relevance − 1) / log2(1 + place), summed in the order of the scores, as a share of the best order's; equal scores share
    /// their places. NaN where nothing is relevant.
    /// </summary>
    static double Ndcg(int[] rows, float[] scores, float[] labels)
    {
        double Gain(int row) => Math.Pow(2, labels[row]) - 1;
        static double Discount(int place) => 1 / Math.Log2(2 + place);
        var best = rows.Select(Gain).OrderDescending().Select((gain, place) => gain * Discount(place)).Sum();
        var (sum, place) = (0.0, 0);
        foreach (var tied in rows.GroupBy(row => scores[row]).OrderByDescending(group => group.Key).Select(group => group.ToList()))
        {
            sum += tied.Average(Gain) * Enumerable.Range(place, tied.Count).Sum(Discount);
            place += tied.Count;
        }

        return best == 0 ? double.NaN : sum / best;
    }

    (List<long> Above, List<long> Below) Pairs(ReadOnlySpan<int> rows)
    {
        var (above, below) = (new List<long>(), new List<long>());
        for (var start = 0; start < rows.Length;)
        {
            var end = start + 1;
            while (end < rows.Length && targets.Groups![rows[end]] == targets.Groups[rows[start]])
                end++;
            for (var i = start; i < end; i++)
            {
                for (var j = start; j < end; j++)
                {
                    if (targets.Labels[rows[i]] > targets.Labels[rows[j]])
                        (above, below) = (Add(above, i), Add(below, j));
                }
            }

            start = end;
        }

        return above.Count <= MostPairs ? (above, below) : (Spread(above), Spread(below));
    }

    static List<long> Add(List<long> list, int value)
    {
        list.Add(value);
        return list;
    }

    static List<long> Spread(List<long> list) => [.. Enumerable.Range(0, MostPairs).Select(i => list[(int)((long)i * list.Count / MostPairs)])];
}
