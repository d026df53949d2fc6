using Gyre.Training;

namespace Gyre.LightGbm;

/// <summary>
/// What LightGBM itself says of its trees: by how much the splits on a feature lowered the training loss, all together, and how many there are.
/// </summary>
static class TreeImportance
{
    public static ImportanceRecord Of(TreeColumns columns, IReadOnlyList<string> texts)
    {
        var gains = new double[columns.Count];
        var splits = new int[columns.Count];
        foreach (var tree in texts.SelectMany(TreeText.Read))
        {
            for (var node = 0; node < tree.Columns.Length; node++)
            {
                gains[tree.Columns[node]] += tree.Gains[node];
                splits[tree.Columns[node]]++;
            }
        }

        return ImportanceRecord.Ranked("gain", columns.Parts.Select(part =>
            new FeatureImportance(part.Feature.Name, gains.AsSpan(part.First, part.Width).ToArray().Sum()) { Splits = splits.AsSpan(part.First, part.Width).ToArray().Sum() }));
    }
}
