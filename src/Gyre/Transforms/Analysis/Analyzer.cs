using System.Text.Json.Nodes;
using Gyre.Onnx;

namespace Gyre.Transforms.Analysis;

/// <summary>What an analyzer found; becomes constants of the graph.</summary>
abstract record Fitted
{
    /// <summary>Whether there was nothing to analyse: all values were missing.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>The findings as data, for <c>transform.json</c>.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The findings in a few words, for the log.</summary>
    public abstract override string ToString();
}

/// <summary>
/// Computes something over all examples of the training split. Exact: the same whatever the number of threads, the size of
/// batches, and the parts that it was computed of.
/// </summary>
abstract class Analyzer
{
    /// <summary>Whether it must see the label of each example.</summary>
    public virtual bool NeedsLabel => false;

    /// <summary>
    /// Adds to the graph what makes seeing cheaper, knowing what was seen so far. Called once, after some batches and
    /// between any two.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="tensors">The tensors that the analyzer's operator works on.</param>
    /// <returns>The name of a tensor int64 with the shape of what is seen; null where nothing helps.</returns>
    public virtual string? AddShortcut(OnnxGraph graph, IReadOnlyList<string> tensors) => null;

    /// <summary>Begins a batch. Called by any number of threads at once.</summary>
    public abstract Observer Begin(AnalyzedBatch batch);

    /// <summary>Ends a batch. Called by one thread at a time, in the order of the batches.</summary>
    public abstract void End(Observer observer);

    /// <summary>Writes what was seen, for <see cref="Merge"/>: equal bytes for what means the same.</summary>
    public abstract void Save(BinaryWriter writer);

    /// <summary>Adds what another of the same operator saw.</summary>
    public abstract void Merge(BinaryReader reader);

    public abstract Fitted Result();
}

/// <summary>The examples of a batch that is analysed.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="FirstRow">The position of the first among all of its file.</param>
/// <param name="Labels">Their labels, NaN where missing; empty where no analyzer needs them.</param>
sealed record AnalyzedBatch(int Rows, long FirstRow, float[] Labels);

/// <summary>Sees the examples of one batch, some at a time, in any order.</summary>
abstract class Observer
{
    /// <param name="values">What the analyzer's operator works on.</param>
    public abstract void See(AnalyzedValues values);
}
