using System.Globalization;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Analysis;

/// <summary>
/// Lets analyzers see some examples by kernels and by the graph, and holds what they have seen against each other: the first rows of the first batch
/// and of every so many behind it, for the graph takes many times as long.
/// </summary>
static class AnalysisCheck
{
    /// <summary>Compares what analyzers see of a batch, if its turn has come.</summary>
    /// <param name="next">The batch.</param>
    /// <param name="steps">The steps with the analyzers' operators.</param>
    /// <param name="fitted">What earlier analyzers found.</param>
    /// <param name="definition">Knows the names of features.</param>
    /// <exception cref="KernelDifferenceException">An analyzer has seen something else.</exception>
    public static void See(AnalyzedExamples next, List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted, TransformDefinition definition)
    {
        if (!SpotCheck.Has(next.Index))
            return;
        var first = next with { Examples = next.Examples.First(SpotCheck.Rows), Batch = next.Batch with { Rows = Math.Min(next.Batch.Rows, SpotCheck.Rows) } };
        Compare(first, first, steps, fitted, definition);
    }

    /// <summary>Compares what analyzers see of some examples by kernels with what they see of others by the graph.</summary>
    /// <exception cref="KernelDifferenceException">An analyzer has seen something else.</exception>
    public static void Compare(
        AnalyzedExamples forKernels, AnalyzedExamples forGraph, List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted, TransformDefinition definition)
    {
        var compiler = new KernelCompiler(fitted);
        var some = steps.FindAll(step => KernelValues.Of(step, compiler) is not null);
        if (some.Count == 0)
            return;
        var (byKernels, byGraph) = (Seen(forKernels, some, fitted, withKernels: true), Seen(forGraph, some, fitted, withKernels: false));
        for (var i = 0; i < some.Count; i++)
        {
            if (byKernels[i].AsSpan().SequenceEqual(byGraph[i]))
                continue;
            var features = string.Join(", ", definition.FeaturesOf(some[i]).Select(name => $"'{name}'"));
            var (firstRow, rows) = (forGraph.Batch.FirstRow, forGraph.Batch.Rows);
            throw new KernelDifferenceException(string.Create(
                CultureInfo.InvariantCulture,
                $"What kernels let {some[i].Operator.Name} of {features} analyse is something else than the graph gives in the rows {firstRow} to {firstRow + rows - 1}"));
        }
    }

    /// <summary>What each analyzer saves after it has seen the examples.</summary>
    static byte[][] Seen(AnalyzedExamples examples, List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted, bool withKernels)
    {
        var analyzers = AnalyzerRun.Create(steps);
        using (var run = new AnalyzerRun(analyzers, fitted, withKernels, withShortcuts: false))
            run.End(run.Observe(examples));
        return [.. analyzers.Select(pair => Saved(pair.Analyzer))];
    }

    static byte[] Saved(Analyzer analyzer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
            analyzer.Save(writer);
        return bytes.ToArray();
    }
}
