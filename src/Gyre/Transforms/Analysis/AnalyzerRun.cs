using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Analysis;

/// <summary>A batch that is analysed.</summary>
/// <param name="Index">Its position among those of its part.</param>
/// <param name="Examples">The raw columns.</param>
/// <param name="Batch">What observers are told of it.</param>
sealed record AnalyzedExamples(int Index, ExampleBatch Examples, AnalyzedBatch Batch);

/// <summary>
/// Computes what leads to some analyzers' operators, for the analyzers to see: by kernels where there are any, the rest by its part of the graph.
/// </summary>
sealed class AnalyzerRun : IDisposable
{
    readonly List<Analyzer> _analyzers;
    readonly List<(int Analyzer, Func<KernelFrame, AnalyzedValues> Show)> _byKernels = [];
    readonly List<(int Analyzer, IReadOnlyList<string> Tensors, string? Shortcut)> _byGraph = [];
    readonly KernelCompiler _kernels;
    readonly OnnxModel? _model;

    /// <param name="analyzers">The analyzers with their operators' steps.</param>
    /// <param name="fitted">What earlier analyzers found.</param>
    /// <param name="withKernels">Whether kernels may be used.</param>
    /// <param name="withShortcuts">Whether analyzers have seen enough to add shortcuts to the graph.</param>
    public AnalyzerRun(List<(Step Step, Analyzer Analyzer)> analyzers, IReadOnlyDictionary<Step, Fitted> fitted, bool withKernels, bool withShortcuts)
    {
        _analyzers = analyzers.ConvertAll(pair => pair.Analyzer);
        _kernels = new KernelCompiler(fitted);
        var rest = new List<int>();
        for (var i = 0; i < analyzers.Count; i++)
        {
            if (withKernels && KernelValues.Of(analyzers[i].Step, _kernels) is { } show)
                _byKernels.Add((i, show));
            else
                rest.Add(i);
        }

        if (rest.Count == 0)
            return;
        var (graph, tensors) = TransformCompiler.Prefix(rest.Select(i => analyzers[i].Step), fitted);
        foreach (var i in rest)
        {
            var (step, analyzer) = analyzers[i];
            var shortcut = withShortcuts ? analyzer.AddShortcut(graph, tensors[step]) : null;
            if (shortcut is not null)
                graph.Output(shortcut, shortcut, OnnxType.Int64, null, null);
            _byGraph.Add((i, tensors[step], shortcut));
        }

        _model = new OnnxModel(graph);
    }

    public static List<(Step Step, Analyzer Analyzer)> Create(List<Step> steps) => steps.ConvertAll(step => (step, step.Operator.CreateAnalyzer()!));

    public (int Rows, List<Observer> Observers) Observe(AnalyzedExamples next)
    {
        var observers = _analyzers.ConvertAll(analyzer => analyzer.Begin(next.Batch));
        if (_byKernels.Count > 0)
        {
            var frame = new KernelFrame(next.Examples, _kernels.Kernels.Count);
            frame.Run(_kernels.Kernels);
            foreach (var (analyzer, show) in _byKernels)
                observers[analyzer].See(show(frame));
        }

        _model?.Run(next.Examples, _model.Outputs, chunk =>
        {
            foreach (var (analyzer, tensors, shortcut) in _byGraph)
                observers[analyzer].See(new GraphValues(chunk, tensors, shortcut));
        });
        return (next.Batch.Rows, observers);
    }

    public int End((int Rows, List<Observer> Observers) observed)
    {
        for (var i = 0; i < _analyzers.Count; i++)
            _analyzers[i].End(observed.Observers[i]);
        return observed.Rows;
    }

    public void Dispose() => _model?.Dispose();
}
