using Gyre.Transforms;

namespace Gyre.LightGbm;

/// <summary>Sees one example.</summary>
delegate void RowVisitor(int row, ReadOnlySpan<float> values);

/// <summary>
/// Consecutive examples as LightGBM takes them. Missing numbers are NaN, and so are ids of −1, so that LightGBM learns to which
/// side of each split they belong. Dense, row by row, or with the zeros left out (<see cref="Starts"/>, then, is not empty).
/// </summary>
sealed class ExampleMatrix
{
    ExampleMatrix(int rows, int columns, float[] values, long[] starts, int[] positions) =>
        (Rows, Columns, Values, Starts, Positions) = (rows, columns, values, starts, positions);

    public int Rows { get; }

    public int Columns { get; }

    public float[] Values { get; }

    /// <summary>Where the values of each row begin, and where the last one's end.</summary>
    public long[] Starts { get; }

    /// <summary>The column of each value.</summary>
    public int[] Positions { get; }

    public bool IsSparse => Starts.Length > 0;

    /// <summary>The examples from <paramref name="first"/> on.</summary>
    /// <exception cref="InvalidDataException">They do not fit into memory's largest array.</exception>
    public static ExampleMatrix Of(TreeColumns columns, FeatureSet examples, int first, int rows) =>
        columns.IsSparse ? Sparse(columns, examples, first, rows) : Dense(columns, examples, first, rows);

    /// <summary>The values of some of the rows, one after the other, each written out to all its columns.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="see">Told the position of each row among all, and its values; these hold until it returns.</param>
    public void ForEach(int first, int rows, RowVisitor see)
    {
        if (!IsSparse)
        {
            for (var row = first; row < first + rows; row++)
                see(row, Values.AsSpan(row * Columns, Columns));
            return;
        }

        var values = new float[Columns];
        for (var row = first; row < first + rows; row++)
        {
            var (start, end) = ((int)Starts[row], (int)Starts[row + 1]);
            for (var i = start; i < end; i++)
                values[Positions[i]] = Values[i];
            see(row, values);
            for (var i = start; i < end; i++)
                values[Positions[i]] = 0;
        }
    }

    static ExampleMatrix Dense(TreeColumns columns, FeatureSet examples, int first, int rows)
    {
        var count = columns.Count;
        var values = new float[Fits((long)rows * count)];
        foreach (var part in columns.Parts)
        {
            var at = part.First;
            if (part.Feature.Kind != FeatureKind.Number)
            {
                foreach (var id in examples.Ids[part.Feature.Name].AsSpan(first, rows))
                {
                    values[at] = id < 0 ? float.NaN : id;
                    at += count;
                }

                continue;
            }

            var numbers = examples.Numbers[part.Feature.Name].AsSpan(first * part.Width, rows * part.Width);
            for (var row = 0; row < rows; row++, at += count)
                numbers.Slice(row * part.Width, part.Width).CopyTo(values.AsSpan(at));
        }

        return new ExampleMatrix(rows, count, values, [], []);
    }

    static ExampleMatrix Sparse(TreeColumns columns, FeatureSet examples, int first, int rows)
    {
        var most = 0L;
        foreach (var part in columns.Parts)
        {
            most += part.Feature.Kind == FeatureKind.Tokens && examples.Tokens[part.Feature.Name].Offsets is var offsets
                ? offsets[first + rows] - offsets[first]
                : (long)rows * part.Width;
        }

        var rowsOf = new SparseRows(Fits(most), rows);
        for (var row = first; row < first + rows; row++)
        {
            foreach (var part in columns.Parts)
                rowsOf.Add(part, examples, row);
            rowsOf.EndRow();
        }

        return new ExampleMatrix(rows, columns.Count, rowsOf.Values, rowsOf.Starts, rowsOf.Positions);
    }

    static int Fits(long elements) => elements <= Array.MaxLength
        ? (int)elements
        : throw new InvalidDataException($"The examples have {elements} values. Expected at most {Array.MaxLength}: give fewer examples or features.");

    /// <summary>Rows as they come.</summary>
    sealed class SparseRows(int most, int rows)
    {
        int[] _sorted = new int[64];
        int _row;
        int _count;

        public float[] Values { get; } = new float[most];

        public int[] Positions { get; } = new int[most];

        public long[] Starts { get; } = new long[rows + 1];

        public void EndRow() => Starts[++_row] = _count;

        public void Add(TreeColumn part, FeatureSet examples, int row)
        {
            switch (part.Feature.Kind)
            {
                case FeatureKind.Number:
                    var numbers = examples.Numbers[part.Feature.Name].AsSpan(row * part.Width, part.Width);
                    for (var i = 0; i < numbers.Length; i++)
                        Put(part.First + i, numbers[i]);
                    break;
                case FeatureKind.Tokens:
                    var tokens = examples.Tokens[part.Feature.Name];
                    AddCounts(part.First, tokens.Values.AsSpan(tokens.Offsets[row]..tokens.Offsets[row + 1]));
                    break;
                default:
                    var id = examples.Ids[part.Feature.Name][row];
                    Put(part.First, id < 0 ? float.NaN : id);
                    break;
            }
        }

        /// <summary>Each token once, with how often it occurs.</summary>
        void AddCounts(int first, ReadOnlySpan<int> tokens)
        {
            if (_sorted.Length < tokens.Length)
                _sorted = new int[Math.Max(tokens.Length, 2 * _sorted.Length)];
            var sorted = _sorted.AsSpan(0, tokens.Length);
            tokens.CopyTo(sorted);
            sorted.Sort();
            for (var start = 0; start < sorted.Length;)
            {
                var end = start + 1;
                while (end < sorted.Length && sorted[end] == sorted[start])
                    end++;
                Put(first + sorted[start], end - start);
                start = end;
            }
        }

        void Put(int column, float value)
        {
            if (value == 0)
                return;
            Values[_count] = value;
            Positions[_count++] = column;
        }
    }
}
