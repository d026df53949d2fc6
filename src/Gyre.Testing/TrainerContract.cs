using System.Globalization;
using Gyre.Training;
using Gyre.Transforms;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gyre.Testing;

/// <summary>
/// What every trainer must hold to, tried on examples of every mix of features: what it says in ONNX is what it predicts,
/// equal trainings give equal bytes whatever the number of threads, and it stops when cancelled.
/// </summary>
public static class TrainerContract
{
    /// <summary>The largest difference allowed between a trainer's own prediction and that of its graph.</summary>
    public const double Tolerance = 1e-5;

    const int TrainRows = 300;
    const int EvalRows = 60;

    /// <summary>Tries the whole contract on every mix of kinds of features, one or two of each.</summary>
    /// <param name="create">Makes the trainer anew, the same each time; few epochs will do.</param>
    /// <returns>Every breach in words; empty when the contract is held.</returns>
    public static IReadOnlyList<string> Breaches(Func<Trainer> create)
    {
        var breaches = new List<string>(create().Problems());
        for (var kinds = 1; kinds < 16 && breaches.Count == 0; kinds++)
        {
            for (var each = 1; each <= 2; each++)
                breaches.AddRange(Breaches(create, Mix(kinds, each), seed: (kinds * 2) + each));
        }

        if (breaches.Count == 0 && !StopsWhenCancelled(create))
            breaches.Add("Train went on, or failed otherwise, though its token was cancelled. Call ThrowIfCancellationRequested in every step.");
        return breaches;
    }

    /// <summary>What a trainer is given for some features, quietly.</summary>
    public static TrainingInput Input(IReadOnlyList<FeatureSpec> features, FeatureSet train, FeatureSet eval, int threads = 1) => new()
    {
        Features = features,
        Train = train,
        Eval = eval,
        Threads = threads,
        TemporaryDirectory = Path.GetTempPath(),
        Log = NullLogger.Instance,
        Report = static _ => { },
    };

    static IEnumerable<string> Breaches(Func<Trainer> create, IReadOnlyList<FeatureSpec> features, int seed)
    {
        var source = new MadeUpFeatures(features, seed);
        var (train, eval) = (source.Make(TrainRows, out _), source.Make(EvalRows, out _));
        using var one = create().Train(Input(features, train, eval), CancellationToken.None);
        using var other = create().Train(Input(features, train, eval, threads: 4), CancellationToken.None);
        using var graph = new FeatureGraph(one, features);
        using var again = new FeatureGraph(other, features);
        var mix = $"With {string.Join(", ", features.Select(feature => feature.Name))}: ";

        if (!graph.Bytes.AsSpan().SequenceEqual(again.Bytes))
            yield return mix + "the same examples and seed with another number of threads gave another model. Draw every random choice from Seed, and add numbers in a fixed order.";
        var expected = one.Predict(eval);
        foreach (var batch in new[] { 1, 7, EvalRows })
        {
            if (Difference(expected, graph.Predict(eval, batch)) is { } difference)
                yield return mix + $"in batches of {batch} {difference}";
        }

        if (!one.Epochs.Select(epoch => epoch.Epoch).SequenceEqual(Enumerable.Range(1, one.Epochs.Count)) || one.Epochs.Count == 0)
            yield return mix + $"Epochs are numbered {string.Join(", ", one.Epochs.Select(epoch => epoch.Epoch))}. Expected 1, 2, 3 and so on, at least one.";
    }

    static string? Difference(float[] expected, float[] actual)
    {
        var worst = Enumerable.Range(0, expected.Length).MaxBy(row => Math.Abs(expected[row] - actual[row]) is var difference && float.IsNaN(difference) ? float.MaxValue : difference);
        return expected.Length == actual.Length && Math.Abs(expected[worst] - actual[worst]) <= Tolerance && expected.All(value => value is >= 0 and <= 1)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the graph predicts {actual[worst]:R} for example {worst}, the model {expected[worst]:R}. Expected equal probabilities, to {Tolerance}.");
    }

    static bool StopsWhenCancelled(Func<Trainer> create)
    {
        var features = Mix(15, 1);
        var source = new MadeUpFeatures(features, seed: 1);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        try
        {
            create().Train(Input(features, source.Make(TrainRows, out _), source.Make(EvalRows, out _)), stop.Token).Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    static IReadOnlyList<FeatureSpec> Mix(int kinds, int each) =>
    [
        .. Enum.GetValues<FeatureKind>().Where(kind => (kinds & (1 << (int)kind)) != 0)
            .SelectMany(kind => Enumerable.Range(1, each).Select(i => new FeatureSpec($"{kind}{i}", kind, kind == FeatureKind.Number ? i : 5 * i))),
    ];
}
