using Gyre.Data;

namespace Gyre.Evaluation;

/// <summary>Predictions beside their labels, weights and groups, in the order of the examples; all of them have a label.</summary>
sealed class ExampleScores(LabelSpec label)
{
    readonly List<float> _predictions = [];
    readonly List<float> _labels = [];
    readonly List<float> _weights = [];
    readonly List<string> _groups = [];

    public LabelSpec Label => label;

    public int Count { get; private set; }

    public bool IsWeighted => label.Weight is not null;

    public void Add(ReadOnlySpan<float> prediction, ReadOnlySpan<float> labels, float weight, string? group)
    {
        _predictions.AddRange(prediction);
        _labels.AddRange(labels);
        if (IsWeighted)
            _weights.Add(weight);
        if (label.Group is not null)
            _groups.Add(group ?? "");
        Count++;
    }

    public ReadOnlySpan<float> Prediction(int index) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_predictions).Slice(index * label.OutputWidth, label.OutputWidth);

    public ReadOnlySpan<float> LabelOf(int index) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_labels).Slice(index * label.LabelWidth, label.LabelWidth);

    public double Weight(int index) => IsWeighted ? _weights[index] : 1;

    public string Group(int index) => _groups[index];

    /// <summary>The weight of all examples together.</summary>
    public double TotalWeight => IsWeighted ? _weights.Sum(weight => (double)weight) : Count;

    /// <summary>The examples at the given positions, in that order.</summary>
    public ExampleScores At(IReadOnlyList<int> positions)
    {
        var result = new ExampleScores(label);
        foreach (var position in positions)
            result.Add(Prediction(position), LabelOf(position), (float)Weight(position), label.Group is null ? null : _groups[position]);
        return result;
    }

    /// <summary>One output against one number of the label, as yes and no.</summary>
    /// <param name="output">Which of the predictions.</param>
    /// <param name="isPositive">Which labels mean yes.</param>
    public BinaryScores AsBinary(int output, Func<float[], bool> isPositive)
    {
        var result = new BinaryScores();
        for (var i = 0; i < Count; i++)
        {
            var positive = isPositive(LabelOf(i).ToArray());
            if (IsWeighted)
                result.Add(Prediction(i)[output], positive, _weights[i]);
            else
                result.Add(Prediction(i)[output], positive);
        }

        return result;
    }
}
