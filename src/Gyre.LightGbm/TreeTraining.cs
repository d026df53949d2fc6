using System.Diagnostics;
using System.Globalization;
using Gyre.Data;
using Gyre.Pipelines;
using Gyre.Training;
using Gyre.Transforms;
using Microsoft.Extensions.Logging;

namespace Gyre.LightGbm;

/// <summary>One training of a <see cref="LightGbmTrainer"/>.</summary>
sealed class TreeTraining(LightGbmTrainer options, TrainingInput input)
{
    static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(200);

    readonly TreeColumns _columns = TreeColumns.Of(input.Features, options.MaxColumns);
    readonly TreeObjective _objective = TreeObjective.Of(input.Label, options.RegressionLoss);
    readonly FeatureSet _train = TreeExamples.ByGroup(input.Train);
    long _lastReport = Stopwatch.GetTimestamp();

    bool IsMultilabel => input.Label.Task == LearningTask.Multilabel;

    public LightGbmModel Run(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireWatchable();
        TreeExamples.RequireLearnable(input.Label, options.RegressionLoss, _train);
        using var train = TreeDataset.Create(
            ExampleMatrix.Of(_columns, _train, 0, _train.Rows), _columns.Names, _objective.Parameters(options, input.Threads), reference: null);
        if (_train.Groups is not null)
            train.SetGroups([.. _train.RowsByGroup().Select(rows => rows.Length)]);
        var weights = TreeExamples.Weights(input.Label, _train, options.ClassWeights);
        if (weights is not null)
            train.SetWeights(weights);
        var watched = TreeExamples.Some(_train);
        var earlier = input.WarmStart is null ? null : EarlierTrees.Load(input.WarmStart, _columns, _objective, _train.LabelWidth);
        var learnt = new List<LearntTrees>();
        for (var output = 0; output < _train.LabelWidth; output++)
        {
            var label = IsMultilabel ? new LabelSpec(input.Label.Column, ["1"]) : input.Label;
            train.SetLabels(TreeExamples.LabelsOf(_train, output));
            using var start = earlier?.Booster(output);
            if (start is not null)
                train.SetInitialScores(EarlierTrees.Sums(start, ExampleMatrix.Of(_columns, _train, 0, _train.Rows), _objective.Outputs, input.Threads));
            learnt.Add(Learn(
                output, train, start, new WatchedExamples(_columns, _objective, label, TreeExamples.Of(watched, output)),
                new WatchedExamples(_columns, _objective, label, TreeExamples.Of(input.Eval, output)), cancellationToken));
        }

        return new LightGbmModel(_columns, _objective.Link, [.. learnt.Select(trees => trees.Text)], input.OutputWidth, input.Threads, Curve(learnt))
        {
            KeptEpoch = options.EarlyStopping > 0 && !IsMultilabel ? learnt[0].Kept : null,
        };
    }

    LearntTrees Learn(int output, TreeDataset data, Booster? earlier, WatchedExamples watched, WatchedExamples eval, CancellationToken cancellationToken)
    {
        var best = new BestRound(options.Watch);
        var curve = new List<EpochSummary>();
        using var booster = Booster.Create(data, _objective.Parameters(options, input.Threads));
        var before = earlier?.Rounds ?? 0;
        if (earlier is not null)
        {
            booster.Continue(earlier);
            var trees = booster.Trees(0, before);
            watched.Add(trees, input.Threads);
            eval.Add(trees, input.Threads);
        }

        for (var round = 1; round <= options.Trees; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!booster.Learn() && (before + round > 1))
            {
                input.Log.LogInformation("no split makes anything better after {Rounds} rounds", round - 1);
                break;
            }

            var trees = booster.Trees(before + round - 1, rounds: 1);
            watched.Add(trees, input.Threads);
            eval.Add(trees, input.Threads);
            curve.Add(Summarise(round, watched, eval));
            Report(output, round, curve[^1].TrainLoss);
            if (options.EarlyStopping > 0 && !best.Offer(round, eval.Measure(options.Watch)) && round - best.Round >= options.EarlyStopping)
                break;
            if (!IsMultilabel && !input.GoOn(curve[^1]))
                break;
        }

