using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>What operators compute that scale numbers by quantiles, or by what was found for a key.</summary>
static class ScalingKernels
{
    /// <summary>What computes a step; null for other operators.</summary>
    public static Func<KernelFrame, object>? Of(Operator op, Fitted? found, int[] inputs) => op switch
    {
        ScaleRobust => Robust((FittedQuantiles)found!, inputs[0]),
        InterpolateAt at => Interpolation(at.Bounds, inputs[0]),
        InterpolateQuantiles => Interpolation(((FittedQuantiles)found!).Bounds, inputs[0]),
        ZScorePerKey => PerKey(inputs, (FittedPerKey)found!),
        BucketizePerKey => BucketsPerKey(inputs, (FittedPerKey)found!),
        _ => null,
    };

    static Func<KernelFrame, object> Robust(FittedQuantiles found, int input)
    {
        var (median, width) = found.Bounds is [var first, var second, var third] ? (second, third - first) : (0, 0);
        return frame => NumberKernels.Map(frame.Numbers(input), number => NumberKernels.Finite(NumberKernels.Scale(number, median, width)));
    }

    static Func<KernelFrame, object> Interpolation(IReadOnlyList<double> found, int input)
    {
        double[] bounds = found.Count == 0 ? [0] : [.. found];
        return frame => NumberKernels.Map(frame.Numbers(input), number => double.IsNaN(number) ? 0.5 : Interpolated(number, bounds));
    }

    static double Interpolated(double number, double[] bounds)
    {
        var bucket = 0;
        foreach (var bound in bounds)
            bucket += number >= bound ? 1 : 0;
        if (bounds.Length == 1)
            return bucket;
        var way = 0.0;
        if (bucket > 0 && bucket < bounds.Length)
        {
            var low = bounds[bucket - 1];
            var width = bounds[bucket] - low;
            way = width == 0 ? 0.5 : (number - low) / width;
        }

        return (Math.Max(bucket - 1, 0) + way) / (bounds.Length - 1.0);
    }

    static Func<KernelFrame, object> PerKey(int[] inputs, FittedPerKey found)
    {
        var keys = new TextTable(found.Keys);
        var parts = found.Parts.Cast<FittedMoments>().Select(part => (part.Mean, Width: part.StandardDeviation > 0 ? part.StandardDeviation : 1)).ToArray();
        return frame =>
        {
            var (numbers, texts) = (frame.Numbers(inputs[0]), frame.Texts(inputs[1]));
            var scaled = new double[numbers.Length];
            for (var i = 0; i < scaled.Length; i++)
            {
                var (mean, width) = KeyOf(texts, i, keys) is >= 0 and var key ? parts[key] : (0, 1);
                scaled[i] = NumberKernels.Finite((numbers[i] - mean) / width);
            }

            return scaled;
        };
    }

    static Func<KernelFrame, object> BucketsPerKey(int[] inputs, FittedPerKey found)
    {
        var keys = new TextTable(found.Keys);
        double[][] parts = [.. found.Parts.Cast<FittedQuantiles>().Select(part => part.Bounds.ToArray())];
        return frame =>
        {
            var (numbers, texts) = (frame.Numbers(inputs[0]), frame.Texts(inputs[1]));
            var ids = new long[numbers.Length];
            for (var i = 0; i < ids.Length; i++)
            {
                var key = KeyOf(texts, i, keys);
                if (key < 0 || double.IsNaN(numbers[i]))
                {
                    ids[i] = -1;
                    continue;
                }

                foreach (var bound in parts[key])
                    ids[i] += numbers[i] >= bound ? 1 : 0;
            }

            return ids;
        };
    }

    /// <summary>−1 where the key is unknown or missing.</summary>
    static int KeyOf(Texts texts, int row, TextTable keys) => texts[row] is { IsEmpty: false } text ? keys.Find(text) : -1;
}
