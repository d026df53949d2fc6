using System.Numerics;

namespace Gyre.Data;

/// <summary>
/// A sum of numbers, or of products of two numbers, without any rounding: one wide whole number that counts the smallest
/// unit which a product of two doubles can hold. So the order of the summands does not matter, to the last bit, and sums
/// of parts add up to the sum of the whole. Summands must be finite.
/// </summary>
sealed class ExactSum
{
    /// <summary>The unit is 2 to the power of this: the square of the smallest double above zero.</summary>
    public const int UnitExponent = -2148;

    const int LimbBits = 32;

    /// <summary>From the unit to the square of the greatest double, and room for 2^64 of them.</summary>
    const int Limbs = (2148 + 2048 + 64) / LimbBits + 1;

    /// <summary>A summand brings less than 2^32 into a limb, so as many fit before limbs must hand on what exceeds them.</summary>
    const int MostPending = 1 << 30;

    const ulong FractionMask = (1UL << 52) - 1;

    readonly long[] _limbs = new long[Limbs];
    int _pending;

    /// <summary>Adds a number.</summary>
    public void Add(double value)
    {
        var (mantissa, exponent, sign) = Split(value);
        AddAt((UInt128)mantissa, exponent - UnitExponent, sign);
    }

    /// <summary>Adds a product, which itself is not rounded.</summary>
    public void AddProduct(double one, double other)
    {
        var (mantissa, exponent, sign) = Split(one);
        var (otherMantissa, otherExponent, otherSign) = Split(other);
        AddAt((UInt128)mantissa * otherMantissa, exponent + otherExponent - UnitExponent, sign ^ otherSign);
    }

    /// <summary>Adds what another sum holds.</summary>
    public void Add(ExactSum other)
    {
        other.Carry();
        Carry();
        for (var limb = 0; limb < Limbs; limb++)
            _limbs[limb] += other._limbs[limb];
        _pending = 1;
    }

    /// <summary>The sum in units.</summary>
    public BigInteger Units()
    {
        Carry();
        var result = BigInteger.Zero;
        for (var limb = Limbs - 1; limb >= 0; limb--)
            result = (result << LimbBits) + _limbs[limb];
        return result;
    }

    /// <summary>A sum that holds so many units.</summary>
    public static ExactSum OfUnits(BigInteger units)
    {
        var result = new ExactSum();
        var (rest, sign) = (BigInteger.Abs(units), units.Sign);
        for (var limb = 0; limb < Limbs && !rest.IsZero; limb++)
        {
            result._limbs[limb] = sign * (long)(uint)(rest & uint.MaxValue);
            rest >>= LimbBits;
        }

        return rest.IsZero ? result : throw new InvalidDataException("The sum is greater than any sum of doubles. Expected one that was written by this program.");
    }

    /// <summary>The number as mantissa × 2^exponent, and −1 instead of 0 for negative ones.</summary>
    static (ulong Mantissa, int Exponent, long Sign) Split(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7FF;
        var mantissa = exponent == 0 ? bits & FractionMask : (bits & FractionMask) | (1UL << 52);
        return (mantissa, Math.Max(1, exponent) - 1075, (long)bits >> 63);
    }

    void AddAt(UInt128 value, int position, long sign)
    {
        if (value == UInt128.Zero)
            return;
        if (++_pending >= MostPending)
            Carry();
        var limb = position / LimbBits;
        var shift = position % LimbBits;
        var first = value << shift;
        AddTo(limb, (uint)first, sign);
        AddTo(limb + 1, (uint)(first >> 32), sign);
        AddTo(limb + 2, (uint)(first >> 64), sign);
        AddTo(limb + 3, (uint)(first >> 96), sign);
        if (shift > 0)
            AddTo(limb + 4, (uint)(value >> (128 - shift)), sign);
    }

    void AddTo(int limb, uint bits, long sign)
    {
        if (bits != 0)
            _limbs[limb] += (bits ^ sign) - sign;
    }

    /// <summary>Brings every limb but the last below 2^32, none below zero.</summary>
    void Carry()
    {
        var carry = 0L;
        for (var limb = 0; limb < Limbs - 1; limb++)
        {
            var value = _limbs[limb] + carry;
            _limbs[limb] = value & uint.MaxValue;
            carry = value >> LimbBits;
        }

        _limbs[^1] += carry;
        _pending = 1;
    }
}
