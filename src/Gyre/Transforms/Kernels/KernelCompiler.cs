using Gyre.Data;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>
/// Finds for steps what computes the same as the graph that they are lowered to, without it. Not every step has such a
/// kernel: functions that runtimes round differently, and expressions beyond <see cref="BytePattern"/>, are left to the graph.
/// </summary>
sealed class KernelCompiler(IReadOnlyDictionary<Step, Fitted> fitted)
{
    readonly List<Func<KernelFrame, object>> _kernels = [];
    readonly Dictionary<Step, int?> _slots = [];

    /// <summary>What was compiled, inputs before those who read them.</summary>
    public IReadOnlyList<Func<KernelFrame, object>> Kernels => _kernels;

    /// <summary>Where the result of a step will stand; null where it or a step before it has no kernel.</summary>
    public int? Add(Step step)
    {
        if (_slots.TryGetValue(step, out var known))
            return known;
        int? slot = null;
        if ((Fused(step) ?? Plain(step)) is { } kernel)
        {
            slot = _kernels.Count;
            _kernels.Add(kernel);
        }

        _slots.Add(step, slot);
        return slot;
    }

    Func<KernelFrame, object>? Plain(Step step)
    {
        var inputs = new int[step.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (Add(step.Inputs[i]) is not { } slot)
                return null;
            inputs[i] = slot;
        }

        var found = fitted.GetValueOrDefault(step);
        return OfText(step.Operator, found, inputs) ?? WithConstant(step, inputs) ?? OfNumber(step.Operator, found, inputs)
            ?? DecisionKernels.Of(step.Operator, inputs)
            ?? ScalingKernels.Of(step.Operator, found, inputs)
            ?? IdKernels.Of(step.Operator, found, inputs, input => TransformCompiler.SizeOf(step.Inputs[input], fitted))
            ?? TokenKernels.Of(step.Operator, inputs);
    }

    /// <summary>What counts the texts that a step gives; null where it or a step before it has no kernel.</summary>
    public Action<KernelFrame, TextCounts>? Counting(Step step)
    {
        if (Scanning(step) is var (scanner, texts))
            return (frame, counts) => TokenCountKernel.Run(scanner, frame.Texts(texts), counts);
        if (Add(step) is not { } slot)
            return null;
        return step.Operator.Kind == TensorKind.Tokens
            ? (frame, counts) => TextKernels.Count(frame.Tokens(slot).Tokens, counts)
            : (frame, counts) => TextKernels.Count(frame.Texts(slot), counts);
    }

    /// <summary>Tokens that are only looked up need not be kept.</summary>
    Func<KernelFrame, object>? Fused(Step step)
    {
        if (step is not { Operator: TokenVocabulary vocabulary, Inputs: [var tokens] } || !IsPlain(vocabulary) || Scanning(tokens) is not var (scanner, texts))
            return null;
        var kernel = new TokenIdKernel(scanner, TableOf(step), (int)UnknownOf(step, vocabulary));
        return frame => kernel.Run(frame.Texts(texts));
    }

    /// <summary>What finds tokens, and where the texts will stand that it finds them in; null for other steps and expressions.</summary>
    (TokenScanner Scanner, int Texts)? Scanning(Step step)
    {
        if (step is not { Operator: Tokens tokens } || BytePattern.Parse(tokens.Pattern) is not { Min: 1, Max: int.MaxValue } pattern || pattern.Has(0))
            return null;
        var text = step.Inputs[0];
        var isLower = text.Operator is Lower;
        return Add(isLower ? text.Inputs[0] : text) is { } slot ? (new TokenScanner(pattern, isLower), slot) : null;
    }

