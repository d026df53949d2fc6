using System.Globalization;

namespace Gyre.LightGbm;

/// <summary>The trees of an earlier model, to go on from: LightGBM's text, one file or one for each label.</summary>
sealed class EarlierTrees
{
    readonly IReadOnlyList<string> _texts;

    EarlierTrees(IReadOnlyList<string> texts) => _texts = texts;

    public static void Save(IReadOnlyList<string> texts, string directory)
    {
        for (var i = 0; i < texts.Count; i++)
            File.WriteAllText(FileOf(directory, i), texts[i]);
    }

    /// <exception cref="InvalidDataException">They belong to other columns or to another task.</exception>
    public static EarlierTrees Load(string directory, TreeColumns columns, TreeObjective objective, int labels)
    {
        var texts = Enumerable.Range(0, labels).Select(i => FileOf(directory, i)).TakeWhile(File.Exists).Select(File.ReadAllText).ToList();
        if (texts.Count != labels || File.Exists(FileOf(directory, labels)))
            throw new InvalidDataException($"The earlier model in '{directory}' does not have {labels} sets of trees. Expected one to a label: set WarmStart = null.");
        foreach (var text in texts)
        {
            if (!TreeText.ColumnNames(text).SequenceEqual(columns.Names, StringComparer.Ordinal))
                throw new InvalidDataException($"The earlier model in '{directory}' looks at other columns than those of the features now. Expected the same: set WarmStart = null.");
            var (name, trees) = (TreeText.Header(text, "objective")?.Split(' ')[0], TreeText.Header(text, "num_tree_per_iteration"));
            if (name != objective.Name || trees != objective.Outputs.ToString(CultureInfo.InvariantCulture))
                throw new InvalidDataException($"The earlier model in '{directory}' was learnt by '{name}' with {trees} trees in a round. Expected '{objective.Name}' with {objective.Outputs}: set WarmStart = null.");
        }

        return new EarlierTrees(texts);
    }

    public Booster Booster(int label) => LightGbm.Booster.Load(_texts[label]);

    /// <summary>What trees say of examples before anything is added: all examples for the first output, then for the next.</summary>
    public static double[] Sums(Booster booster, ExampleMatrix matrix, int outputs, int threads)
    {
        var byExample = booster.Predict(matrix, outputs, PredictionKind.Raw, threads);
        var byOutput = new double[byExample.Length];
        for (var i = 0; i < byExample.Length; i++)
            byOutput[((i % outputs) * matrix.Rows) + (i / outputs)] = byExample[i];
        return byOutput;
    }

    static string FileOf(string directory, int label) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"lightgbm.{label}.txt"));
}
