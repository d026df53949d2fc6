using System.Globalization;
using Gyre.Data;
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
    /// <summary>The largest difference allowed between a trainer's own prediction and that of its graph; of numbers beyond 1 as a share of them.</summary>
    public const double Tolerance = 1e-5;

    const int TrainRows = 300;
    const int EvalRows = 60;

    /// <summary>
    /// Tries the whole contract, for each task that the trainer says it learns: the first on every mix of kinds of features, one
    /// or two of each, the others on each kind by itself and on all together; with missing numbers where it takes them.
    /// </summary>
    /// <param name="create">Makes the trainer anew, the same each time; few epochs will do.</param>
    /// <returns>Every breach in words; empty when the contract is held.</returns>
    public static IReadOnlyList<string> Breaches(Func<Trainer> create)
    {
        var breaches = new List<string>(create().Problems());
        if (create().Tasks.Count == 0)
            breaches.Add("Tasks names nothing that the trainer can learn.");
        foreach (var task in create().Tasks)
        {
            var thorough = task == create().Tasks[0];
            for (var kinds = 1; kinds < 16 && breaches.Count == 0; kinds++)
            {
                if (!thorough && kinds != 15 && !int.IsPow2(kinds))
                    continue;
                for (var each = 1; each <= (thorough ? 2 : 1); each++)
                    breaches.AddRange(Breaches(create, Mix(kinds, each), task, seed: (kinds * 2) + each));
            }
        }

        if (breaches.Count == 0 && create().TakesMissing)
            breaches.AddRange(create().Tasks.SelectMany(task => Breaches(create, [.. Mix(15, 1).Select(MaybeMissing)], task, seed: 40)));
        if (breaches.Count == 0 && !StopsWhenCancelled(create))
            breaches.Add("Train went on, or failed otherwise, though its token was cancelled. Call ThrowIfCancellationRequested in every step.");
        return breaches;
    }

    /// <summary>A label such as <see cref="MadeUpFeatures"/> makes for a task; three classes where there are classes.</summary>
    public static LabelSpec LabelOf(LearningTask task) => task switch
    {
        LearningTask.Binary => new LabelSpec("label", ["1"]),
        LearningTask.Multiclass or LearningTask.Multilabel => new LabelSpec("label") { Task = task, Classes = ["a", "b", "c"] },
        LearningTask.Ranking => new LabelSpec("label") { Task = task, Group = "group" },
        _ => new LabelSpec("label") { Task = task },
    };

    /// <summary>What a trainer is given for some features, quietly.</summary>
    public static TrainingInput Input(IReadOnlyList<FeatureSpec> features, FeatureSet train, FeatureSet eval, int threads = 1) =>
        Input(features, LabelOf(LearningTask.Binary), train, eval, threads);

    /// <inheritdoc cref="Input(IReadOnlyList{FeatureSpec}, FeatureSet, FeatureSet, int)"/>
    public static TrainingInput Input(IReadOnlyList<FeatureSpec> features, LabelSpec label, FeatureSet train, FeatureSet eval, int threads = 1) => new()
    {
        Features = features,
        Label = label,
        Train = train,
        Eval = eval,
        Threads = threads,
        TemporaryDirectory = Path.GetTempPath(),
        Log = NullLogger.Instance,
        Report = static _ => { },
    };

    static IEnumerable<string> Breaches(Func<Trainer> create, IReadOnlyList<FeatureSpec> features, LearningTask task, int seed)
    {
        var source = new MadeUpFeatures(features, seed);
        var label = LabelOf(task);
        var (train, eval) = (source.Make(TrainRows, label), source.Make(EvalRows, label));
        using var one = create().Train(Input(features, label, train, eval), CancellationToken.None);
        using var other = create().Train(Input(features, label, train, eval, threads: 4), CancellationToken.None);
        using var graph = new FeatureGraph(one, features, label);
        using var again = new FeatureGraph(other, features, label);
        var mix = $"With {string.Join(", ", features.Select(feature => feature.Name))}, {task}: ";

        if (!graph.Bytes.AsSpan().SequenceEqual(again.Bytes))
            yield return mix + "the same examples and seed with another number of threads gave another model. Draw every random choice from Seed, and add numbers in a fixed order.";
        var expected = one.Predict(eval);
        if (expected.Length != EvalRows * label.OutputWidth)
            yield return mix + $"Predict gives {expected.Length} numbers for {EvalRows} examples. Expected {label.OutputWidth} to each.";
        else if (Nonsense(task, label, expected) is { } nonsense)
            yield return mix + nonsense;
        foreach (var batch in new[] { 1, 7, EvalRows })
        {
            if (Difference(expected, graph.Predict(eval, batch), label.OutputWidth) is { } difference)
                yield return mix + $"in batches of {batch} {difference}";
        }

        if (!one.Epochs.Select(epoch => epoch.Epoch).SequenceEqual(Enumerable.Range(1, one.Epochs.Count)) || one.Epochs.Count == 0)
            yield return mix + $"Epochs are numbered {string.Join(", ", one.Epochs.Select(epoch => epoch.Epoch))}. Expected 1, 2, 3 and so on, at least one.";
    }

    /// <summary>Says what is no prediction of the task.</summary>
    static string? Nonsense(LearningTask task, LabelSpec label, float[] predictions)
    {
        if (predictions.FirstOrDefault(value => !float.IsFinite(value), 0) is var odd && !float.IsFinite(odd))
            return $"the model predicts {odd}. Expected a number.";
        if (task is LearningTask.Regression or LearningTask.Ranking)
            return null;
        if (predictions.Any(value => value is < 0 or > 1))
            return "the model predicts probabilities below 0 or above 1.";
        var off = task == LearningTask.Multiclass ? predictions.Chunk(label.OutputWidth).Max(row => Math.Abs(row.Sum() - 1)) : 0;
        return off > Tolerance ? $"the probabilities of an example sum to 1 but for {off}." : null;
    }

    static string? Difference(float[] expected, float[] actual, int width)
    {
        if (expected.Length != actual.Length)
            return $"the graph gives {actual.Length} numbers, the model {expected.Length}.";
        double Distance(int i) => Math.Abs((double)expected[i] - actual[i]) / Math.Max(1, Math.Abs((double)expected[i]));
        var worst = Enumerable.Range(0, expected.Length).MaxBy(i => Distance(i) is var distance && double.IsNaN(distance) ? double.MaxValue : distance);
        return Distance(worst) <= Tolerance
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the graph predicts {actual[worst]:R} for example {worst / width}, the model {expected[worst]:R}. Expected equal predictions, to {Tolerance}.");
    }

    static bool StopsWhenCancelled(Func<Trainer> create)
    {
        var features = Mix(15, 1);
        var label = LabelOf(create().Tasks[0]);
        var source = new MadeUpFeatures(features, seed: 1);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        try
        {
            create().Train(Input(features, label, source.Make(TrainRows, label), source.Make(EvalRows, label)), stop.Token).Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    static FeatureSpec MaybeMissing(FeatureSpec feature) => feature with { MayBeMissing = feature.Kind == FeatureKind.Number };

    static IReadOnlyList<FeatureSpec> Mix(int kinds, int each) =>
    [
        .. Enum.GetValues<FeatureKind>().Where(kind => (kinds & (1 << (int)kind)) != 0)
            .SelectMany(kind => Enumerable.Range(1, each).Select(i => new FeatureSpec($"{kind}{i}", kind, kind == FeatureKind.Number ? i : 5 * i))),
    ];
}
