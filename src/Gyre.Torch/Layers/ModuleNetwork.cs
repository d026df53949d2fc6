using System.Runtime.InteropServices;
using Gyre.Onnx;
using Gyre.Torch.Learning;
using Gyre.Training;
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

    public ModuleNetwork(ModuleTrainer trainer, TrainingInput input, TaskHead head)
    {
        (_features, _outputs, _arithmetic) = (input.Features, head.Width, head.Arithmetic);
        _module = ModuleWeights.Create(() => trainer.Create(_features, head.Width), trainer.Seed, index: 0);
        _weights = new ModuleWeights("module", _module);
        var terms = new NetworkTerms(input);
        var matched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (parameter, _) in _module.named_parameters())
        {
            if (_module.RowsOf(parameter) is { } rows)
            {
                NameRows(parameter, rows, terms);
                matched.Add(rows.Feature);
            }
        }

        Fixed =
        [
            ("the list of features of a module of your own", Axis.Named(terms.Features)),
            ("the outputs of a module of your own", terms.Outputs(head.Width)),
            .. _features.Where(feature => !matched.Contains(feature.Name)).Select(feature =>
                ($"what the places of '{feature.Name}' stand for, which NetworkModule.RowsOf tells of no weights,", terms.Of(feature))),
        ];
    }

    public override IReadOnlyList<(string Name, Axis Axis)> Fixed { get; }

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

    /// <summary>Rows that belong to no id, such as one for padding, are known by their distance from those that do.</summary>
    void NameRows(string parameter, FeatureRows rows, NetworkTerms terms)
    {
        var feature = _features.FirstOrDefault(feature => feature.Name == rows.Feature)
            ?? throw new InvalidDataException($"{_module.GetName()} names the feature '{rows.Feature}' for the rows of '{parameter}'. The transform gives {string.Join(", ", _features.Select(each => each.Name))}.");
        var weights = (DenseWeights)_weights.Kept.Single(kept => kept.Name == $"module/{parameter}");
        var behind = weights.Axes[0].Length - rows.FirstRow - feature.Size;
        if (rows.FirstRow < 0 || behind < 0)
            throw new InvalidDataException($"The weights '{parameter}' of {_module.GetName()} have {weights.Axes[0].Length} rows. Expected {feature.Size} from row {rows.FirstRow} on, one for each id of '{feature.Name}', as its RowsOf says.");
        weights.Axes = [Axis.Named([.. Axis.Of(rows.FirstRow).Places("before"), .. terms.Of(feature).Keys!, .. Axis.Of(behind).Places("behind")]), .. weights.Axes.Skip(1)];
    }

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
