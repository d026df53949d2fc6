using System.Globalization;

namespace Gyre.Pages;

/// <summary>
/// Finds the classic mistake of reading a file without a header as one with: then the features bear the values of its
/// first row as names. Seen from another set of the same data, these names are values of the features at their place.
/// </summary>
static class HeaderTakenForData
{
    /// <summary>How many of the strange names must be values of the other set before it is said.</summary>
    const double Enough = 0.5;

    const int LongestName = 24;

    public static Remark? Find(DataSetView first, IReadOnlyList<FeatureView> onlyFirst, DataSetView second, IReadOnlyList<FeatureView> onlySecond) =>
        Look(first, onlyFirst, second) ?? Look(second, onlySecond, first);

    /// <param name="strange">The set whose names may be a row of data.</param>
    /// <param name="names">The features that only it has.</param>
    /// <param name="known">The other set.</param>
    static Remark? Look(DataSetView strange, IReadOnlyList<FeatureView> names, DataSetView known)
    {
        // The name that both sets know may be a value by chance; a set that shares most names has its header.
        if (names.Count == 0 || names.Count * 2 < strange.Features.Count)
            return null;
        var values = names.Select(feature => (feature.Name, At: ValueOf(feature.Name, strange.Features.ToList().IndexOf(feature), known))).Where(found => found.At is not null).ToList();
        if (values.Count < Math.Max(1, names.Count * Enough))
            return null;
        var examples = values.Where(value => value.Name.Length is > 0 and <= LongestName).DefaultIfEmpty(values[0]).Take(3)
            .Select(value => $"'{VisibleText.Of(value.Name, LongestName)}' is a value of {VisibleText.Name(value.At!)}");
        return new Remark(RemarkWeight.Warning, [.. names.Select(feature => feature.Name)], string.Create(CultureInfo.InvariantCulture,
            $"Columns differ; the names of {Remark.Called(strange)} look like a data row: {values.Count} of its {names.Count} names are values of {Remark.Called(known)} ({string.Join(", ", examples)}). Was the first row taken for the header? Read the file as one without a header, and name its columns."));
    }

    /// <summary>The feature of the other set that has this value: that at the same place before any other.</summary>
    static string? ValueOf(string name, int place, DataSetView known)
    {
        var candidates = known.Features.Count > place && place >= 0 ? known.Features.Skip(place).Take(1).Concat(known.Features) : known.Features;
        return candidates.FirstOrDefault(feature => Has(feature, name))?.Name;
    }

    static bool Has(FeatureView feature, string name) => feature.IsNumber
        ? double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= feature.Min && number <= feature.Max
        : name.Length > 0 && (feature.TopValues.Any(top => top.Value == name) || feature.Ranks.Any(rank => rank.Label == name));
}
