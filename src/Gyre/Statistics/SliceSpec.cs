namespace Gyre.Statistics;

/// <summary>
/// Examples to describe apart from the others, by what stands in some columns. A slice is named
/// <c>column_value</c>, for several columns <c>column_value_column_value</c> in the order of their names.
/// </summary>
/// <example><code>
/// SliceSpec.By("state")                                  // a slice for each state
/// SliceSpec.By("state", "product")                       // for each pair that occurs
/// SliceSpec.By("state").Where("product", "Mortgage")     // for each state, of mortgages only
/// </code></example>
public sealed record SliceSpec
{
    /// <summary>The columns, and the values that count in each; no values stand for all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>More slices than this are an error: a column of nearly as many values as examples was not meant.</summary>
    public int MaxSlices { get; init; } = 1000;

    /// <summary>A slice for each combination of values.</summary>
    public static SliceSpec By(params IReadOnlyList<string> columns) =>
        new() { Columns = columns.ToDictionary(column => column, _ => (IReadOnlyList<string>)[], StringComparer.Ordinal) };

    /// <summary>Examples that have one of these values in a column; the values as text.</summary>
    public SliceSpec Where(string column, params IReadOnlyList<string> values) =>
        this with { Columns = new Dictionary<string, IReadOnlyList<string>>(Columns, StringComparer.Ordinal) { [column] = values } };
}
