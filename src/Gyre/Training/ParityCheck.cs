using System.Globalization;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms;

namespace Gyre.Training;

/// <summary>
/// Compares what a finished model predicts from raw examples with what its trainer predicted from the transformed ones. A
/// vocabulary, boundary or weight out of step shows here, and nowhere else before users notice.
/// </summary>
sealed class ParityCheck(OnnxModel model, LabelReader labels, string split)
{
    /// <summary>Far above rounding in single precision, far below anything that matters. Of numbers beyond 1 this share of themselves.</summary>
    const double Allowed = 1e-5;

    const int BatchRows = 1024;
    const int Shown = 5;

    readonly LabelSpec _label = labels.Spec;
    readonly List<string> _differing = [];
    int _differences;

    public string Split => split;

    public int Rows { get; private set; }

    /// <summary>Of two predictions; of those beyond 1 relative to their size.</summary>
    public double LargestDifference { get; private set; }

    /// <param name="rawPaths">The files with the raw examples of the split.</param>
    /// <param name="expected">The trainer's predictions, in the same order, as many to an example as the model has.</param>
    /// <param name="labelledOnly">Whether <paramref name="expected"/> leaves out examples without a label.</param>
    /// <param name="threads">How many batches may run at once.</param>
    /// <param name="cancellationToken">Stops the comparison.</param>
    /// <exception cref="InvalidOperationException">Some predictions differ.</exception>
    public async Task RunAsync(IReadOnlyList<string> rawPaths, float[] expected, bool labelledOnly, int threads, CancellationToken cancellationToken)
    {
        var columns = model.Inputs.Select(input => input.Name).Concat(labelledOnly ? _label.Columns : []).Distinct(StringComparer.Ordinal).ToList();
        var width = _label.OutputWidth;
        var count = expected.Length / width;
        var row = 0;
        await OrderedWork.RunAsync(
            ExampleReader.Read(rawPaths, columns, BatchRows),
            Math.Max(1, threads),
            batch => (Predictions: model.Predict(batch), Labels: labelledOnly ? labels.Read(batch) : null, batch.Rows),
            batch =>
            {
                for (var i = 0; i < batch.Rows; i++, row++)
                {
                    if (batch.Labels is { } own && !own.Has(i, _label.LabelWidth))
                        continue;
                    if (Rows == count)
                        throw new InvalidOperationException($"The split '{split}' has more raw examples than the {count} that were transformed. Run the transform again.");
                    Compare(row, expected.AsSpan(Rows++ * width, width), batch.Predictions.AsSpan(i * width, width));
                }
            },
            cancellationToken);
        if (Rows < count)
            throw new InvalidOperationException($"The split '{split}' has {Rows} raw examples, but {count} were transformed. Run the transform again.");
        if (_differences > 0)
            throw new InvalidOperationException(Explain());
    }

    void Compare(int row, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var (worst, at) = (-1.0, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - actual[i]) / Math.Max(1, Math.Abs((double)expected[i]));
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            if (difference > worst)
                (worst, at) = (difference, i);
        }

        LargestDifference = Math.Max(LargestDifference, worst);
        if (worst <= Allowed)
            return;
        if (_differences++ < Shown)
            _differing.Add(string.Create(CultureInfo.InvariantCulture, $"example {row + 1}{(_label.HasClasses ? $", class '{_label.Classes[at]}'" : "")}: {actual[at]:R} instead of {expected[at]:R}"));
    }

    string Explain() => string.Create(
        CultureInfo.InvariantCulture,
        $"model.onnx, fed with the raw examples of the split '{split}', predicts otherwise than the trainer did for {_differences} of {Rows} examples, by up to {LargestDifference:E1} (allowed: {Allowed:E0}): {string.Join("; ", _differing)}. ")
        + "Either the transformed examples are not of this transform (run it again with --force), or the trainer's Append does not say what its Predict computes.";
}
