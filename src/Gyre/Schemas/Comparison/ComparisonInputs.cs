using System.Globalization;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Statistics;

namespace Gyre.Schemas.Comparison;

/// <summary>Brings together, for each split, the data that it is to be held against.</summary>
sealed class ComparisonInputs(Execution execution, ExampleStatistics current, ValidationOptions options)
{
    public Output<ExampleStatistics>? Previous { get; init; }

    public Output<ExampleStatistics>? Serving { get; init; }

    public Output<Examples>? Examples { get; init; }

    public SplitComparison Of(string split, CancellationToken cancellation)
    {
        var (references, missing) = (new List<ReferenceData>(), new List<DataComparison>());
        if (Previous is not null)
        {
            if (!execution.TryRead(Previous, out var previous))
                missing.Add(DataComparer.NotCompared(ComparedWith.PreviousSpan, "There is none yet: this is the first data that the pipeline has seen. Nothing is known about drift."));
            else if (!previous.Splits.Contains(split, StringComparer.Ordinal))
                missing.Add(DataComparer.NotCompared(ComparedWith.PreviousSpan, $"The data before has no split '{split}'. Splits: {string.Join(", ", previous.Splits)}."));
            else
                references.Add(new ReferenceData(IsSameSpan(previous) ? ComparedWith.PreviousVersion : ComparedWith.PreviousSpan, Place(previous), previous.Of(split)));
        }

        if (Serving is not null)
        {
            var serving = execution.Read(Serving);
            var name = serving.Splits.Contains(split, StringComparer.Ordinal) ? split : (serving.Splits.Count > 0 ? serving.Splits[0] : null);
            if (name is null)
                missing.Add(DataComparer.NotCompared(ComparedWith.Serving, "The serving data has no split."));
            else
                references.Add(new ReferenceData(ComparedWith.Serving, $"split '{name}'", serving.Of(name)));
        }

        var first = current.Splits[0];
        return new SplitComparison(split, current.Of(split))
        {
            References = references,
            NotCompared = missing,
            FirstSplit = split == first ? null : current.Of(first),
            Leakage = Examples is not null && options.Label is { } label ? Leaks(execution.Read(Examples), label, split, first, cancellation) : null,
        };
    }

    LeakageHints? Leaks(Examples examples, string label, string split, string first, CancellationToken cancellation)
    {
        if (!examples.Splits.Contains(split, StringComparer.Ordinal) || !examples.Splits.Contains(first, StringComparer.Ordinal))
            return null;
        execution.Report(new Progress { Message = $"{split}: looking for leakage" });
        return LeakageHints.Find(
            examples.FilesOf(split), split == first ? null : examples.FilesOf(first), label, options.Leakage, execution.Threads, execution.TemporaryDirectory, cancellation);
    }

    bool IsSameSpan(ExampleStatistics previous) => previous.Span == current.Span && current.Span != 0;

    static string Place(ExampleStatistics statistics) =>
        statistics.Span == 0 && statistics.Version == 0 ? ""
        : statistics.Version == 0 ? string.Create(CultureInfo.InvariantCulture, $"span {statistics.Span}")
        : string.Create(CultureInfo.InvariantCulture, $"span {statistics.Span}, version {statistics.Version}");
}
