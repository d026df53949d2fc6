namespace Gyre.Evaluation;

/// <summary>The metrics of a regression.</summary>
static class RegressionMetrics
{
    public static MetricValues Of(ExampleScores scores)
    {
        var total = scores.TotalWeight;
        if (!(total > 0))
            return new MetricValues { ExampleCount = scores.Count };
        double labels = 0, predictions = 0, sizes = 0, squares = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            var weight = scores.Weight(i);
            double label = scores.LabelOf(i)[0], prediction = scores.Prediction(i)[0];
            labels += weight * label;
            predictions += weight * prediction;
            sizes += weight * Math.Abs(prediction - label);
            squares += weight * ((prediction - label) * (prediction - label));
        }

        // In a second pass about the mean: the difference of two large squares would lose digits.
        var mean = labels / total;
        double spread = 0;
        for (var i = 0; i < scores.Count; i++)
            spread += scores.Weight(i) * ((scores.LabelOf(i)[0] - mean) * (scores.LabelOf(i)[0] - mean));
        return new MetricValues
        {
            ExampleCount = scores.Count,
            Mse = squares / total,
            Rmse = Math.Sqrt(squares / total),
            Mae = sizes / total,
            R2 = spread > 0 ? 1 - (squares / spread) : null,
            MeanLabel = mean,
            MeanPrediction = predictions / total,
        };
    }
}
