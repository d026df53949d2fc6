using Gyre.Onnx;
using Gyre.Torch;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Parity.Tests;

/// <summary>
/// A user's own network: torch's layers over all kinds of features. Numbers pass a soft squashing first, so that their size does not matter.
/// </summary>
sealed record OwnNetwork : ModuleTrainer
{
    public override NetworkModule Create(IReadOnlyList<FeatureSpec> features, int outputs) => new Module(features, outputs);

    sealed class Module : NetworkModule
    {
        const int Size = 6;

        readonly IReadOnlyList<FeatureSpec> _features;
        readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> _parts = [];
        readonly TorchSharp.Modules.Linear _last;

        public Module(IReadOnlyList<FeatureSpec> features, int outputs)
            : base("own")
        {
            _features = features;
            foreach (var feature in features)
                _parts.Add(feature.Kind == FeatureKind.Number ? nn.Linear(feature.Size, Size) : nn.Embedding(feature.Size + 1, Size));
            _last = nn.Linear(Size, outputs);
            RegisterComponents();
        }

        public override Tensor forward(IReadOnlyDictionary<string, Tensor> input)
        {
            var sum = zeros(1, Size);
            foreach (var (i, feature) in _features.Index())
            {
                var values = input[feature.Name];
                sum = sum + (feature.Kind == FeatureKind.Number ? _parts[i].call((values * 0.1).tanh()) : Mean(_parts[i].call(values + 1), values.ge(0).unsqueeze(2)));
            }

            return _last.call(nn.functional.dropout(sum.relu(), 0.1, training));
        }

        public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features)
        {
            string? sum = null;
            foreach (var (i, feature) in _features.Index())
            {
                var part = feature.Kind == FeatureKind.Number
                    ? Gemm(graph, graph.Node("Tanh", [graph.Node("Mul", [features[feature.Name], graph.Scalar(0.1f)])]), (TorchSharp.Modules.Linear)_parts[i])
                    : Embed(graph, features[feature.Name], ((TorchSharp.Modules.Embedding)_parts[i]).weight!);
                sum = sum is null ? part : graph.Node("Add", [sum, part]);
            }

            return Gemm(graph, graph.Node("Relu", [sum!]), _last);
        }

        static Tensor Mean(Tensor vectors, Tensor present) => (vectors * present).sum(1L) / present.sum(1L).clamp_min(1);

        static string Embed(OnnxGraph graph, string ids, Tensor weights)
        {
            var present = graph.Node("Unsqueeze", [graph.Cast(graph.Node("GreaterOrEqual", [ids, graph.Scalar(0L)]), OnnxType.Float), graph.Constant([2L])]);
            var rows = graph.Node("Gather", [Constant(graph, weights), graph.Node("Add", [ids, graph.Scalar(1L)])]);
            var sum = graph.Node("ReduceSum", [graph.Node("Mul", [rows, present]), graph.Constant([1L])], ("keepdims", 0));
            return graph.Node("Div", [sum, graph.Node("Max", [graph.Node("ReduceSum", [present, graph.Constant([1L])], ("keepdims", 0)), graph.Scalar(1f)])]);
        }

        static string Gemm(OnnxGraph graph, string input, TorchSharp.Modules.Linear linear) =>
            graph.Node("Gemm", [input, Constant(graph, linear.weight!), Constant(graph, linear.bias!)], ("transB", 1));

        static string Constant(OnnxGraph graph, Tensor tensor) => graph.Constant(tensor.data<float>().ToArray(), tensor.shape);
    }
}
