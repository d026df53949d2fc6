namespace Gyre.Schemas.Comparison;

/// <summary>The gamma function and its incomplete integrals, to about 14 digits.</summary>
static class Gamma
{
    const int MostTerms = 10_000;
    const double Precision = 1e-16;

    /// <summary>Lanczos' coefficients for g = 7, n = 9 (Godfrey).</summary>
    static readonly double[] Coefficients =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Γ(x) for x above zero.</summary>
    public static double Log(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - Log(1 - x);
        x--;
        var sum = Coefficients[0];
        for (var i = 1; i < Coefficients.Length; i++)
            sum += Coefficients[i] / (x + i);
        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>The upper regularised incomplete gamma function Q(a, x): a series below the mean, a continued fraction (Lentz) above.</summary>
    public static double Upper(double a, double x)
    {
        if (x <= 0)
            return 1;
        if (double.IsPositiveInfinity(x))
            return 0;
        return x < a + 1 ? 1 - LowerSeries(a, x) : UpperFraction(a, x);
    }

    static double LowerSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < MostTerms && Math.Abs(term) > Math.Abs(sum) * Precision; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum * Math.Exp((a * Math.Log(x)) - x - Log(a));
    }

    static double UpperFraction(double a, double x)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < MostTerms; i++)
        {
            var numerator = -i * (i - a);
            b += 2;
            d = Guard((numerator * d) + b, tiny);
            c = Guard(b + (numerator / c), tiny);
            d = 1 / d;
            var factor = d * c;
            h *= factor;
            if (Math.Abs(factor - 1) < Precision)
                break;
        }

        return h * Math.Exp((a * Math.Log(x)) - x - Log(a));
    }

    static double Guard(double value, double tiny) => Math.Abs(value) < tiny ? tiny : value;
}
