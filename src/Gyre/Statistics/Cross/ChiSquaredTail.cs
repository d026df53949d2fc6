namespace Gyre.Statistics.Cross;

/// <summary>The upper tail of the χ² distribution.</summary>
static class ChiSquaredTail
{
    const double Precision = 1e-16;
    const int MostSteps = 100_000;

    /// <summary>
    /// The chance of a value at least as great: the regularised incomplete gamma function Q(k/2, x/2), by its series where
    /// that converges quickly and by its continued fraction elsewhere (Abramowitz and Stegun 6.5.29 and 6.5.31).
    /// </summary>
    public static double Of(double value, double degreesOfFreedom)
    {
        if (degreesOfFreedom <= 0 || value <= 0)
            return 1;
        if (double.IsPositiveInfinity(value))
            return 0;
        var (a, x) = (degreesOfFreedom / 2, value / 2);
        return Math.Clamp(x < a + 1 ? 1 - BySeries(a, x) : ByFraction(a, x), 0, 1);
    }

    static double BySeries(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (var step = 1; step < MostSteps && term > sum * Precision; step++)
        {
            term *= x / (a + step);
            sum += term;
        }

        return sum * Scale(a, x);
    }

    /// <summary>Lentz's way from the front.</summary>
    static double ByFraction(double a, double x)
    {
        const double Tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var result = d;
        for (var step = 1; step < MostSteps; step++)
        {
            var numerator = -step * (step - a);
            b += 2;
            d = 1 / NotZero((numerator * d) + b);
            c = NotZero(b + (numerator / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < Precision)
                break;
        }

        return result * Scale(a, x);

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    static double Scale(double a, double x) => Math.Exp((a * Math.Log(x)) - x - LogGamma(a));

    /// <summary>ln Γ of halves: from the factorial, or for k + ½ from Γ(k + ½) = (2k)! √π / (4^k k!).</summary>
    static double LogGamma(double a)
    {
        var whole = (long)Math.Floor(a);
        return a == whole
            ? InformationTheory.LogFactorial(whole - 1)
            : InformationTheory.LogFactorial(2 * whole) + (0.5 * Math.Log(Math.PI)) - (whole * Math.Log(4)) - InformationTheory.LogFactorial(whole);
    }
}
