using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Testing;

/// <summary>
/// Examples made up from a seed, with labels drawn from a stated formula, so that the best attainable quality is known: each
/// id and each token has a hidden weight, each number counts by its size, and the sum is the log-odds.
/// </summary>
public sealed class MadeUpFeatures
{
    readonly Random _random;
    readonly Dictionary<string, double[]> _weights = new(StringComparer.Ordinal);

    /// <param name="features">What an example consists of.</param>
    /// <param name="seed">Decides everything.</param>
    public MadeUpFeatures(IReadOnlyList<FeatureSpec> features, int seed)
    {
        Features = features;
        _random = new Random(seed);
        foreach (var feature in features)
            _weights[feature.Name] = [.. Enumerable.Range(0, feature.Size).Select(_ => (_random.NextDouble() * 4) - 2)];
    }

    public IReadOnlyList<FeatureSpec> Features { get; }

    /// <summary>More examples; now and then an id is missing, a text is empty, and a number that may be missing is.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="logOdds">What the labels were drawn from.</param>
    public FeatureSet Make(int rows, out float[] logOdds)
    {
        var sums = new float[rows];
        var numbers = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var ids = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal);
        foreach (var feature in Features)
        {
            if (feature.Kind == FeatureKind.Number)
                numbers[feature.Name] = Numbers(feature, sums);
            else if (feature.Kind == FeatureKind.Tokens)
                tokens[feature.Name] = Lists(feature, sums);
            else
                ids[feature.Name] = Ids(feature, sums);
        }

        logOdds = sums;
        return new FeatureSet
        {
            Rows = rows,
            Labels = Array.ConvertAll(sums, sum => _random.NextDouble() < 1 / (1 + Math.Exp(-sum)) ? 1f : 0f),
            Numbers = numbers,
            Ids = ids,
            Tokens = tokens,
        };
    }

    /// <summary>More examples with a label of any task, drawn from the same sums: cut into classes, or taken as the number itself.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="label">Its task and its classes; groups of a ranking have up to eight examples.</param>
    public FeatureSet Make(int rows, LabelSpec label)
    {
        var binary = Make(rows, out var sums);
        return label.Task switch
        {
            LearningTask.Binary => binary,
            LearningTask.Multiclass => binary with { Labels = Array.ConvertAll(sums, sum => (float)Math.Clamp((int)Math.Floor((sum + Noise() + 4) * label.Classes.Count / 8), 0, label.Classes.Count - 1)) },
            LearningTask.Multilabel => binary with { LabelWidth = label.LabelWidth, Labels = [.. sums.SelectMany(sum => label.Classes.Select((_, i) => (i % 2 == 0 ? sum : -sum) + i + (2 * Noise()) > 0 ? 1f : 0f))] },
            LearningTask.Regression => binary with { Labels = Array.ConvertAll(sums, sum => (float)(20 + (5 * sum) + Noise())) },
            _ => binary with { Labels = Array.ConvertAll(sums, sum => (float)Math.Clamp(Math.Round(sum + 2 + Noise()), 0, 4)), Groups = [.. Enumerable.Range(0, rows).Select(row => row / 8)] },
        };
    }

    double Noise() => _random.NextDouble() - 0.5;

    float[] Numbers(FeatureSpec feature, float[] sums)
    {
        var values = new float[sums.Length * feature.Size];
        for (var i = 0; i < values.Length; i++)
        {
            var standard = _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5;
            sums[i / feature.Size] += (float)(standard * _weights[feature.Name][i % feature.Size]);
            values[i] = feature.MayBeMissing && _random.Next(4) == 0 ? float.NaN : (float)(100 + (50 * standard));
        }

        return values;
    }

    int[] Ids(FeatureSpec feature, float[] sums)
    {
        var values = new int[sums.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = _random.Next(10) == 0 ? -1 : _random.Next(feature.Size);
            sums[row] += values[row] < 0 ? 0 : (float)_weights[feature.Name][values[row]];
        }

        return values;
    }

    TokenLists Lists(FeatureSpec feature, float[] sums)
    {
        var values = new List<int>();
        var offsets = new int[sums.Length + 1];
        for (var row = 0; row < sums.Length; row++)
        {
            var length = _random.Next(10) == 0 ? 0 : _random.Next(1, 12);
            for (var i = 0; i < length; i++)
            {
                // Small ids are far more frequent, as words are.
                var id = (int)(feature.Size * Math.Pow(_random.NextDouble(), 3));
                values.Add(id);
                sums[row] += (float)(_weights[feature.Name][id] * 2 / length);
            }

            offsets[row + 1] = values.Count;
        }

        return new TokenLists([.. values], offsets);
    }
}
