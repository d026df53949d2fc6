namespace Gyre.Statistics.Cross;

/// <summary>
/// How often each pair of two things' values stands together, and what follows from it. Values without any example count
/// for nothing. Sums run in the order of the values, so results depend on the counts alone.
/// </summary>
sealed class ContingencyTable
{
    readonly long[] _cells;
    readonly long[] _rowTotals;
    readonly long[] _columnTotals;

    /// <param name="cells">Counts, row by row.</param>
    /// <param name="columns">How many columns there are.</param>
    public ContingencyTable(long[] cells, int columns)
    {
        (_cells, Columns) = (cells, columns);
        Rows = columns == 0 ? 0 : cells.Length / columns;
        _rowTotals = new long[Rows];
        _columnTotals = new long[columns];
        for (var cell = 0; cell < cells.Length; cell++)
        {
            _rowTotals[cell / columns] += cells[cell];
            _columnTotals[cell % columns] += cells[cell];
            Total += cells[cell];
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public long Total { get; }

    public IReadOnlyList<long> RowTotals => _rowTotals;

    public IReadOnlyList<long> ColumnTotals => _columnTotals;

    public long this[int row, int column] => _cells[(row * Columns) + column];

    /// <summary>Of the rows, in bits.</summary>
    public double RowEntropy => Entropy(_rowTotals);

    /// <summary>Of the columns, in bits.</summary>
    public double ColumnEntropy => Entropy(_columnTotals);

    /// <summary>In bits.</summary>
    public double MutualInformation
    {
        get
        {
            if (Total == 0)
                return 0;
            var sum = 0.0;
            for (var row = 0; row < Rows; row++)
            {
                for (var column = 0; column < Columns; column++)
                    sum += InformationTheory.PartialMutualInformation(this[row, column], _rowTotals[row], _columnTotals[column], Total);
            }

            // Rounding may leave a trace below zero, or above what either can hold.
            return Math.Clamp(sum / Total, 0, Math.Min(RowEntropy, ColumnEntropy));
        }
    }

    /// <summary>What independent values with the same counts have in common on average, in bits.</summary>
    public double ExpectedMutualInformation
    {
        get
        {
            if (Total == 0)
                return 0;

            // Rare values share few totals, and the expectation depends on totals alone.
            var sum = 0.0;
            foreach (var rows in _rowTotals.GroupBy(total => total).OrderBy(group => group.Key))
            {
                foreach (var columns in _columnTotals.GroupBy(total => total).OrderBy(group => group.Key))
                    sum += (double)rows.Count() * columns.Count() * InformationTheory.PartialExpectedMutualInformation(Total, rows.Key, columns.Key);
            }

            return sum / Total;
        }
    }

    /// <summary>Pearson's χ² of independence with its degrees of freedom.</summary>
    public (double Value, long DegreesOfFreedom) ChiSquared()
    {
        var (rows, columns) = (_rowTotals.LongCount(total => total > 0), _columnTotals.LongCount(total => total > 0));
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var expected = (double)_rowTotals[row] * _columnTotals[column] / Total;
                if (expected > 0)
                    sum += (this[row, column] - expected) * (this[row, column] - expected) / expected;
            }
        }

        return (sum, Math.Max(0, (rows - 1) * (columns - 1)));
    }

    /// <summary>Cramér's V without the bias that chance brings in small tables (Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", 2013).</summary>
    public double CramersV()
    {
        var (rows, columns) = (_rowTotals.LongCount(total => total > 0), _columnTotals.LongCount(total => total > 0));
        if (Total < 2 || rows < 2 || columns < 2)
            return 0;
        double n = Total;
        var phi = Math.Max(0, (ChiSquared().Value / n) - ((rows - 1) * (columns - 1) / (n - 1)));
        var least = Math.Min(Corrected(rows), Corrected(columns)) - 1;
        return least <= 0 ? 0 : Math.Min(1, Math.Sqrt(phi / least));

        double Corrected(long values) => values - ((values - 1.0) * (values - 1.0) / (n - 1));
    }

    /// <summary>The share of examples that is right when for each row its most frequent column is guessed.</summary>
    public double BestAccuracy
    {
        get
        {
            var right = 0L;
            for (var row = 0; row < Rows; row++)
                right += _cells.AsSpan(row * Columns, Columns).IsEmpty ? 0 : Max(_cells.AsSpan(row * Columns, Columns));
            return Total == 0 ? 0 : (double)right / Total;
        }
    }

    /// <summary>The share of examples that is right when always the most frequent column is guessed.</summary>
    public double MajorityAccuracy => Total == 0 ? 0 : (double)_columnTotals.Max() / Total;

    /// <summary>
    /// The chance that an example of the second column stands above one of the first (ties count half), when rows are
    /// ordered as <paramref name="order"/> says; null unless there are two columns, both with examples.
    /// </summary>
    public double? AreaUnderCurve(IEnumerable<int> order)
    {
        if (Columns != 2 || _columnTotals.Any(total => total == 0))
            return null;
        Int128 twice = 0, below = 0;
        foreach (var row in order)
        {
            twice += this[row, 1] * ((2 * below) + this[row, 0]);
            below += this[row, 0];
        }

        return (double)twice / 2 / ((double)_columnTotals[0] * _columnTotals[1]);
    }

    /// <summary>Rows by the share of the second column among them, the least first.</summary>
    public IEnumerable<int> ByShareOfSecond() =>
        Enumerable.Range(0, Rows).Where(row => _rowTotals[row] > 0).OrderBy(row => (double)this[row, 1] / _rowTotals[row]).ThenBy(row => row);

    static long Max(ReadOnlySpan<long> values)
    {
        var result = 0L;
        foreach (var value in values)
            result = Math.Max(result, value);
        return result;
    }

    double Entropy(IEnumerable<long> totals)
    {
        double n = Total;
        return Total == 0 ? 0 : totals.Where(total => total > 0).Sum(total => total / n * Math.Log2(n / total));
    }
}
