using System.Text.Json.Nodes;
using Gyre.Data;

namespace Gyre.Transforms.Analysis;

/// <summary>The axes along which vectors vary most: means, and components in rows, the strongest first, with their variances.</summary>
sealed record FittedComponents(IReadOnlyList<double> Means, IReadOnlyList<double[]> Axes, IReadOnlyList<double> Variances, long Count) : Fitted
{
    public override bool IsEmpty => Count == 0;

    public override JsonObject ToJson() => new()
    {
        ["count"] = Count,
        ["variances"] = new JsonArray([.. Variances.Select(variance => JsonValue.Create(variance))]),
    };

    public override string ToString() => FormattableString.Invariant($"{Variances.Count} components of {Count} vectors");
}

/// <summary>Covariances from sums that are not rounded, and their eigenvectors.</summary>
sealed class CovarianceAnalyzer(int components) : Analyzer
{
    long _count;
    ExactSum[] _sums = [];
    ExactSum[] _products = [];

    public override Observer Begin(AnalyzedBatch batch) => new Collecting();

    public override void End(Observer observer)
    {
        foreach (var vector in ((Collecting)observer).Vectors)
        {
            Widen(vector.Length);
            _count++;
            var at = 0;
            for (var i = 0; i < vector.Length; i++)
            {
                _sums[i].Add(vector[i]);
                for (var j = 0; j <= i; j++)
                    _products[at++].AddProduct(vector[i], vector[j]);
            }
        }
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_sums.Length);
        foreach (var sum in _sums.Concat(_products))
            writer.Write(sum);
    }

    public override void Merge(BinaryReader reader)
    {
        _count += reader.ReadInt64();
        var width = reader.ReadInt32();
        if (width == 0)
            return;
        Widen(width);
        foreach (var sum in _sums.Concat(_products))
            sum.Add(ExactSum.OfUnits(reader.ReadUnits()));
    }

    public override Fitted Result()
    {
        var width = _sums.Length;
        if (_count == 0)
            return new FittedComponents([], [], [], 0);
        var covariances = new double[width, width];
        var at = 0;
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var spread = ExactMoments.Spread(_count, _sums[i], _sums[j], _products[at++]);
                covariances[i, j] = covariances[j, i] = ExactRatio.Round(spread, (System.Numerics.BigInteger)_count * _count, 2 * ExactSum.UnitExponent);
            }
        }

        var (values, axes) = Eigenvectors.Of(covariances);
        var kept = Math.Min(components, width);
        return new FittedComponents(
            [.. _sums.Select(sum => ExactRatio.Round(sum.Units(), _count, ExactSum.UnitExponent))], axes[..kept], values[..kept], _count);
    }

    void Widen(int width)
    {
        if (_sums.Length > 0)
            return;
        _sums = [.. Enumerable.Range(0, width).Select(_ => new ExactSum())];
        _products = [.. Enumerable.Range(0, width * (width + 1) / 2).Select(_ => new ExactSum())];
    }

    sealed class Collecting : Observer
    {
        public List<double[]> Vectors { get; } = [];

        public override void See(AnalyzedValues values)
        {
            if (values.Examples == 0)
                return;
            var numbers = values.Numbers(0);
            var width = numbers.Length / values.Examples;
            for (var i = 0; i < values.Examples; i++)
                Vectors.Add(numbers.Slice(i * width, width).ToArray());
        }
    }
}

/// <summary>Eigenvectors of symmetric matrices by Jacobi's rotations.</summary>
static class Eigenvectors
{
    const int MostSweeps = 100;

    /// <returns>The eigenvalues, the greatest first, and the eigenvectors, each of length 1 with its greatest part positive.</returns>
    public static (double[] Values, double[][] Vectors) Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var v = new double[n, n];
        for (var i = 0; i < n; i++)
            v[i, i] = 1;
        for (var sweep = 0; sweep < MostSweeps && Rotate(a, v, n); sweep++)
        {
        }

        var order = Enumerable.Range(0, n).OrderByDescending(i => a[i, i]).ThenBy(i => i).ToArray();
        return ([.. order.Select(i => a[i, i])], [.. order.Select(i => Column(v, n, i))]);
    }

    static bool Rotate(double[,] a, double[,] v, int n)
    {
        var rotated = false;
        for (var p = 0; p < n; p++)
        {
            for (var q = p + 1; q < n; q++)
            {
                if (Math.Abs(a[p, q]) <= 1e-300 || Math.Abs(a[p, q]) <= 1e-17 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q])))
                    continue;
                rotated = true;
                var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                var c = 1 / Math.Sqrt((t * t) + 1);
                var s = t * c;
                for (var k = 0; k < n; k++)
                    (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
                for (var k = 0; k < n; k++)
                    (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
                a[p, q] = a[q, p] = 0;
                for (var k = 0; k < n; k++)
                    (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
            }
        }

        return rotated;
    }

    static double[] Column(double[,] v, int n, int column)
    {
        var vector = Enumerable.Range(0, n).Select(row => v[row, column]).ToArray();
        var greatest = vector.MaxBy(Math.Abs);
        return greatest < 0 ? Array.ConvertAll(vector, part => -part) : vector;
    }
}
