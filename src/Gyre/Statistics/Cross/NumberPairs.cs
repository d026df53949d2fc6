using System.Numerics;
using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// Correlation and covariance of every pair of columns of numbers, in one pass over the rows. All sums are exact, so the
/// results are rounded once and depend neither on the order of rows nor on threads.
/// </summary>
sealed class NumberPairs
{
    const int BlockRows = 1 << 15;

    readonly DataEngine _engine;
    readonly CrossSource _source;
    readonly IReadOnlyList<string> _columns;
    readonly int _threads;
    readonly CancellationToken _cancellation;
    readonly double[][] _values;
    readonly bool[][] _isFinite;
    readonly bool[] _isComplete;
    readonly ExactMoments[] _moments;
    readonly List<Pair> _pairs = [];
    int _filled;

    public NumberPairs(DataEngine engine, CrossSource source, IReadOnlyList<string> columns, int threads, CancellationToken cancellation)
    {
        (_engine, _source, _columns, _threads, _cancellation) = (engine, source, columns, threads, cancellation);
        _values = [.. columns.Select(_ => new double[BlockRows])];
        _isFinite = [.. columns.Select(_ => new bool[BlockRows])];
        _moments = [.. columns.Select(_ => new ExactMoments())];
        _isComplete = Complete();
        for (var x = 0; x < columns.Count; x++)
        {
            for (var y = x + 1; y < columns.Count; y++)
                _pairs.Add(new Pair(x, y, _isComplete[x] && _isComplete[y]));
        }
    }

    public IReadOnlyList<NumberPair> Compute()
    {
        if (_columns.Count < 2)
            return [];
        using (var reader = new ChunkReader(_engine, $"SELECT {string.Join(", ", _columns.Select(CrossSource.Number))} FROM {_source.Sql}"))
        {
            while (reader.Next())
            {
                if (_filled + reader.Rows > BlockRows)
                    AddBlock();
                Take(reader);
            }
        }

        AddBlock();
        return [.. _pairs.Select(Describe)];
    }

    /// <summary>Where both columns are complete, their own sums serve for all their pairs.</summary>
    bool[] Complete()
    {
        if (_columns.Count == 0)
            return [];
        var counts = string.Join(", ", _columns.Select(column => $"count(*) FILTER (isfinite({CrossSource.Number(column)}))"));
        return _engine.Query($"SELECT {counts} FROM {_source.Sql}", row => _columns.Select((_, index) => row.GetInt64(index) == _source.Rows).ToArray()).Single();
    }

    void Take(ChunkReader reader)
    {
        for (var column = 0; column < _columns.Count; column++)
        {
            var vector = reader.Column(column);
            vector.Values<double>().CopyTo(_values[column].AsSpan(_filled));
            for (var row = 0; row < reader.Rows; row++)
                _isFinite[column][_filled + row] = !vector.IsMissing(row) && double.IsFinite(_values[column][_filled + row]);
        }

        _filled += reader.Rows;
    }

    void AddBlock()
    {
        var rows = _filled;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = _cancellation };
        Parallel.For(0, _columns.Count, options, column =>
        {
            for (var row = 0; row < rows && _isComplete[column]; row++)
                _moments[column].Add(_values[column][row]);
        });
        Parallel.For(0, _pairs.Count, options, pair => Add(_pairs[pair], rows));
        _filled = 0;
    }

    void Add(Pair pair, int rows)
    {
        var x = _values[pair.X].AsSpan(0, rows);
        var y = _values[pair.Y].AsSpan(0, rows);
        if (pair.IsComplete)
        {
            for (var row = 0; row < rows; row++)
                pair.Products.AddProduct(x[row], y[row]);
            return;
        }

        var hasX = _isFinite[pair.X].AsSpan(0, rows);
        var hasY = _isFinite[pair.Y].AsSpan(0, rows);
        for (var row = 0; row < rows; row++)
        {
            if (!hasX[row] || !hasY[row])
                continue;
            pair.MomentsX!.Add(x[row]);
            pair.MomentsY!.Add(y[row]);
            pair.Products.AddProduct(x[row], y[row]);
        }
    }

    NumberPair Describe(Pair pair)
    {
        var (x, y) = (pair.MomentsX ?? _moments[pair.X], pair.MomentsY ?? _moments[pair.Y]);
        if (x.Count == 0)
            return new NumberPair(_columns[pair.X], _columns[pair.Y], 0, 0, 0);
        var joint = ExactMoments.Spread(x.Count, x.Sum, y.Sum, pair.Products);
        var spread = ExactMoments.Spread(x.Count, x.Sum, x.Sum, x.Squares) * ExactMoments.Spread(x.Count, y.Sum, y.Sum, y.Squares);
        var correlation = spread.IsZero ? 0 : joint.Sign * Math.Min(1, ExactRatio.SquareRoot(joint * joint, spread, 0));
        var covariance = ExactRatio.Round(joint, (BigInteger)x.Count * x.Count, 2 * ExactSum.UnitExponent);
        return new NumberPair(_columns[pair.X], _columns[pair.Y], x.Count, correlation, covariance);
    }

    sealed class Pair(int x, int y, bool isComplete)
    {
        public int X => x;

        public int Y => y;

        public bool IsComplete => isComplete;

        public ExactSum Products { get; } = new();

        public ExactMoments? MomentsX { get; } = isComplete ? null : new();

        public ExactMoments? MomentsY { get; } = isComplete ? null : new();
    }
}
