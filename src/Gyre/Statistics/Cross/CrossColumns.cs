using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Cross;

/// <summary>Adds statistics of two columns at a time to those of each column, where the options ask for them.</summary>
sealed class CrossColumns : IAcrossColumns
{
    public void AddTo(DatasetFeatureStatistics dataset, CountedExamples examples)
    {
        if (examples.Options.Cross is not { } options)
            return;
        CrossProtos.AddTo(dataset, CrossEngine.Compute(
            examples.Files, options, examples.Threads, examples.TemporaryDirectory, examples.Condition, onStep: null, examples.CancellationToken));
    }
}
