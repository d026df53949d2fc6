using Gyre.Onnx;
using Gyre.Testing;
using Gyre.Torch.Layers;
using Gyre.Training;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Tests;

public sealed class LayerTests
{
    static readonly FeatureSpec Words = new("words", FeatureKind.Tokens, 40);
    static readonly FeatureSpec City = new("city", FeatureKind.OneHot, 6);

    public static TheoryData<string> Designs => [.. Networks.Keys];

    static Dictionary<string, NeuralNetwork> Networks { get; } = new(StringComparer.Ordinal)
    {
        ["one tower"] = new(),
        ["convolution"] = new() { Towers = [new Tower { Text = new TokenConvolution(6, 5) { Windows = [1, 2, 5], MaxTokens = 7 }, Layers = [new Dense(9)] }] },
        ["attention"] = new() { Towers = [new Tower { Text = new TokenAttention(6, Heads: 3) { MaxTokens = 7 } }] },
        ["norms"] = new() { Towers = [new Tower { Text = new EmbeddingBag(6), Layers = [new BatchNorm(), new Dense(8) { Activation = Activation.None }, new LayerNorm()] }], Head = [new BatchNorm()] },
        ["activations"] = new() { Towers = [new Tower { Layers = [new Dense(8) { Activation = Activation.Tanh }, new Dropout(0.5), new Dense(8) { Activation = Activation.Sigmoid }] }] },
        ["no layers"] = new() { Towers = [new Tower { CategorySize = 2, Text = new EmbeddingBag(3) }] },
        ["towers"] = new()
        {
            Towers =
            [
                new Tower { Kinds = [FeatureKind.Tokens], Text = new TokenConvolution(4, 3) },
                new Tower { Kinds = [FeatureKind.Tokens], Text = new TokenAttention(4) },
                new Tower { Layers = [new Dense(4)] },
            ],
            Head = [new Dense(5), new Dropout(0.1)],
        },
        ["own layer"] = new() { Towers = [new Tower { Text = new EmbeddingBag(5), Layers = [new Gated { Width = 4 }] }], Head = [new Gated { Width = 3, Drop = 0.2 }] },
    };

    [Theory]
    [MemberData(nameof(Designs))]
    public void Every_design_holds_the_contract(string design) =>
        TrainerContract.Breaches(() => Networks[design] with { Epochs = 2, BatchSize = 37, LearningRate = 0.01 }).ShouldBeEmpty();

    [Fact]
    public void A_network_of_one_s_own_holds_the_contract() =>
        TrainerContract.Breaches(() => new OwnNetwork { Epochs = 2, BatchSize = 50, LearningRate = 0.01, WeightDecay = 0.1, ClipNorm = 1 }).ShouldBeEmpty();

    [Fact]
    public void Patterns_of_neighbours_are_learnt_by_convolution_and_not_by_a_bag()
    {
        // Yes where token 1 is directly followed by token 2; both occur in every text.
        var (train, eval) = (Pairs(1500, seed: 1), Pairs(500, seed: 2));
        var tower = new Tower { Text = new TokenConvolution(8, 8) { Windows = [2] } };
        Auc(new NeuralNetwork { Epochs = 12, LearningRate = 0.01, Towers = [tower] }, train, eval).ShouldBeGreaterThan(0.97);
        Auc(new NeuralNetwork { Epochs = 12, LearningRate = 0.01, Towers = [tower with { Text = new EmbeddingBag(8), Layers = [new Dense(16)] }] }, train, eval).ShouldBeLessThan(0.65);
    }

    [Fact]
    public void Attention_finds_the_token_that_counts_among_many()
    {
        var random = new Random(4);
        var lists = Enumerable.Range(0, 1200).Select(row => Enumerable.Range(0, 30).Select(_ => random.Next(4, 40)).Append(row % 2).OrderBy(_ => random.Next()).ToArray()).ToList();
        var examples = Set(lists, [.. Enumerable.Range(0, 1200).Select(row => (float)(row % 2))]);
        Auc(new NeuralNetwork { Epochs = 8, LearningRate = 0.01, Towers = [new Tower { Text = new TokenAttention(8) }] }, examples, examples).ShouldBeGreaterThan(0.99);
    }

