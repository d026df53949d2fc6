namespace Gyre.Transforms.Kernels;

/// <summary>What operators on numbers compute: the same operations of double precision in the same order as in the graph, each rounded alone.</summary>
static class NumberKernels
{
    public static double[] Map(double[] numbers, Func<double, double> function) => Array.ConvertAll(numbers, number => function(number));

    public static double[] Zip(double[] left, double[] right, Func<double, double, double> function)
    {
        var result = new double[left.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = function(left[i], right[i]);
        return result;
    }

    /// <summary>Takes what is infinite as missing.</summary>
    public static double Finite(double number) => double.IsInfinity(number) ? double.NaN : number;

    public static double Clip(double number, double min, double max)
    {
        var raised = number < min ? min : number;
        return raised > max ? max : raised;
    }

    public static double Scale(double number, double origin, double width) =>
        width == 0 ? Subtract(number, origin) : Divide(Subtract(number, origin), width);

    /// <summary>
    /// A sum with a constant. Like the three that follow it is what ONNX Runtime makes of the node: one whose constant changes
    /// nothing in single precision is left out, also where it stands in double (NoopElimination, onnxruntime/core/optimizer).
    /// </summary>
    public static double Add(double number, double constant) => (float)constant == 0 ? number : number + constant;

    /// <inheritdoc cref="Add"/>
    public static double Subtract(double number, double constant) => (float)constant == 0 ? number : number - constant;

    /// <inheritdoc cref="Add"/>
    public static double Multiply(double number, double constant) => (float)constant == 1 ? number : number * constant;

    /// <inheritdoc cref="Add"/>
    public static double Divide(double number, double constant) => (float)constant == 1 ? number : number / constant;

    public static double ZeroIfMissing(double number) => double.IsNaN(number) ? 0 : number;

    public static double Truth(bool holds) => holds ? 1 : 0;

    /// <summary>The number of bounds that each number reaches, −1 where it is missing.</summary>
    public static long[] Buckets(double[] numbers, IReadOnlyList<double> bounds)
    {
        double[] all = [.. bounds];
        return Array.ConvertAll(numbers, number =>
        {
            if (double.IsNaN(number))
                return -1L;
            var reached = 0L;
            foreach (var bound in all)
                reached += number >= bound ? 1 : 0;
            return reached;
        });
    }

    /// <summary>What is finite in double precision stays finite in single.</summary>
    public static float ToSingle(double number) => (float)Clip(number, -float.MaxValue, float.MaxValue);
}
