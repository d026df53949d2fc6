using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Evaluation;

/// <summary>Collects the predictions of a model, and of a baseline if there is one, with what is needed to slice them.</summary>
sealed class SlicedScores(string split, LabelSpec label, IReadOnlyList<string> sliceColumns, bool hasBaseline)
{
    readonly Dictionary<string, List<int>>[] _slices =
        [.. sliceColumns.Select(_ => new Dictionary<string, List<int>>(StringComparer.Ordinal))];

    int _rows;

    public ExampleScores Model { get; } = new(label);

    public ExampleScores? Baseline { get; } = hasBaseline ? new(label) : null;

    /// <summary>Examples without a label; no metric counts them.</summary>
    public int Unlabelled { get; private set; }

    /// <summary>How many of these have a label that the model does not know.</summary>
    public int Unknown { get; private set; }

    /// <param name="batch">The examples, with the columns to slice by.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="model">The model's predictions.</param>
    /// <param name="baseline">The baseline's predictions; null when there is none.</param>
    /// <exception cref="InvalidDataException">A prediction is no probability, or no number.</exception>
    public void Add(ExampleBatch batch, LabelBatch labels, float[] model, float[]? baseline)
    {
        var values = sliceColumns.Select(batch.Text).ToArray();
        var (outputs, width) = (label.OutputWidth, label.LabelWidth);
        Unknown += labels.Unknown;
        for (var row = 0; row < batch.Rows; row++, _rows++)
        {
            RequirePrediction(model.AsSpan(row * outputs, outputs), "model");
            if (baseline is not null)
                RequirePrediction(baseline.AsSpan(row * outputs, outputs), "baseline");
            if (!labels.Has(row, width))
            {
                Unlabelled++;
                continue;
            }

            for (var column = 0; column < values.Length; column++)
                PositionsOf(_slices[column], values[column][row] ?? "").Add(Model.Count);
            Add(Model, model);
            if (Baseline is not null)
                Add(Baseline, baseline!);

            void Add(ExampleScores scores, float[] predictions) => scores.Add(
                predictions.AsSpan(row * outputs, outputs), labels.Values.AsSpan(row * width, width), labels.Weights?[row] ?? 1, labels.Groups?[row]);
        }
    }

    /// <summary>All examples together.</summary>
    public SliceEvaluation Overall(double decisionThreshold) => new(
        [],
        TaskMetrics.Of(Model, decisionThreshold),
        Baseline is null ? null : TaskMetrics.Of(Baseline, decisionThreshold));

    /// <summary>The slices of at least so many examples, see <see cref="EvaluationReport.Slices"/>.</summary>
    public IReadOnlyList<SliceEvaluation> Slices(double decisionThreshold, int minExamples) =>
    [
        .. sliceColumns.SelectMany((column, index) => _slices[index]
            .Where(slice => slice.Value.Count >= minExamples)
            .OrderBy(slice => slice.Key.Length == 0)
            .ThenBy(slice => slice.Key, StringComparer.Ordinal)
            .Select(slice => new SliceEvaluation(
                [new SliceTerm(column, slice.Key.Length == 0 ? null : slice.Key)],
                TaskMetrics.Of(Model.At(slice.Value), decisionThreshold),
                Baseline is null ? null : TaskMetrics.Of(Baseline.At(slice.Value), decisionThreshold)))),
    ];

    /// <summary>What <see cref="Slices"/> leaves out; columns without such slices are not listed.</summary>
    public IReadOnlyList<SmallSlices> SmallSlices(int minExamples) =>
    [
        .. sliceColumns
            .Select((column, index) => (column, small: _slices[index].Values.Where(positions => positions.Count < minExamples).ToList()))
            .Where(column => column.small.Count > 0)
            .Select(column => new SmallSlices(column.column, column.small.Count, column.small.Sum(positions => positions.Count))),
    ];

    void RequirePrediction(ReadOnlySpan<float> predictions, string whose)
    {
        var isProbability = label.Task == LearningTask.Binary || label.HasClasses;
        foreach (var prediction in predictions)
        {
            if (isProbability ? prediction is >= 0 and <= 1 : float.IsFinite(prediction))
                continue;
            throw new InvalidDataException(
                $"The {whose} predicts {prediction.ToString(System.Globalization.CultureInfo.InvariantCulture)} for example {_rows + 1} of the "
                + $"split '{split}'. Expected {(isProbability ? "a probability from 0 to 1" : "a number")}: train the model again, with a lower learning rate if its loss was not a number.");
        }
    }

    static List<int> PositionsOf(Dictionary<string, List<int>> slices, string value)
    {
        if (!slices.TryGetValue(value, out var positions))
            slices[value] = positions = [];
        return positions;
    }
}
