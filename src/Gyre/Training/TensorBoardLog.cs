using System.Globalization;
using Google.Protobuf;
using Gyre.Data.TfRecords;
using Gyre.Training.Protos;

namespace Gyre.Training;

/// <summary>
/// Writes the curve of a training as an event file, which TensorBoard reads: records of <c>tensorflow.Event</c>, a step to each epoch,
/// scalars only.
/// </summary>
public static class TensorBoardLog
{
    /// <summary>What the first event of a file says, so that readers know the format.</summary>
    const string FileVersion = "brain.Event:2";

    /// <summary>Writes a file into a directory, which TensorBoard then shows as one run.</summary>
    /// <param name="directory">The directory; it is made if it is not there.</param>
    /// <param name="epochs">What each epoch achieved.</param>
    /// <param name="started">When the training began.</param>
    /// <param name="seconds">How long it took; epochs are put at equal distances within it, for their own times are not known.</param>
    /// <param name="steps">The training loss within epochs, written as <c>loss/train_steps</c> by the number of the step; null for none.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string directory, IReadOnlyList<EpochSummary> epochs, DateTimeOffset started, double seconds, StepCurve? steps = null)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{started.ToUnixTimeSeconds()}.gyre"));
        using var writer = new TfRecordWriter(File.Create(path));
        var start = started.ToUnixTimeMilliseconds() / 1000.0;
        writer.Write(new Event { WallTime = start, FileVersion = FileVersion }.ToByteArray());
        for (var i = 0; i < epochs.Count; i++)
        {
            var summary = new Summary();
            foreach (var (tag, value) in Scalars(epochs[i]).Where(scalar => double.IsFinite(scalar.Value)))
                summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
            writer.Write(new Event { WallTime = start + (seconds * (i + 1) / epochs.Count), Step = epochs[i].Epoch, Summary = summary }.ToByteArray());
        }

        for (var i = 0; i < (steps?.TrainLoss.Count ?? 0); i++)
        {
            var summary = new Summary { Value = { new Summary.Types.Value { Tag = "loss/train_steps", SimpleValue = (float)steps!.TrainLoss[i] } } };
            writer.Write(new Event { WallTime = start + (seconds * (i + 1) / steps.TrainLoss.Count), Step = (i + 1L) * steps.Every, Summary = summary }.ToByteArray());
        }

        return path;
    }

    /// <summary>TensorBoard groups tags by what stands before the slash.</summary>
    static IEnumerable<(string Tag, double Value)> Scalars(EpochSummary epoch) =>
    [
        ("loss/train", epoch.TrainLoss),
        ("loss/eval", epoch.EvalLoss),
        ("auc/eval", epoch.EvalAuc),
        .. (epoch.Metrics ?? new Dictionary<string, double>(StringComparer.Ordinal)).Select(metric => ($"{metric.Key}/eval", metric.Value)).Where(metric => metric.Item1 is not ("loss/eval" or "auc/eval")),
    ];
}
