using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>What operators compute that compare, decide, and take numbers apart; each step of it is exact or correctly rounded, so that it is the graph's.</summary>
static class DecisionKernels
{
    /// <summary>What computes a step; null for other operators.</summary>
    public static Func<KernelFrame, object>? Of(Operator op, int[] inputs) => op switch
    {
        Less => Comparing(inputs, static (a, b) => a < b),
        LessOrEqual => Comparing(inputs, static (a, b) => a <= b),
        Greater => Comparing(inputs, static (a, b) => a > b),
        GreaterOrEqual => Comparing(inputs, static (a, b) => a >= b),
        Equal => Comparing(inputs, static (a, b) => a == b),
        And => Comparing(inputs, static (a, b) => a != 0 && b != 0),
        Or => Comparing(inputs, static (a, b) => a != 0 || b != 0),
        Not => Mapping(inputs[0], static number => double.IsNaN(number) ? number : NumberKernels.Truth(number == 0)),
        If => frame => Chosen(frame.Numbers(inputs[0]), frame.Numbers(inputs[1]), frame.Numbers(inputs[2])),
        IfText => frame => Chosen(frame.Numbers(inputs[0]), frame.Texts(inputs[1]), frame.Texts(inputs[2])),
        Abs => Mapping(inputs[0], static number => NumberKernels.Finite(Math.Abs(number))),
        Floor => Mapping(inputs[0], static number => NumberKernels.Finite(Math.Floor(number))),
        Sqrt => Mapping(inputs[0], static number => NumberKernels.Finite(Math.Sqrt(number))),
        ToSingle => Mapping(inputs[0], static number => NumberKernels.Finite((float)number)),
        _ => null,
    };

    static Func<KernelFrame, object> Mapping(int input, Func<double, double> function) => frame => NumberKernels.Map(frame.Numbers(input), function);

    static Func<KernelFrame, object> Comparing(int[] inputs, Func<double, double, bool> holds) => frame => NumberKernels.Zip(
        frame.Numbers(inputs[0]), frame.Numbers(inputs[1]), (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : NumberKernels.Truth(holds(a, b)));

    static double[] Chosen(double[] conditions, double[] then, double[] otherwise)
    {
        var chosen = new double[conditions.Length];
        for (var i = 0; i < chosen.Length; i++)
            chosen[i] = double.IsNaN(conditions[i]) ? double.NaN : conditions[i] != 0 ? then[i] : otherwise[i];
        return chosen;
    }

    static Texts Chosen(double[] conditions, Texts then, Texts otherwise)
    {
        var bytes = new byte[checked(then.Bytes.Length + otherwise.Bytes.Length)];
        then.Bytes.CopyTo(bytes, 0);
        otherwise.Bytes.CopyTo(bytes, then.Bytes.Length);
        var (starts, lengths) = (new int[conditions.Length], new int[conditions.Length]);
        for (var i = 0; i < starts.Length; i++)
        {
            if (double.IsNaN(conditions[i]))
                continue;
            (starts[i], lengths[i]) = conditions[i] != 0 ? (then.Starts[i], then.Lengths[i]) : (then.Bytes.Length + otherwise.Starts[i], otherwise.Lengths[i]);
        }

        return new Texts(bytes, starts, lengths);
    }
}
