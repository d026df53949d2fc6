using Gyre.Onnx;

namespace Gyre.Transforms.Analysis;

/// <summary>What the operator of an analyzer works on, for some of the examples of a batch. Valid only while it is shown.</summary>
abstract class AnalyzedValues
{
    /// <summary>How many examples these are.</summary>
    public abstract int Examples { get; }

    /// <summary>The position in the batch of one of these examples.</summary>
    public abstract int RowOf(int example);

    /// <summary>The numbers of all examples, one behind the other, NaN where missing.</summary>
    public abstract ReadOnlySpan<double> Numbers(int input);

    /// <summary>The ids of an example, below 0 for none.</summary>
    public abstract ReadOnlySpan<long> Ids(int input, int example);

    /// <summary>How many texts an example has, among them such as are missing.</summary>
    public abstract int TextsOf(int input, int example);

    /// <summary>One text of an example in UTF-8, empty where missing.</summary>
    public abstract ReadOnlySpan<byte> Text(int input, int example, int index);

    /// <summary>Counts the texts of the first input.</summary>
    public abstract void Count(TextCounts counts);
}

/// <summary>The results of the graph for a chunk of a batch.</summary>
/// <param name="chunk">The results.</param>
/// <param name="tensors">The tensors that the operator works on.</param>
/// <param name="shortcut">The tensor that <see cref="Analyzer.AddShortcut"/> added, if it did.</param>
sealed class GraphValues(OnnxChunk chunk, IReadOnlyList<string> tensors, string? shortcut) : AnalyzedValues
{
    readonly int[] _widths = [.. tensors.Select(chunk.WidthOf)];

    public override int Examples => chunk.Rows.Count;

    public override int RowOf(int example) => chunk.Rows[example];

    public override ReadOnlySpan<double> Numbers(int input) => chunk.Doubles(tensors[input]);

    public override ReadOnlySpan<long> Ids(int input, int example) => chunk.Integers(tensors[input]).Slice(example * _widths[input], _widths[input]);

    public override int TextsOf(int input, int example) => _widths[input];

    public override ReadOnlySpan<byte> Text(int input, int example, int index) => chunk.Text(tensors[input], (example * _widths[input]) + index);

    public override void Count(TextCounts counts)
    {
        if (shortcut is null)
        {
            for (var i = 0; i < Examples * _widths[0]; i++)
                counts.Add(chunk.Text(tensors[0], i));
            return;
        }

        var known = chunk.Integers(shortcut);
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i] >= 0)
                counts.AddKnown(known[i]);
            else if (known[i] == VocabularyAnalyzer.Unknown)
                counts.Add(chunk.Text(tensors[0], i));
        }
    }
}
