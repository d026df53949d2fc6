using System.Globalization;
using System.Runtime.InteropServices;
using Gyre.Data;
using Gyre.Evaluation;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Torch.Layers;
using Gyre.Torch.Learning;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Tests;

/// <summary>Networks go on from an earlier one whose vocabularies had other ids.</summary>
public sealed class WarmStartTests : IDisposable
{
    static readonly FeatureSpec[] Before =
        [new("city", FeatureKind.OneHot, 12), new("price", FeatureKind.Number, 2), new("shop", FeatureKind.Category, 30), new("words", FeatureKind.Tokens, 90)];

    /// <summary>Three shops more, and one word less.</summary>
    static readonly FeatureSpec[] After =
        [new("city", FeatureKind.OneHot, 12), new("price", FeatureKind.Number, 2), new("shop", FeatureKind.Category, 33), new("words", FeatureKind.Tokens, 89)];

    readonly string _directory = Directory.CreateTempSubdirectory("gyre-warm-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Ids come in another order, as those of a vocabulary do that was learnt anew.</summary>
    static IReadOnlyList<string>? Shifted(IReadOnlyList<FeatureSpec> features, string name) =>
        features.Single(feature => feature.Name == name) is { Kind: not FeatureKind.Number } feature ? [.. Enumerable.Range(0, feature.Size).Reverse().Select(id => $"{name} {id}")] : null;

    static IReadOnlyList<string>? InOrder(IReadOnlyList<FeatureSpec> features, string name) =>
        features.Single(feature => feature.Name == name) is { Kind: not FeatureKind.Number } feature ? [.. Enumerable.Range(0, feature.Size).Select(id => $"{name} {id}")] : null;

    static TrainingInput Input(IReadOnlyList<FeatureSpec> features, LabelSpec label, bool isShifted)
    {
        var source = new MadeUpFeatures(features, seed: 3);
        return TrainerContract.Input(features, label, source.Make(400, label), source.Make(50, label)) with { Terms = name => isShifted ? Shifted(features, name) : InOrder(features, name) };
    }

    static NeuralNetwork Trainer => new()
    {
        Epochs = 2,
        LearningRate = 0.02,
        Towers =
        [
            new Tower { Kinds = [FeatureKind.Tokens, FeatureKind.Number], Text = new TokenConvolution(8, 6), Layers = [new Dense(16), new BatchNorm(), new Dropout(0.2)] },
            new Tower { Kinds = [FeatureKind.Category, FeatureKind.OneHot, FeatureKind.Number], Layers = [new LayerNorm(), new Dense(8)] },
            new Tower { Kinds = [FeatureKind.OneHot], Layers = [new Dense(4)] },
        ],
        Head = [new Dense(8)],
    };

    static LabelSpec Classes(params string[] classes) => new("label") { Task = LearningTask.Multiclass, Classes = classes };

    Dictionary<string, (IReadOnlyList<Axis> Axes, float[] Values)> Weights(NeuralTrainer trainer, TrainingInput input)
    {
        NativeTorch.Prepare();
        using var network = NetworkTraining.Begin(trainer, input, TaskHead.Of(input.Label, new TaskTargets(trainer, input)));
        return Values(network);
    }

    static Dictionary<string, (IReadOnlyList<Axis> Axes, float[] Values)> Values(Network network) =>
        network.Kept.ToDictionary(kept => kept.Name, kept => (kept.Axes, MemoryMarshal.Cast<byte, float>(kept.Content).ToArray()), StringComparer.Ordinal);

    [Fact]
    public void Rows_of_equal_texts_are_the_same_before_the_first_step_and_new_ones_are_fresh()
    {
        using var first = (NetworkModel)Trainer.Train(Input(Before, Classes("a", "b", "c"), isShifted: false), Token);
        first.SaveWarmStart(_directory);
        var earlier = Values(first.Network);
        var input = Input(After, Classes("c", "d", "a", "b"), isShifted: true);

        var begun = Weights(Trainer, input with { WarmStart = _directory });

        begun.Keys.ShouldBe(earlier.Keys, ignoreOrder: true);
        var (rows, fresh) = (0, 0);
        foreach (var name in new[] { "tower1/words/vectors", "tower2/shop", "tower3/Dense1/one_hots", "output/weights", "output/bias" })
        {
            var ((was, oldValues), (now, values)) = (earlier[name], begun[name]);
            var width = values.Length / now[0].Length;
            (oldValues.Length / was[0].Length).ShouldBe(width, name);
            for (var row = 0; row < now[0].Length; row++)
            {
                var old = was[0].Keys!.ToList().IndexOf(now[0].Keys![row]);
                (old >= 0).ShouldBe(!now[0].Keys![row].EndsWith("shop 30", StringComparison.Ordinal) && !now[0].Keys![row].EndsWith("shop 31", StringComparison.Ordinal)
                    && !now[0].Keys![row].EndsWith("shop 32", StringComparison.Ordinal) && now[0].Keys![row] != "d", now[0].Keys![row]);
                if (old >= 0)
                    values.AsSpan(row * width, width).SequenceEqual(oldValues.AsSpan(old * width, width)).ShouldBeTrue($"{name} {now[0].Keys![row]}");
                (rows, fresh) = (rows + 1, fresh + (old < 0 ? 1 : 0));
            }
        }

        rows.ShouldBe(89 + 33 + 12 + 4 + 4);
        fresh.ShouldBe(3 + 1 + 1);

        // The layer behind the one-hot vectors of the second tower has its columns by city too.
        var ((oldAxes, oldDense), (axes, dense)) = (earlier["tower2/Dense2/weights"], begun["tower2/Dense2/weights"]);
        for (var column = 0; column < axes[1].Length; column++)
            dense[axes[1].Length + column].ShouldBe(oldDense[oldAxes[1].Length + oldAxes[1].Keys!.ToList().IndexOf(axes[1].Keys![column])], axes[1].Keys![column]);
        begun["tower1/BatchNorm2/means"].Values.ShouldBe(earlier["tower1/BatchNorm2/means"].Values);

        Weights(Trainer, input with { WarmStart = _directory }).All(pair => pair.Value.Values.AsSpan().SequenceEqual(begun[pair.Key].Values)).ShouldBeTrue("a fresh row is drawn by the seed");
        Trainer.Train(input with { WarmStart = _directory }, Token).Dispose();
    }

    [Fact]
    public void What_cannot_be_matched_is_named_with_what_was_found_and_expected()
    {
        var input = Input(Before, new LabelSpec("label", ["1"]), isShifted: false);
        using (var first = new WideAndDeep { Epochs = 1, HiddenLayers = [32, 8], EmbeddingSize = 16 }.Train(input, Token))
            first.SaveWarmStart(_directory);
        var warm = input with { WarmStart = _directory };

        var narrower = Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [24, 8], EmbeddingSize = 16 }.Train(warm, Token)).Message;
        narrower.ShouldContain("'tower1/Dense1/weights' is [32, ");
        narrower.ShouldContain("in the earlier model and [24, ");
        narrower.ShouldContain("Expected the same layers");
        narrower.ShouldContain("WarmStart = null");
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32], EmbeddingSize = 16 }.Train(warm, Token)).Message.ShouldContain("'tower1/Dense2/weights' [8, 32] of the earlier model is gone");
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32, 8, 4], EmbeddingSize = 16 }.Train(warm, Token)).Message.ShouldContain("'tower1/Dense3/weights' [4, 8] is new");
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32, 8], EmbeddingSize = 8 }.Train(warm, Token)).Message.ShouldContain("'tower1/words' is [90, 16] in the earlier model and [90, 8] now");
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32, 8], EmbeddingSize = 16 }.Train(Input(Before, new LabelSpec("label") { Task = LearningTask.Regression }, false) with { WarmStart = _directory }, Token))
            .Message.ShouldContain("it learnt a binary task, and this is a regression one");
        FeatureSpec[] wider = [Before[0], Before[1] with { Size = 3 }, .. Before[2..]];
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32, 8], EmbeddingSize = 16 }.Train(Input(wider, input.Label, false) with { WarmStart = _directory }, Token))
            .Message.ShouldContain("the size of the feature 'price' changed from 2 to 3");
        File.WriteAllBytes(Path.Combine(_directory, "network.bin"), File.ReadAllBytes(Path.Combine(_directory, "network.bin"))[..2000]);
        Should.Throw<InvalidDataException>(() => new WideAndDeep { HiddenLayers = [32, 8], EmbeddingSize = 16 }.Train(warm, Token)).Message.ShouldContain("cut off");
    }

    [Fact]
    public void Features_may_come_and_go()
    {
        var wide = new WideAndDeep { Epochs = 1, EmbeddingSize = 8, HiddenLayers = [8] };
        TrainingInput Of(params FeatureSpec[] features) => Input(features, new LabelSpec("label", ["1"]), isShifted: false) with { WarmStart = File.Exists(Path.Combine(_directory, "network.bin")) ? _directory : null };
        using var first = (NetworkModel)wide.Train(Of(Before[..3]), Token);
        first.SaveWarmStart(_directory);

        using var more = (NetworkModel)wide.Train(Of(Before), Token);
        Columns(Weights(wide, Of(Before))).ShouldBe(Columns(Values(first.Network)).Concat(Columns(Weights(wide, Of(Before))).Where(column => column.Key.StartsWith("words\0", StringComparison.Ordinal))), ignoreOrder: true);
        more.SaveWarmStart(_directory);
        Columns(Weights(wide, Of(Before[0], Before[1], Before[3]))).ShouldBe(Columns(Values(more.Network)).Where(column => !column.Key.StartsWith("shop\0", StringComparison.Ordinal)), ignoreOrder: true);

        // What the first hidden output makes of each input.
        static IEnumerable<KeyValuePair<string, float>> Columns(Dictionary<string, (IReadOnlyList<Axis> Axes, float[] Values)> weights) =>
            weights["tower1/Dense1/weights"].Axes[1].Keys!.Zip(weights["tower1/Dense1/weights"].Values, KeyValuePair.Create);
    }

    [Fact]
    public void A_module_of_ones_own_is_matched_where_it_tells_which_rows_are_ids()
    {
        var own = new OwnNetwork { Epochs = 2 };
        using (var first = (NetworkModel)own.Train(Input(Before, new LabelSpec("label", ["1"]), isShifted: false), Token))
        {
            first.SaveWarmStart(_directory);
            var earlier = Values(first.Network)["module/_parts.2.weight"].Values;
            var begun = Weights(own, Input(After, new LabelSpec("label", ["1"]), isShifted: true) with { WarmStart = _directory })["module/_parts.2.weight"].Values;

            // Row 0 stands for no id; of 33 shops in reverse order the last 30 are known.
            begun.Length.ShouldBe(34 * 4);
            begun[..4].ShouldBe(earlier[..4]);
            for (var shop = 0; shop < 30; shop++)
                begun[((33 - shop) * 4)..((34 - shop) * 4)].ShouldBe(earlier[((shop + 1) * 4)..((shop + 2) * 4)]);
        }

        var silent = new OwnNetwork { Epochs = 1, TellsRows = false };
        using (var first = silent.Train(Input(Before, new LabelSpec("label", ["1"]), isShifted: false), Token))
            first.SaveWarmStart(_directory);
        using (var same = silent.Train(Input(Before, new LabelSpec("label", ["1"]), isShifted: false) with { WarmStart = _directory }, Token))
            same.Epochs.Count.ShouldBe(1);
        Should.Throw<InvalidDataException>(() => silent.Train(Input(Before, new LabelSpec("label", ["1"]), isShifted: true) with { WarmStart = _directory }, Token))
            .Message.ShouldContain("what the places of 'words' stand for, which NetworkModule.RowsOf tells of no weights, changed");
    }

    [Fact]
    public async Task After_a_new_span_a_training_that_goes_on_is_better_after_one_epoch_than_one_that_begins()
    {
        using var home = new TemporaryHome();
        var taste = Enumerable.Range(0, 60).ToDictionary(word => word, word => Math.Sin(word * 1.7) * 3);

        // Each span has words of its own besides those of the others, and uses them in other proportions.
        void Write(int span, int rows, int seed)
        {
            var random = new Random(seed);
            home.Write($"data/rows-{span}.csv", "note,shop,answer\n" + string.Concat(Enumerable.Range(0, rows).Select(_ =>
            {
                int[] words = [.. Enumerable.Range(0, 4).Select(_ => (int)(random.NextDouble() * random.NextDouble() * 50) + ((span - 1) * 10)).Select(word => word % 60)];
                var odds = words.Sum(word => taste[word]);
                return string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', words.Select(word => $"w{word}"))},shop {random.Next(8 + span)},{(random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? "Yes" : "No")}\n");
            })));
        }

        (Pipeline, Output<Model>, TransformOutputs) Build(EarlierModel from, double leastAuc)
        {
            var pipeline = new Pipeline(string.Create(CultureInfo.InvariantCulture, $"spans-{from}-{leastAuc * 100}").ToLowerInvariant());
            var examples = pipeline.Add(new IngestCsv(Path.Combine(home.Root, "data", "rows-{SPAN}.csv")) { Splits = Split.ByHash(("train", 3), ("eval", 1)) });
            var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
            var transform = pipeline.Add(new FitTransform(examples, schema, f =>
            {
                f.Label("answer", "Yes");
                f.Output("note", f.Text("note").Words().Vocabulary(top: 100));
                f.Output("shop", f.Text("shop").Vocabulary(top: 100).OneHot());
            }));
            var model = pipeline.Add(new TrainModel(transform, new WideAndDeep { Epochs = 1, LearningRate = 0.01 }) { StartFrom = from });
            if (leastAuc > 0)
                pipeline.Add(new EvaluateModel(model, examples) { Thresholds = [Metric.Auc.AtLeast(leastAuc)] });
            return (pipeline, model, transform);
        }

        async Task<(RunResult Run, Model Model, TransformGraph Graph)> Run(EarlierModel from, double leastAuc = 0)
        {
            var (pipeline, model, transform) = Build(from, leastAuc);
            var run = await home.RunAsync(pipeline, cancellationToken: Token);
            run.ExitCode.ShouldBe(leastAuc > 0.9 ? 3 : 0, string.Join('\n', run.Nodes));
            return (run, home.Artifact(run, model), home.Artifact(run, transform.Graph));
        }

        Write(1, 4000, seed: 1);
        var (_, first, graph) = await Run(EarlierModel.LatestTrained);
        await Run(EarlierModel.None);
        await Run(EarlierModel.LatestBlessed, leastAuc: 0.5);
        await Run(EarlierModel.LatestBlessed, leastAuc: 0.99);
        Write(2, 700, seed: 2);
        var (_, warm, later) = await Run(EarlierModel.LatestTrained);
        var (_, cold, _) = await Run(EarlierModel.None);

        graph.Fingerprint.ShouldNotBe(later.Fingerprint, "the vocabularies shifted");
        var (gone, begun) = (warm.LoadTraining().Epochs[0], cold.LoadTraining().Epochs[0]);
        gone.EvalLoss.ShouldBeLessThan(begun.EvalLoss - 0.03);
        gone.EvalAuc.ShouldBeGreaterThan(begun.EvalAuc);
        warm.LoadTraining().Parity.LargestDifference.ShouldBeLessThan(1e-5);
        first.Fingerprint.ShouldNotBe(warm.Fingerprint);

        // The same data finds the same earlier model, so nothing is learnt again.
        (await Run(EarlierModel.LatestTrained)).Run.Nodes.ShouldAllBe(node => node.State == NodeState.Cached);

        // Where only a blessed one will do, it depends on the blessing.
        (await Run(EarlierModel.LatestBlessed, leastAuc: 0.5)).Model.LoadTraining().Epochs[0].EvalLoss.ShouldBe(gone.EvalLoss);
        (await Run(EarlierModel.LatestBlessed, leastAuc: 0.99)).Model.LoadTraining().Epochs[0].EvalLoss.ShouldBe(begun.EvalLoss);
    }

    [Fact]
    public void A_trainer_that_cannot_match_features_may_not_start_from_an_earlier_span()
    {
        var pipeline = new Pipeline("trees");
        var examples = pipeline.Add(new IngestCsv("rows.csv") { Splits = Split.ByHash(("train", 3), ("eval", 1)) });
        var transform = pipeline.Add(new FitTransform(examples, pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples)))), f =>
        {
            f.Label("answer", "Yes");
            f.Output("note", f.Text("note").Words().Vocabulary(top: 100));
        }));
        var model = pipeline.Add(new TrainModel(transform, new LinearTrainer()) { StartFrom = EarlierModel.LatestTrained });
        pipeline.Add(new TrainModel(transform, new WideAndDeep()) { Id = "both", StartFrom = EarlierModel.LatestTrained, WarmStart = model });

        var errors = Should.Throw<DefinitionException>(() => pipeline.ToSpec()).Errors.Select(error => error.Message).ToList();
        errors.ShouldContain(error => error.StartsWith("LinearTrainer cannot go on from a model that learnt on features of an earlier fitted transform", StringComparison.Ordinal));
        errors.ShouldContain("WarmStart and StartFrom both say which model to go on from. Set one of them.");
    }
}
