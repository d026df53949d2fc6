using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>
/// Weights of examples as whole multiples of 2^-64: sums of them are exact, so they do not depend on the order in which
/// they are added. A weight of 2^-11 or more is such a multiple itself; smaller ones are rounded by at most 2^-65.
/// </summary>
static class Weight
{
    const double Scale = 18446744073709551616.0;

    /// <summary>No example may weigh more, so that the weights of billions of them can be added up.</summary>
    public const double Greatest = 1e9;

    public static Int128 Of(double weight) => (Int128)Math.Round(weight * Scale);

    public static double ToDouble(Int128 weight) => (double)weight / Scale;
}

/// <summary>How often something occurs, and the weights of the examples in which it does.</summary>
[StructLayout(LayoutKind.Auto)]
record struct Tally(long Count, Int128 Weight)
{
    public void Add(Tally other)
    {
        Count += other.Count;
        Weight += other.Weight;
    }
}
