namespace Gyre.Statistics.Cross;

/// <summary>Holds a column of categories against the label.</summary>
static class CategoryAgainstLabel
{
    public static LabelAssociation Compute(CategoryCodes codes, int category)
    {
        var width = codes.Labels + 1;
        var all = codes.WithLabel(category);
        var cells = Enumerable.Range(0, all.Length / width).SelectMany(row => all.Skip(row * width).Take(codes.Labels)).ToArray();
        return Describe(codes.Columns[category], new ContingencyTable(cells, codes.Labels));
    }

    /// <summary>What a table of a column's values against the label's says.</summary>
    public static LabelAssociation Describe(string column, ContingencyTable table)
    {
        var information = table.MutualInformation;
        var entropy = table.ColumnEntropy;
        return new LabelAssociation(
            column,
            table.Total,
            table.RowTotals.Count(total => total > 0),
            information,
            information - table.ExpectedMutualInformation,
            entropy == 0 ? 0 : Math.Min(1, information / entropy),
            table.BestAccuracy,
            table.MajorityAccuracy,
            table.AreaUnderCurve(table.ByShareOfSecond()));
    }
}
