using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>What a model decides on the examples that were watched, class by class. Where examples have weights, shares are by weight.</summary>
/// <param name="Split">The split.</param>
/// <param name="Classes">The classes in the order of the label; of a binary label «no» and «yes».</param>
public sealed record TrainingOutcome(string Split, IReadOnlyList<ClassOutcome> Classes)
{
    /// <summary>A probability above it counts as yes.</summary>
    const float Threshold = 0.5f;

    /// <summary>How many examples of each class, a row to each, were taken for which, a column to each; null where an example may have several classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Counts decisions; null for labels without classes, and without labelled examples.</summary>
    /// <param name="split">The name of the split.</param>
    /// <param name="label">The label.</param>
    /// <param name="examples">The examples; those without a label are left out.</param>
    /// <param name="predictions">What is predicted of each.</param>
    internal static TrainingOutcome? Of(string split, LabelSpec label, FeatureSet examples, float[] predictions)
    {
        if (!label.HasClasses && label.Task != LearningTask.Binary)
            return null;
        var names = label.HasClasses ? label.Classes : ["no", "yes"];
        var tally = new Tally(names.Count);
        var width = label.OutputWidth;
        for (var row = 0; row < examples.Rows; row++)
        {
            var own = examples.LabelOf(row);
            var predicted = predictions.AsSpan(row * width, width);
            var weight = examples.WeightOf(row);
            if (float.IsNaN(own[0]))
                continue;
            if (label.Task == LearningTask.Multilabel)
                tally.AddEach(own, predicted, weight);
            else if (label.Task == LearningTask.Binary)
                tally.AddOne(own[0] > 0 ? 1 : 0, predicted[0] > Threshold ? 1 : 0, weight);
            else
                tally.AddOne((int)own[0], TensorPrimitives.IndexOfMax(predicted), weight);
        }

        return tally.Rows == 0 ? null : new TrainingOutcome(split, tally.Classes(names)) { Confusion = label.Task == LearningTask.Multilabel ? null : tally.Confusion };
    }

    sealed class Tally(int classes)
    {
        readonly double[] _labels = new double[classes];
        readonly double[] _decisions = new double[classes];
        readonly double[] _right = new double[classes];
        readonly int[] _examples = new int[classes];
        readonly int[] _taken = new int[classes];
        readonly int[,] _pairs = new int[classes, classes];

        public int Rows { get; private set; }

        public IReadOnlyList<IReadOnlyList<int>> Confusion =>
            [.. Enumerable.Range(0, classes).Select(row => (IReadOnlyList<int>)[.. Enumerable.Range(0, classes).Select(column => _pairs[row, column])])];

        public void AddOne(int label, int decision, double weight)
        {
            Rows++;
            _pairs[label, decision]++;
            Add(label, isLabel: true, isDecision: label == decision, weight);
            if (label != decision)
                Add(decision, isLabel: false, isDecision: true, weight);
        }

        public void AddEach(ReadOnlySpan<float> labels, ReadOnlySpan<float> predictions, double weight)
        {
            Rows++;
            for (var i = 0; i < labels.Length; i++)
                Add(i, labels[i] > 0, predictions[i] > Threshold, weight);
        }

        public IReadOnlyList<ClassOutcome> Classes(IReadOnlyList<string> names) =>
            [.. names.Select((name, i) => new ClassOutcome(name, _examples[i], _taken[i], Share(_right[i], _decisions[i]), Share(_right[i], _labels[i])))];

        void Add(int at, bool isLabel, bool isDecision, double weight)
        {
            if (isLabel)
                (_examples[at], _labels[at]) = (_examples[at] + 1, _labels[at] + weight);
            if (isDecision)
                (_taken[at], _decisions[at]) = (_taken[at] + 1, _decisions[at] + weight);
            if (isLabel && isDecision)
                _right[at] += weight;
        }

        static double? Share(double part, double whole) => whole > 0 ? part / whole : null;
    }
}

/// <summary>How well a class is found.</summary>
/// <param name="Name">The class.</param>
/// <param name="Examples">How many examples are of it.</param>
/// <param name="Taken">How many were taken for it.</param>
/// <param name="Precision">The share of its examples among those taken for it; null when there are none.</param>
/// <param name="Recall">The share of its examples that were taken for it; null when there are none.</param>
public sealed record ClassOutcome(string Name, int Examples, int Taken, double? Precision, double? Recall);
