using System.Text.Json;
using Gyre.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Gyre.Benchmarks;

/// <summary>The book's network written directly on TorchSharp, fed from arrays that are ready: what training costs at least.</summary>
sealed class RawTraining
{
    const int EmbeddingSize = 64;
    const int WideSize = 16;

    /// <summary>As in the sample.</summary>
    const int BatchSize = 128;

    readonly FeatureSet _train;
    readonly IReadOnlyList<FeatureSpec> _features;
    readonly int _epochs;

    public RawTraining(PipelineTimes pipeline)
    {
        _features = TransformDescription.Load(pipeline.File("fit-transform", "graph", "transform.json")).Features;
        _train = FeatureReader.Read(pipeline.Split("fit-transform", "train"), _features);
        using var training = JsonDocument.Parse(File.ReadAllText(pipeline.File("train-model", "model", "training.json")));
        _epochs = training.RootElement.GetProperty("epochs").GetArrayLength();
        NativeTorch.Prepare();
    }

    public void Run()
    {
        var tokens = _features.Single(feature => feature.Kind == FeatureKind.Tokens);
        var wide = _features.Where(feature => feature.Kind == FeatureKind.OneHot).ToList();
        var width = wide.Sum(feature => feature.Size);
        using var bag = nn.EmbeddingBag(tokens.Size, EmbeddingSize, mode: EmbeddingBagMode.Mean);
        using var deep = nn.Sequential(
            nn.Linear(EmbeddingSize, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 16), nn.ReLU());
        using var broad = nn.Sequential(nn.Linear(width, WideSize), nn.ReLU());
        using var head = nn.Linear(16 + WideSize, 1);
        using var adam = optim.Adam([.. bag.parameters(), .. deep.parameters(), .. broad.parameters(), .. head.parameters()], 0.001);
        for (var start = 0; start < _epochs * _train.Rows; start += BatchSize)
        {
            var first = start % _train.Rows;
            Step(Math.Min(BatchSize, _train.Rows - first), first);
        }

        void Step(int count, int first)
        {
            using var scope = NewDisposeScope();
            var lists = _train.Tokens[tokens.Name];
            var values = lists.Values.AsSpan(lists.Offsets[first]..lists.Offsets[first + count]).ToArray();
            var offsets = Enumerable.Range(first, count).Select(row => (long)(lists.Offsets[row] - lists.Offsets[first])).ToArray();
            var text = bag.call(tensor(values, ScalarType.Int64), tensor(offsets), null!);
            var oneHots = wide.ConvertAll(feature => nn.functional.one_hot(
                tensor(_train.Ids[feature.Name].AsSpan(first, count).ToArray(), ScalarType.Int64).clamp_min(0), feature.Size).to(ScalarType.Float32));
            var logits = head.forward(cat([deep.forward(text), broad.forward(cat([.. oneHots], 1))], 1)).squeeze(1);
            var loss = nn.functional.binary_cross_entropy_with_logits(logits, tensor(_train.Labels.AsSpan(first, count).ToArray()));
            adam.zero_grad();
            loss.backward();
            adam.step();
        }
    }
}
