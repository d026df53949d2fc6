using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>What kernels computed of a batch for an analyzer to see.</summary>
/// <param name="frame">The results.</param>
/// <param name="slots">Where the inputs of the analyzer's operator stand.</param>
/// <param name="counting">Counts the texts of the first input, where the analyzer only counts texts.</param>
sealed class KernelValues(KernelFrame frame, int[] slots, Action<KernelFrame, TextCounts>? counting) : AnalyzedValues
{
    readonly long[]?[] _ids = new long[]?[slots.Length];

    public override int Examples => frame.Batch.Rows;

    /// <summary>What shows an analyzer the inputs of its operator; null where one of them has no kernel.</summary>
    /// <param name="step">The step of the operator.</param>
    /// <param name="compiler">Finds the kernels.</param>
    public static Func<KernelFrame, AnalyzedValues>? Of(Step step, KernelCompiler compiler)
    {
        // Texts that are only counted need not stand anywhere.
        if (step.Operator.CreateAnalyzer() is VocabularyAnalyzer)
            return compiler.Counting(step.Inputs[0]) is { } counting ? frame => new KernelValues(frame, [], counting) : null;
        var slots = new int[step.Inputs.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            if (compiler.Add(step.Inputs[i]) is not { } slot)
                return null;
            slots[i] = slot;
        }

        return frame => new KernelValues(frame, slots, counting: null);
    }

    public override int RowOf(int example) => example;

    public override ReadOnlySpan<double> Numbers(int input) => frame.Numbers(slots[input]);

    public override ReadOnlySpan<long> Ids(int input, int example)
    {
        if (frame.Result(slots[input]) is not IdLists lists)
            return frame.Ids(slots[input]).AsSpan(example, 1);
        var ids = _ids[input] ??= Array.ConvertAll(lists.Ids, id => (long)id);
        return ids.AsSpan(lists.Offsets[example]..lists.Offsets[example + 1]);
    }

    public override int TextsOf(int input, int example) =>
        frame.Result(slots[input]) is TokenTexts tokens ? tokens.Offsets[example + 1] - tokens.Offsets[example] : 1;

    public override ReadOnlySpan<byte> Text(int input, int example, int index) =>
        frame.Result(slots[input]) is TokenTexts tokens ? tokens.Tokens[tokens.Offsets[example] + index] : frame.Texts(slots[input])[example];

    public override void Count(TextCounts counts) =>
        (counting ?? throw new InvalidOperationException("This analyzer was not expected to count texts."))(frame, counts);
}
