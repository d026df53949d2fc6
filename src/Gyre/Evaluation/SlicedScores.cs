using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>Collects the predictions of a model, and of a baseline if there is one, with what is needed to slice them.</summary>
sealed class SlicedScores(string split, IReadOnlyList<string> sliceColumns, bool hasBaseline)
{
    readonly Dictionary<string, List<int>>[] _slices =
        [.. sliceColumns.Select(_ => new Dictionary<string, List<int>>(StringComparer.Ordinal))];

    int _rows;

    public BinaryScores Model { get; } = new();

    public BinaryScores? Baseline { get; } = hasBaseline ? new() : null;

    /// <summary>Examples without a label; no metric counts them.</summary>
    public int Unlabelled { get; private set; }

    /// <param name="batch">The examples, with the columns to slice by.</param>
    /// <param name="labels">1, 0 or NaN where missing.</param>
    /// <param name="model">The model's predictions.</param>
    /// <param name="baseline">The baseline's predictions; null when there is none.</param>
    /// <exception cref="InvalidDataException">A prediction is no probability.</exception>
    public void Add(ExampleBatch batch, float[] labels, float[] model, float[]? baseline)
    {
        var values = sliceColumns.Select(batch.Text).ToArray();
        for (var row = 0; row < batch.Rows; row++, _rows++)
        {
            RequireProbability(model[row], "model");
            if (baseline is not null)
                RequireProbability(baseline[row], "baseline");
            if (float.IsNaN(labels[row]))
            {
                Unlabelled++;
                continue;
            }

            for (var column = 0; column < values.Length; column++)
                PositionsOf(_slices[column], values[column][row] ?? "").Add(Model.Count);
            Model.Add(model[row], labels[row] > 0);
            Baseline?.Add(baseline![row], labels[row] > 0);
        }
    }

    /// <summary>All examples together.</summary>
    public SliceEvaluation Overall(double decisionThreshold) => new(
        [],
        BinaryMetrics.Of(Model, decisionThreshold),
        Baseline is null ? null : BinaryMetrics.Of(Baseline, decisionThreshold));

    /// <summary>The slices of at least so many examples, see <see cref="EvaluationReport.Slices"/>.</summary>
    public IReadOnlyList<SliceEvaluation> Slices(double decisionThreshold, int minExamples) =>
    [
        .. sliceColumns.SelectMany((column, index) => _slices[index]
            .Where(slice => slice.Value.Count >= minExamples)
            .OrderBy(slice => slice.Key.Length == 0)
            .ThenBy(slice => slice.Key, StringComparer.Ordinal)
            .Select(slice => new SliceEvaluation(
                [new SliceTerm(column, slice.Key.Length == 0 ? null : slice.Key)],
                BinaryMetrics.Of(Model.At(slice.Value), decisionThreshold),
                Baseline is null ? null : BinaryMetrics.Of(Baseline.At(slice.Value), decisionThreshold)))),
    ];

    /// <summary>What <see cref="Slices"/> leaves out; columns without such slices are not listed.</summary>
    public IReadOnlyList<SmallSlices> SmallSlices(int minExamples) =>
    [
        .. sliceColumns
            .Select((column, index) => (column, small: _slices[index].Values.Where(positions => positions.Count < minExamples).ToList()))
            .Where(column => column.small.Count > 0)
            .Select(column => new SmallSlices(column.column, column.small.Count, column.small.Sum(positions => positions.Count))),
    ];

    void RequireProbability(float prediction, string whose)
    {
        if (prediction is not (>= 0 and <= 1))
        {
            throw new InvalidDataException(
                $"The {whose} predicts {prediction.ToString(System.Globalization.CultureInfo.InvariantCulture)} for example {_rows + 1} of the "
                + $"split '{split}'. Expected a probability from 0 to 1: train the model again, with a lower learning rate if its loss was not a number.");
        }
    }

    static List<int> PositionsOf(Dictionary<string, List<int>> slices, string value)
    {
        if (!slices.TryGetValue(value, out var positions))
            slices[value] = positions = [];
        return positions;
    }
}
