using System.Numerics;

namespace Gyre.Data;

/// <summary>Brings ratios of wide whole numbers to doubles, rounded once.</summary>
static class ExactRatio
{
    const int MantissaBits = 53;
    const int GuardBits = 13;
    const int LeastExponent = -1074;

    /// <summary>The double nearest to numerator ÷ denominator × 2^exponent; ties go to the even one.</summary>
    public static double Round(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero)
            return 0;
        var (quotient, scale) = Divide(BigInteger.Abs(numerator), BigInteger.Abs(denominator), MantissaBits + GuardBits, exponent);
        var isNegative = numerator.Sign != denominator.Sign;
        var length = (int)quotient.GetBitLength();
        if (length + scale > 1024)
            return isNegative ? double.NegativeInfinity : double.PositiveInfinity;

        // Below the normal doubles fewer bits are left.
        var drop = Math.Max(length - MantissaBits, LeastExponent - scale);
        if (drop > length)
            return 0;
        var rest = quotient & ((BigInteger.One << drop) - 1);
        var mantissa = (ulong)(quotient >> drop);
        var half = BigInteger.One << (drop - 1);
        if (rest > half || (rest == half && (mantissa & 1) == 1))
            mantissa++;
        var result = Math.ScaleB(mantissa, scale + drop);
        return isNegative ? -result : result;
    }

    /// <summary>The square root of numerator ÷ denominator × 2^exponent, of which neither is negative; to one unit in the last place.</summary>
    public static double SquareRoot(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero)
            return 0;
        var (quotient, scale) = Divide(numerator, denominator, 2 * (MantissaBits + GuardBits), exponent);
        if ((scale & 1) != 0)
            (quotient, scale) = (quotient << 1, scale - 1);

        // Brought near one first, where neither the ratio nor its root leave the doubles.
        var shift = ((int)quotient.GetBitLength() + 1) & ~1;
        return Math.ScaleB(Math.Sqrt(Round(quotient, BigInteger.One, -shift)), (scale + shift) / 2);
    }

    /// <summary>A quotient of at least so many bits; what is left over shows as one more bit, so that rounding sees it.</summary>
    static (BigInteger Quotient, int Exponent) Divide(BigInteger numerator, BigInteger denominator, int bits, int exponent)
    {
        var shift = (int)(bits - numerator.GetBitLength() + denominator.GetBitLength());
        var quotient = shift >= 0
            ? BigInteger.DivRem(numerator << shift, denominator, out var rest)
            : BigInteger.DivRem(numerator, denominator << -shift, out rest);
        return ((quotient << 1) + (rest.IsZero ? 0 : 1), exponent - shift - 1);
    }
}