        var kept = options.EarlyStopping > 0 ? best.Round : curve.Count;
        if (curve.Count == 0)
            curve.Add(Summarise(1, watched, eval));
        Log(output, kept, curve);
        return new LearntTrees(booster.Save(before + kept), curve, Math.Max(kept, 1));
    }

    EpochSummary Summarise(int round, WatchedExamples watched, WatchedExamples eval)
    {
        var others = eval.Rows == 0 ? [] : _objective.Metrics.Where(metric => metric is not TreeMetric.Loss and not TreeMetric.Auc && (metric == options.Watch || !IsBinary)).ToList();
        return new EpochSummary(
            round, watched.Measure(TreeMetric.Loss), eval.Measure(TreeMetric.Loss), IsBinary ? eval.Measure(TreeMetric.Auc) : double.NaN)
        {
            Metrics = others.Count == 0 ? null : others.ToDictionary(NameOf, eval.Measure, StringComparer.Ordinal),
        };
    }

    bool IsBinary => input.Label.Task == LearningTask.Binary;

    void Log(int output, int kept, List<EpochSummary> curve)
    {
        var last = curve[Math.Max(kept, 1) - 1];
        input.Log.LogInformation(
            "{Label}{Kept} of {Rounds} rounds kept: train loss {TrainLoss:F5}, eval loss {EvalLoss:F5}{Others}",
            IsMultilabel ? $"{input.Label.Classes[output]}: " : "", kept, curve.Count, last.TrainLoss, last.EvalLoss,
            string.Concat((last.Metrics ?? new Dictionary<string, double>(StringComparer.Ordinal)).Select(metric => string.Create(CultureInfo.InvariantCulture, $", eval {metric.Key} {metric.Value:F4}")))
            + (double.IsNaN(last.EvalAuc) ? "" : string.Create(CultureInfo.InvariantCulture, $", eval AUC {last.EvalAuc:F4}")));
    }

    void Report(int output, int round, double loss)
    {
        if (round < options.Trees && Stopwatch.GetElapsedTime(_lastReport) < ReportEvery)
            return;
        _lastReport = Stopwatch.GetTimestamp();
        input.Report(new Progress
        {
            Epoch = (output * options.Trees) + round,
            Epochs = _train.LabelWidth * options.Trees,
            Rows = _train.Rows,
            TotalRows = _train.Rows,
            Loss = double.IsNaN(loss) ? null : loss,
        });
    }

    void RequireWatchable()
    {
        if (options.EarlyStopping == 0)
            return;
        if (input.Eval.Rows == 0)
        {
            throw new InvalidDataException(
                "EarlyStopping watches a metric on the eval split, and that has no examples. Give the split a larger share, or set EarlyStopping = 0.");
        }

        if (options.ProblemsWith(input.Label).FirstOrDefault() is { } problem)
            throw new InvalidDataException(problem);
    }

    /// <summary>Of several labels the mean round by round; each stays at the round that it kept, so the last is that of the model.</summary>
    static IReadOnlyList<EpochSummary> Curve(List<LearntTrees> learnt) => learnt is [var only]
        ? only.Curve
        :
        [
            .. Enumerable.Range(0, learnt.Max(trees => trees.Kept)).Select(round => new EpochSummary(
                round + 1, learnt.Average(trees => At(trees, round).TrainLoss), learnt.Average(trees => At(trees, round).EvalLoss), double.NaN)),
        ];

    static EpochSummary At(LearntTrees trees, int round) => trees.Curve[Math.Min(round, trees.Kept - 1)];

    static string NameOf(TreeMetric metric) => metric switch
    {
        TreeMetric.RootMeanSquaredError => "root_mean_squared_error",
        TreeMetric.MeanAbsoluteError => "mean_absolute_error",
        _ => metric.ToString().ToLowerInvariant(),
    };

    /// <param name="Text">LightGBM's text of the trees.</param>
    /// <param name="Curve">What each round achieved.</param>
    /// <param name="Kept">The last round whose trees are kept, counted from 1.</param>
    sealed record LearntTrees(string Text, IReadOnlyList<EpochSummary> Curve, int Kept);
}
