namespace Gyre.Evaluation;

/// <summary>Predictions beside their labels, in the order of the examples.</summary>
sealed class BinaryScores
{
    readonly List<float> _predictions = [];
    readonly List<bool> _labels = [];
    readonly List<float> _weights = [];

    public int Count => _predictions.Count;

    /// <summary>How many labels are positive.</summary>
    public int Positives { get; private set; }

    /// <summary>The weight of the positive examples; their number where there are no weights.</summary>
    public double PositiveWeight { get; private set; }

    /// <summary>The weight of all examples; their number where there are no weights.</summary>
    public double TotalWeight { get; private set; }

    public void Add(float prediction, bool label)
    {
        _predictions.Add(prediction);
        _labels.Add(label);
        TotalWeight++;
        if (!label)
            return;
        Positives++;
        PositiveWeight++;
    }

    /// <summary>Adds an example with a weight; then all must have one.</summary>
    public void Add(float prediction, bool label, float weight)
    {
        _predictions.Add(prediction);
        _labels.Add(label);
        _weights.Add(weight);
        TotalWeight += weight;
        if (!label)
            return;
        Positives++;
        PositiveWeight += weight;
    }

    public float Prediction(int index) => _predictions[index];

    public bool Label(int index) => _labels[index];

    public double Weight(int index) => _weights.Count > 0 ? _weights[index] : 1;

    /// <summary>The examples at the given positions, in that order.</summary>
    public BinaryScores At(IReadOnlyList<int> positions)
    {
        var result = new BinaryScores();
        foreach (var position in positions)
        {
            if (_weights.Count > 0)
                result.Add(_predictions[position], _labels[position], _weights[position]);
            else
                result.Add(_predictions[position], _labels[position]);
        }

        return result;
    }

    /// <summary>
    /// The groups of equal predictions, the highest prediction first: ties are one step of every curve, so no metric
    /// depends on the order of the examples.
    /// </summary>
    public IEnumerable<ScoreGroup> Descending()
    {
        var predictions = _predictions.ToArray();
        var order = Enumerable.Range(0, predictions.Length).ToArray();
        Array.Sort(predictions, order);
        for (var end = predictions.Length; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && predictions[start - 1] == predictions[end - 1])
                start--;
            double positives = 0, negatives = 0;
            foreach (var index in order.AsSpan(start, end - start))
            {
                if (_labels[index])
                    positives += Weight(index);
                else
                    negatives += Weight(index);
            }

            yield return new ScoreGroup(predictions[start], positives, negatives);
            end = start;
        }
    }
}

/// <summary>Examples with the same prediction: the weight of the positive and of the negative ones, without weights their numbers.</summary>
sealed record ScoreGroup(float Prediction, double Positives, double Negatives);
