namespace Gyre.Evaluation;

/// <summary>Predictions beside their labels, in the order of the examples.</summary>
sealed class BinaryScores
{
    readonly List<float> _predictions = [];
    readonly List<bool> _labels = [];

    public int Count => _predictions.Count;

    /// <summary>How many labels are positive.</summary>
    public int Positives { get; private set; }

    public void Add(float prediction, bool label)
    {
        _predictions.Add(prediction);
        _labels.Add(label);
        if (label)
            Positives++;
    }

    public float Prediction(int index) => _predictions[index];

    public bool Label(int index) => _labels[index];

    /// <summary>The examples at the given positions, in that order.</summary>
    public BinaryScores At(IReadOnlyList<int> positions)
    {
        var result = new BinaryScores();
        foreach (var position in positions)
            result.Add(_predictions[position], _labels[position]);
        return result;
    }

    /// <summary>
    /// The groups of equal predictions, the highest prediction first: ties are one step of every curve, so no metric
    /// depends on the order of the examples.
    /// </summary>
    public IEnumerable<ScoreGroup> Descending()
    {
        var predictions = _predictions.ToArray();
        var labels = _labels.ToArray();
        Array.Sort(predictions, labels);
        for (var end = predictions.Length; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && predictions[start - 1] == predictions[end - 1])
                start--;
            var positives = labels.AsSpan(start, end - start).Count(value: true);
            yield return new ScoreGroup(predictions[start], positives, end - start - positives);
            end = start;
        }
    }
}

/// <summary>Examples with the same prediction.</summary>
sealed record ScoreGroup(float Prediction, int Positives, int Negatives);
