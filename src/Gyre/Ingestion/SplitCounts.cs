namespace Gyre.Ingestion;

/// <summary>Checks how many rows splits got.</summary>
static class SplitCounts
{
    /// <summary>Fails when a split got none.</summary>
    /// <param name="names">The splits.</param>
    /// <param name="rows">For each split its number of rows.</param>
    /// <param name="isGrouped">Whether rows were kept together by columns of the user's choice.</param>
    /// <exception cref="InvalidDataException">One got none.</exception>
    public static void RequireRows(IReadOnlyList<string> names, IReadOnlyList<long> rows, bool isGrouped)
    {
        var empty = names.Where((_, index) => rows[index] == 0).Select(split => $"'{split}'").ToList();
        if (empty.Count > 0)
        {
            throw new InvalidDataException(
                $"The split {string.Join(" and ", empty)} got none of the {rows.Sum()} examples. Expected some in every split: "
                + $"bring more rows, change the shares with Splits{(isGrouped ? ", or split by a column with more different values" : "")}.");
        }
    }
}
