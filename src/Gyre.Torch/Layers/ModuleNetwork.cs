using System.Runtime.InteropServices;
using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Transforms;
using static TorchSharp.torch;

namespace Gyre.Torch.Layers;

/// <summary>A user's own network; always in single precision.</summary>
sealed class ModuleNetwork : Network
{
    readonly IReadOnlyList<FeatureSpec> _features;
    readonly int _outputs;
    readonly Arithmetic _arithmetic;
    readonly NetworkModule _module;
    readonly ModuleWeights _weights;

    public ModuleNetwork(ModuleTrainer trainer, IReadOnlyList<FeatureSpec> features, TaskHead head)
    {
        (_features, _outputs, _arithmetic) = (features, head.Width, head.Arithmetic);
        _module = ModuleWeights.Create(() => trainer.Create(features, head.Width), trainer.Seed, index: 0);
        _weights = new ModuleWeights("module", _module);
    }

    public override IReadOnlyList<IKept> Kept => _weights.Kept;

    public override NetworkInput Open(FeatureSet examples) => new Input(examples);

    public override Tensor Forward(NetworkInput input, ReadOnlySpan<int> rows, TrainingStep? step)
    {
        var examples = ((Input)input).Examples;
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var feature in _features)
            tensors[feature.Name] = Gather(feature, examples, rows);
        var outputs = _weights.Call(() => _module.call(tensors), step, index: 0);
        return outputs.dim() == 2 && outputs.shape[0] == rows.Length && outputs.shape[1] == _outputs && outputs.dtype == ScalarType.Float32
            ? outputs
            : throw new InvalidDataException($"{_module.GetName()} gave {outputs.dtype} [{string.Join(", ", outputs.shape)}]. Expected Float32 [{rows.Length}, {_outputs}].");
    }

    public override string Append(OnnxGraph graph, IReadOnlyDictionary<string, string> features) => _arithmetic.Of(graph, _module.Append(graph, features));

    public override void Dispose() => _module.Dispose();

    static Tensor Gather(FeatureSpec feature, FeatureSet examples, ReadOnlySpan<int> rows)
    {
        if (feature.Kind == FeatureKind.Number)
        {
            var numbers = empty(rows.Length, feature.Size, dtype: float32);
            var target = MemoryMarshal.Cast<byte, float>(numbers.bytes);
            for (var i = 0; i < rows.Length; i++)
                examples.Numbers[feature.Name].AsSpan(rows[i] * feature.Size, feature.Size).CopyTo(target[(i * feature.Size)..]);
            return numbers;
        }

        var width = 1;
        var lists = feature.Kind == FeatureKind.Tokens ? examples.Tokens[feature.Name] : null;
        foreach (var row in rows)
            width = Math.Max(width, lists is null ? 1 : lists.Offsets[row + 1] - lists.Offsets[row]);
        var ids = full(rows.Length, width, -1L, dtype: int64);
        var places = MemoryMarshal.Cast<byte, long>(ids.bytes);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = lists is null ? examples.Ids[feature.Name].AsSpan(rows[i], 1) : lists.Values.AsSpan(lists.Offsets[rows[i]]..lists.Offsets[rows[i] + 1]);
            for (var j = 0; j < row.Length; j++)
                places[(i * width) + j] = row[j];
        }

        return ids;
    }

    sealed class Input(FeatureSet examples) : NetworkInput
    {
        public FeatureSet Examples => examples;
    }
}
