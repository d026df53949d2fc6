using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Kernels;

/// <summary>
/// Computes features without the graph that defines them, many times as fast. Features of which any step has no kernel come
/// out of their part of the graph. Any number of threads may use it at the same time.
/// </summary>
sealed class FeatureKernels : IDisposable
{
    readonly IReadOnlyList<FeatureSpec> _features;
    readonly int?[] _slots;
    readonly IReadOnlyList<Func<KernelFrame, object>> _kernels;
    readonly FeatureSpec[] _others;
    readonly OnnxModel? _model;

    FeatureKernels(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted, bool isTraining)
    {
        var compiler = new KernelCompiler(fitted);
        _features = TransformCompiler.FeaturesOf(definition, fitted);
        _slots = [.. _features.Select(feature => compiler.Add(definition.Features[feature.Name].Step))];
        _kernels = compiler.Kernels;
        _others = [.. _features.Where((_, i) => _slots[i] is null)];
        _model = _others.Length == 0 ? null : new OnnxModel(TransformCompiler.Compile(definition, fitted, _others, isTraining));
    }

    /// <summary>The features that come out of the graph.</summary>
    public IEnumerable<string> Others => _others.Select(feature => feature.Name);

    /// <summary>Null where no feature has a kernel.</summary>
    /// <param name="definition">What the features are.</param>
    /// <param name="fitted">What the analyzers found.</param>
    /// <param name="isTraining">Whether for the examples that were learnt from, see <see cref="Operator.DiffersInTraining"/>; operators that do have no kernel.</param>
    public static FeatureKernels? Compile(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted, bool isTraining = false)
    {
        var kernels = new FeatureKernels(definition, fitted, isTraining);
        if (kernels._others.Length < kernels._features.Count)
            return kernels;
        kernels.Dispose();
        return null;
    }

    /// <summary>The features, in their order.</summary>
    public FeatureColumn[] Run(ExampleBatch batch)
    {
        var frame = new KernelFrame(batch, _kernels.Count);
        frame.Run(_kernels);
        var columns = new FeatureColumn[_features.Count];
        var others = new List<FeatureColumn>();
        for (var i = 0; i < columns.Length; i++)
        {
            if (_slots[i] is { } slot)
                columns[i] = FeatureColumn.Of(_features[i], frame.Result(slot));
            else
                others.Add(columns[i] = FeatureColumn.For(_features[i], batch.Rows));
        }

        _model?.Run(batch, [.. _others.Select(feature => feature.Tensor)], chunk => others.ForEach(column => column.See(chunk)));
        return columns;
    }

    public void Dispose() => _model?.Dispose();
}

/// <summary>A kernel gave something else than the graph: an error in Gyre, or in what it relies on.</summary>
sealed class KernelDifferenceException(string message) : Exception(message);