    static Func<KernelFrame, object>? OfText(Operator op, Fitted? found, int[] inputs)
    {
        switch (op)
        {
            case Text text:
                return frame => Texts.Of(frame.Batch.Utf8(text.Column));
            case FillMissingText fill:
                return frame => TextKernels.Fill(frame.Texts(inputs[0]), fill.Value);
            case FillMissingTextWithMostFrequent:
                return ((FittedVocabulary)found!).Values is [var frequent] ? frame => TextKernels.Fill(frame.Texts(inputs[0]), frequent) : frame => frame.Texts(inputs[0]);
            case Lower:
                return frame => TextKernels.Lower(frame.Texts(inputs[0]));
            case Extract extract when TextKernels.Finder(extract.Pattern) is { } part:
                return frame => frame.Texts(inputs[0]).Select(part);
            case Tokens tokens when TextKernels.Finder(tokens.Pattern) is { } part:
                return frame => TokenTexts.Of(frame.Texts(inputs[0]), part);
            case CountTokens:
                return frame => Count(frame.Tokens(inputs[0]).Offsets);
            case IsMissingText:
                return frame => frame.Texts(inputs[0]).ToNumbers(text => NumberKernels.Truth(text.IsEmpty));
            case Length:
                return frame => frame.Texts(inputs[0]).ToNumbers(TextKernels.Length);
            case ToNumber:
                return frame => frame.Texts(inputs[0]).ToNumbers(DecimalText.ToNumber);
            case Vocabulary vocabulary when IsPlain(vocabulary):
                var (table, unknown) = (new TextTable(((FittedVocabulary)found!).Values), UnknownOf(found, vocabulary));
                var missing = vocabulary.MissingIsOov == true ? unknown : -1;
                return frame => TextKernels.Ids(frame.Texts(inputs[0]), table, unknown, missing);
            case TokenVocabulary vocabulary when IsPlain(vocabulary):
                var (tokenTable, other) = (new TextTable(((FittedVocabulary)found!).Values), (int)UnknownOf(found, vocabulary));
                return frame => TextKernels.Ids(frame.Tokens(inputs[0]), tokenTable, other);
            default:
                return null;
        }
    }

    static Func<KernelFrame, object>? OfNumber(Operator op, Fitted? found, int[] inputs)
    {
        switch (op)
        {
            case Number number:
                return frame => NumberKernels.Map(frame.Batch.Number(number.Column), NumberKernels.Finite);
            case Constant constant:
                return frame => Filled(frame.Batch.Rows, constant.Value);
            case FillMissing fill:
                return Filling(inputs[0], fill.Value);
            case FillMissingWithMean:
                return Filling(inputs[0], ((FittedMoments)found!).Mean);
            case FillMissingWithMedian:
                return Filling(inputs[0], ((FittedQuantiles)found!).Bounds is [var median] ? median : 0);
            case FillMissingWithMostFrequent:
                return Filling(inputs[0], ((FittedMode)found!).Value);
            case IsMissing:
                return Mapping(inputs[0], number => NumberKernels.Truth(double.IsNaN(number)));
            case Clip clip:
                return Mapping(inputs[0], number => NumberKernels.Clip(number, clip.Min, clip.Max));
            case Operators.Add:
                return Zipping(inputs, (a, b) => a + b);
            case Sub:
                return Zipping(inputs, (a, b) => a - b);
            case Mul:
                return Zipping(inputs, (a, b) => a * b);
            case Div:
                return Zipping(inputs, (a, b) => a / b);
            case ScaleToZScore:
                var (mean, deviation, _) = (FittedMoments)found!;
                return Mapping(inputs[0], number => NumberKernels.ZeroIfMissing(NumberKernels.Finite(NumberKernels.Scale(number, mean, deviation))));
            case ZScore:
                var (center, width, _) = (FittedMoments)found!;
                return Mapping(inputs[0], number => NumberKernels.Finite(NumberKernels.Scale(number, center, width)));
            case ScaleToUnit:
                var (min, max, _) = (FittedRange)found!;
                return Mapping(inputs[0], number => NumberKernels.Clip(NumberKernels.Scale(number, min, max == min ? 0 : max - min), 0, 1));
            case ScaleToMinMax stretch when (FittedRange)found! is var (least, greatest, _) && least < greatest:
                return Mapping(inputs[0], number => NumberKernels.Finite(Stretched(NumberKernels.Scale(number, least, greatest - least), stretch)));
            case Bucketize:
                return frame => NumberKernels.Buckets(frame.Numbers(inputs[0]), ((FittedQuantiles)found!).Bounds);
            case BucketizeAt at:
                return frame => NumberKernels.Buckets(frame.Numbers(inputs[0]), at.Bounds);
            case OneHot or AsCategory:
                return frame => frame.Ids(inputs[0]);
            default:
                return null;
        }
    }

