using System.Numerics;

namespace Gyre.Data;

/// <summary>Count, mean and standard deviation of finite numbers, exact until the end, whatever the order or grouping.</summary>
sealed class ExactMoments
{
    public long Count { get; private set; }

    public ExactSum Sum { get; private init; } = new();

    public ExactSum Squares { get; private init; } = new();

    public void Add(double value)
    {
        Count++;
        Sum.Add(value);
        Squares.AddProduct(value, value);
    }

    public void Add(ExactMoments other)
    {
        Count += other.Count;
        Sum.Add(other.Sum);
        Squares.Add(other.Squares);
    }

    public static ExactMoments Of(long count, BigInteger sum, BigInteger squares) =>
        new() { Count = count, Sum = ExactSum.OfUnits(sum), Squares = ExactSum.OfUnits(squares) };

    /// <summary>NaN when there are none.</summary>
    public double Mean => Count == 0 ? double.NaN : ExactRatio.Round(Sum.Units(), Count, ExactSum.UnitExponent);

    /// <summary>That of the population; NaN when there are none.</summary>
    public double Deviation => Count == 0 ? double.NaN
        : ExactRatio.SquareRoot(Spread(Count, Sum, Sum, Squares), (BigInteger)Count * Count, 2 * ExactSum.UnitExponent);

    /// <summary>n·Σxy − Σx·Σy, which is n² times the covariance, in squares of the unit.</summary>
    public static BigInteger Spread(long count, ExactSum one, ExactSum other, ExactSum products) =>
        (count * (products.Units() << -ExactSum.UnitExponent)) - (one.Units() * other.Units());
}