    [Fact]
    public void Tokens_without_an_id_between_others_do_not_move_those_behind_them()
    {
        var source = new MadeUpFeatures([Words], seed: 3);
        var train = source.Make(200, out _);
        using var model = new NeuralNetwork { Epochs = 1, Towers = [new Tower { Text = new TokenConvolution(6, 5) { MaxTokens = 4 } }] }
            .Train(TrainerContract.Input([Words], train, train), TestContext.Current.CancellationToken);
        var graph = new OnnxGraph();
        graph.Input(Words.Tensor, OnnxType.Int64, null, null);
        graph.Output("probability", model.Append(graph, new Dictionary<string, string>(StringComparer.Ordinal) { ["words"] = Words.Tensor }), OnnxType.Float, [null]);

        var expected = model.Predict(Set([[3, 5, 1, 7, 2], [], [9]], [0, 0, 0]));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(graph.ToBytes());
        using var ids = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(new long[] { -1, 3, 5, -1, 1, 7, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 9, -1, -1, -1 }, [3, 7]);
        using var options = new Microsoft.ML.OnnxRuntime.RunOptions();
        using var result = session.Run(options, [Words.Tensor], [ids], ["probability"]);
        foreach (var (actual, wanted) in result[0].GetTensorDataAsSpan<float>().ToArray().Zip(expected))
            actual.ShouldBe(wanted, 1e-6f);
    }

    [Fact]
    public void Wrong_designs_are_named_with_all_that_is_wrong()
    {
        var problems = new NeuralNetwork
        {
            Towers = [new Tower { CategorySize = 0, Text = new TokenConvolution(0, 0) { Windows = [2, 2], MaxTokens = 0 }, Layers = [new Dense(0), new Dropout(1)] }],
            Head = [new BatchNorm { Momentum = 0, Epsilon = 0 }, new LayerNorm { Epsilon = -1 }, new Gated()],
        }.Problems().ToList();

        problems.Count.ShouldBe(11);
        problems.ShouldContain("TokenConvolution.Windows is [2, 2]. Expected different widths of at least 1, such as [3, 4, 5].");
        problems.ShouldContain("Gated.Width is 0. Expected at least 1.");
        new NeuralNetwork { Towers = [] }.Problems().ShouldBe(["NeuralNetwork.Towers is []. Expected at least one tower, such as new Tower()."]);
        new NeuralNetwork().Problems().ShouldBeEmpty();
    }

    [Fact]
    public void Towers_that_ask_for_features_that_are_not_there_are_refused()
    {
        var train = new MadeUpFeatures([City], seed: 3).Make(50, out _);
        string Message(NeuralNetwork network) => Should.Throw<InvalidDataException>(() => network.Train(TrainerContract.Input([City], train, train), CancellationToken.None)).Message;
        Message(new NeuralNetwork { Towers = [new Tower { Features = ["town"] }] }).ShouldBe("A tower asks for the features town. The transform gives city.");
        Message(new NeuralNetwork { Towers = [new Tower { Kinds = [FeatureKind.Tokens] }] }).ShouldContain("No tower of the network sees any of the features city (OneHot)");
    }

    static double Auc(Trainer trainer, FeatureSet train, FeatureSet eval)
    {
        using var model = trainer.Train(TrainerContract.Input([Words], train, eval), CancellationToken.None);
        return TrainingMetrics.Auc(model.Predict(eval), eval.Labels);
    }

    static FeatureSet Pairs(int rows, int seed)
    {
        var random = new Random(seed);
        var lists = new List<int[]>();
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var words = Enumerable.Range(0, 8).Select(_ => random.Next(3, 40)).ToList();
            labels[row] = random.Next(2);
            var at = random.Next(8);
            words.Insert(at, labels[row] == 1 ? 1 : 2);
            words.Insert(at + 1, labels[row] == 1 ? 2 : 1);
            lists.Add([.. words]);
        }

        return Set(lists, labels);
    }

    static FeatureSet Set(List<int[]> lists, float[] labels)
    {
        var offsets = new int[lists.Count + 1];
        for (var i = 0; i < lists.Count; i++)
            offsets[i + 1] = offsets[i] + lists[i].Length;
        return new FeatureSet
        {
            Rows = lists.Count,
            Labels = labels,
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal),
            Ids = new Dictionary<string, int[]>(StringComparer.Ordinal),
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["words"] = new([.. lists.SelectMany(list => list)], offsets) },
        };
    }
}

/// <summary>A layer of a user's own: sums, each multiplied with a gate.</summary>
sealed record Gated : CustomLayer
{
    public int Width { get; init; }

    public double Drop { get; init; }

    protected override IEnumerable<string> FindProblems()
    {
        if (Width < 1)
            yield return $"Gated.Width is {Width}. Expected at least 1.";
    }

    public override LayerModule Create(int inputs) => new Module(inputs, Width, Drop);

    sealed class Module : LayerModule
    {
        readonly TorchSharp.Modules.Linear _sums;
        readonly TorchSharp.Modules.Linear _gates;
        readonly TorchSharp.Modules.Dropout _drop;