    /// <summary>Arithmetic of which one side is a constant.</summary>
    static Func<KernelFrame, object>? WithConstant(Step step, int[] inputs) => (step.Operator, step.Inputs) switch
    {
        (Operators.Add, [_, { Operator: Constant right }]) => Finitely(inputs[0], number => NumberKernels.Add(number, right.Value)),
        (Operators.Add, [{ Operator: Constant left }, _]) => Finitely(inputs[1], number => NumberKernels.Add(number, left.Value)),
        (Sub, [_, { Operator: Constant right }]) => Finitely(inputs[0], number => NumberKernels.Subtract(number, right.Value)),
        (Mul, [_, { Operator: Constant right }]) => Finitely(inputs[0], number => NumberKernels.Multiply(number, right.Value)),
        (Mul, [{ Operator: Constant left }, _]) => Finitely(inputs[1], number => NumberKernels.Multiply(number, left.Value)),
        (Div, [_, { Operator: Constant right }]) => Finitely(inputs[0], number => NumberKernels.Divide(number, right.Value)),
        _ => null,
    };

    static double Stretched(double part, ScaleToMinMax stretch) =>
        NumberKernels.Add(NumberKernels.Multiply(part, stretch.Max - stretch.Min), stretch.Min);

    static Func<KernelFrame, object> Finitely(int input, Func<double, double> function) => Mapping(input, number => NumberKernels.Finite(function(number)));

    static Func<KernelFrame, object> Filling(int input, double value) => Mapping(input, number => double.IsNaN(number) ? value : number);

    static Func<KernelFrame, object> Mapping(int input, Func<double, double> function) => frame => NumberKernels.Map(frame.Numbers(input), function);

    static Func<KernelFrame, object> Zipping(int[] inputs, Func<double, double, double> function) =>
        frame => NumberKernels.Zip(frame.Numbers(inputs[0]), frame.Numbers(inputs[1]), (a, b) => NumberKernels.Finite(function(a, b)));

    static double[] Filled(int rows, double value)
    {
        var numbers = new double[rows];
        Array.Fill(numbers, value);
        return numbers;
    }

    static double[] Count(int[] offsets)
    {
        var counts = new double[offsets.Length - 1];
        for (var row = 0; row < counts.Length; row++)
            counts[row] = offsets[row + 1] - offsets[row];
        return counts;
    }

    /// <summary>Whether no hash decides on ids.</summary>
    static bool IsPlain(AnyVocabulary vocabulary) => vocabulary.OovBuckets <= 1 && (vocabulary is Vocabulary || vocabulary.MissingIsOov != true);

    TextTable TableOf(Step step) => new(((FittedVocabulary)fitted[step]).Values);

    long UnknownOf(Step step, AnyVocabulary vocabulary) => UnknownOf(fitted[step], vocabulary);

    static long UnknownOf(Fitted found, AnyVocabulary vocabulary) => vocabulary.OovBuckets == 0 ? -1 : ((FittedVocabulary)found).Values.Count;
}

/// <summary>The results of kernels for some examples.</summary>
/// <param name="batch">The examples.</param>
/// <param name="kernels">How many kernels there are.</param>
sealed class KernelFrame(ExampleBatch batch, int kernels)
{
    readonly object[] _results = new object[kernels];

    public ExampleBatch Batch => batch;

    public void Run(IReadOnlyList<Func<KernelFrame, object>> all)
    {
        for (var i = 0; i < all.Count; i++)
            _results[i] = all[i](this);
    }

    public object Result(int slot) => _results[slot];

    public Texts Texts(int slot) => (Texts)_results[slot];

    public TokenTexts Tokens(int slot) => (TokenTexts)_results[slot];

    public double[] Numbers(int slot) => (double[])_results[slot];

    public long[] Ids(int slot) => (long[])_results[slot];
}
