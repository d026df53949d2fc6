using Gyre.Data;

namespace Gyre.Statistics.Cross;

/// <summary>
/// Computes statistics of two columns at a time, over all examples. Results depend on the examples' values alone: neither
/// on threads nor on the order of rows.
/// </summary>
public static class CrossEngine
{
    /// <summary>Holds columns of examples against each other and against the label.</summary>
    /// <param name="parquetPaths">Parquet files of examples, taken together.</param>
    /// <param name="options">What to compute.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="temporaryDirectory">Where rows may wait that do not fit into memory; null keeps all in memory.</param>
    /// <param name="onStep">Is told what is being computed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">The label or another column is not there, or cannot be what it shall be.</exception>
    public static CrossStatistics Compute(
        IReadOnlyList<string> parquetPaths,
        CrossOptions? options = null,
        int threads = 1,
        string? temporaryDirectory = null,
        Action<string>? onStep = null,
        CancellationToken cancellationToken = default) =>
        Compute(parquetPaths, options ?? new CrossOptions(), threads, temporaryDirectory, condition: null, onStep, cancellationToken);

    /// <summary>The same for those examples that fulfil a condition in SQL.</summary>
    internal static CrossStatistics Compute(
        IReadOnlyList<string> parquetPaths,
        CrossOptions options,
        int threads,
        string? temporaryDirectory,
        string? condition,
        Action<string>? onStep,
        CancellationToken cancellationToken)
    {
        options.Check();
        if (parquetPaths.Count == 0)
            throw new ArgumentException("There are no files. Expected at least one.", nameof(parquetPaths));
        using var engine = new DataEngine(threads, temporaryDirectory);
        var source = new CrossSource(engine, parquetPaths, options, condition);
        var skipped = source.Skipped.ToList();
        var label = options.Label is null ? null : LabelCodes.Find(engine, source, options);
        Tell("categories");
        var codes = CategoryCodes.Create(engine, source, label, options, skipped, cancellationToken);
        var result = new CrossStatistics();
        if (options.Pairs)
            result = Pairs();
        if (label is not null)
            result = AgainstLabel(label);
        return result with { Skipped = skipped };

        CrossStatistics Pairs()
        {
            var numbers = source.Numbers.Take(options.MaxNumbers).ToList();
            skipped.AddRange(source.Numbers.Skip(options.MaxNumbers).Select(column =>
                new SkippedColumn(column, $"comes after the first {options.MaxNumbers} columns of numbers (MaxNumbers), so it is in no pair")));
            Tell("correlations");
            var correlations = new NumberPairs(engine, source, numbers, threads, cancellationToken).Compute();
            Tell("associations");
            var associations = (
                from x in Enumerable.Range(0, codes.Columns.Count)
                from y in Enumerable.Range(x + 1, codes.Columns.Count - x - 1)
                select Associate(x, y)).ToList();
            Tell("correlation ratios");
            return result with { Numbers = correlations, Categories = associations, Mixed = [.. MixedPairs.Compute(engine, source, numbers, codes)] };
        }

        CategoryPair Associate(int x, int y)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var table = codes.Pair(x, y);
            var (chiSquared, degrees) = table.ChiSquared();
            var information = table.MutualInformation;
            return new CategoryPair(
                codes.Columns[x], codes.Columns[y], table.Total, chiSquared, degrees, ChiSquaredTail.Of(chiSquared, degrees), table.CramersV(),
                table.RowEntropy == 0 ? 0 : information / table.RowEntropy, table.ColumnEntropy == 0 ? 0 : information / table.ColumnEntropy);
        }

        CrossStatistics AgainstLabel(LabelCodes codesOfLabel)
        {
            var associations = new List<LabelAssociation>();
            var lifts = new List<FeatureLift>();
            for (var category = 0; category < codes.Columns.Count; category++)
            {
                Tell($"{codes.Columns[category]} against {options.Label}");
                associations.Add(CategoryAgainstLabel.Compute(codes, category));
                var cells = options.Weight is null
                    ? Array.ConvertAll(codes.WithLabel(category), count => (double)count)
                    : LiftOfCategory.Weigh(engine, source, codes, category, codesOfLabel, options.Weight);
                lifts.Add(LiftOfCategory.Compute(codes, category, cells, codesOfLabel, options));
            }

            foreach (var number in source.Numbers)
            {
                Tell($"{number} against {options.Label}");
                associations.Add(NumberAgainstLabel.Compute(engine, source, number, codesOfLabel, options));
            }

            return result with
            {
                Labels = [.. associations.OrderByDescending(one => one.UncertaintyCoefficient).ThenBy(one => one.Feature, StringComparer.Ordinal)],
                Lifts = lifts,
                Codes = codesOfLabel,
                HasWeights = options.Weight is not null,
            };
        }

        void Tell(string step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            onStep?.Invoke(step);
        }
    }
}