        public Module(int inputs, int width, double drop)
            : base("gated")
        {
            Outputs = width;
            _sums = nn.Linear(inputs, width);
            _gates = nn.Linear(inputs, width);
            _drop = nn.Dropout(drop);
            RegisterComponents();
        }

        public override int Outputs { get; }

        public override Tensor forward(Tensor input) => _drop.call(_sums.call(input) * _gates.call(input).sigmoid());

        public override string Append(OnnxGraph graph, string input) =>
            graph.Node("Mul", [Gemm(graph, input, _sums), graph.Node("Sigmoid", [Gemm(graph, input, _gates)])]);

        static string Gemm(OnnxGraph graph, string input, TorchSharp.Modules.Linear linear) => graph.Node(
            "Gemm",
            [input, graph.Constant(linear.weight.data<float>().ToArray(), linear.weight.shape), graph.Constant(linear.bias!.data<float>().ToArray())],
            ("transB", 1));
    }
}

/// <summary>A network of a user's own: the numbers through a layer with batch norm, the tokens and ids through torch's embedding.</summary>
sealed record OwnNetwork : ModuleTrainer
{
    /// <summary>Whether it says which rows belong to which ids.</summary>
    public bool TellsRows { get; init; } = true;

    public override NetworkModule Create(IReadOnlyList<FeatureSpec> features, int outputs) => new Module(features, outputs, TellsRows);

    sealed class Module : NetworkModule
    {
        const int Size = 4;

        readonly bool _tellsRows;

        readonly IReadOnlyList<FeatureSpec> _features;
        readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> _parts = [];
        readonly TorchSharp.Modules.BatchNorm1d _norm;
        readonly TorchSharp.Modules.Linear _last;

        public Module(IReadOnlyList<FeatureSpec> features, int outputs, bool tellsRows)
            : base("own")
        {
            _tellsRows = tellsRows;
            _features = features;
            foreach (var feature in features)
                _parts.Add(feature.Kind == FeatureKind.Number ? nn.Linear(feature.Size, Size) : nn.Embedding(feature.Size + 1, Size));
            _norm = nn.BatchNorm1d(Size);
            _last = nn.Linear(Size, outputs);
            RegisterComponents();
        }

        public override FeatureRows? RowsOf(string parameter) => _tellsRows
            ? _features.Where((feature, i) => feature.Kind != FeatureKind.Number && parameter == $"_parts.{i}.weight").Select(feature => new FeatureRows(feature.Name, FirstRow: 1)).FirstOrDefault()
            : null;

        public override Tensor forward(IReadOnlyDictionary<string, Tensor> input)
        {
            var sum = zeros(1, Size);
            foreach (var (i, feature) in _features.Index())
            {
                var values = input[feature.Name];
                sum = sum + (feature.Kind == FeatureKind.Number
                    ? _parts[i].call(values * 0.01)
                    : (_parts[i].call(values + 1) * values.ge(0).unsqueeze(2)).sum(1L));
            }

            return _last.call(nn.functional.dropout(_norm.call(sum).relu(), 0.2, training));
        }

        public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
        {
            string? sum = null;
            foreach (var (i, feature) in _features.Index())
            {
                var part = feature.Kind == FeatureKind.Number
                    ? Gemm(graph, graph.Node("Mul", [features[feature.Name], graph.Scalar(0.01f)]), (TorchSharp.Modules.Linear)_parts[i])
                    : Embed(graph, features[feature.Name], ((TorchSharp.Modules.Embedding)_parts[i]).weight!);
                sum = sum is null ? part : graph.Node("Add", [sum, part]);
            }

            var normed = graph.Node(
                "BatchNormalization",
                [sum!, Constant(graph, _norm.weight!), Constant(graph, _norm.bias!), Constant(graph, _norm.running_mean!), Constant(graph, _norm.running_var!)],
                ("epsilon", 1e-5f));
            return Gemm(graph, graph.Node("Relu", [normed]), _last);
        }

        static string Embed(OnnxGraph graph, string ids, Tensor weights)
        {
            var present = graph.Node("Unsqueeze", [graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), OnnxType.Float), graph.Constant([2L])]);
            var rows = graph.Node("Gather", [Constant(graph, weights), graph.Node("Add", [ids, graph.Scalar(1L)])]);
            return graph.Node("ReduceSum", [graph.Node("Mul", [rows, present]), graph.Constant([1L])], ("keepdims", 0));
        }

        static string Gemm(OnnxGraph graph, string input, TorchSharp.Modules.Linear linear) =>
            graph.Node("Gemm", [input, Constant(graph, linear.weight!), Constant(graph, linear.bias!)], ("transB", 1));

        static string Constant(OnnxGraph graph, Tensor tensor) => graph.Constant(tensor.data<float>().ToArray(), tensor.shape);
    }
}
