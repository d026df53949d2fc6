using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Transforms;

/// <summary>
/// Runs the analyzers of a definition over the training split. An analyzer sees what the graph itself makes of the raw columns
/// up to its operator, so it cannot see anything else than the served model will. All whose inputs are known by then share
/// one pass.
/// </summary>
/// <param name="definition">What to fit; without errors.</param>
/// <param name="read">Opens the training split, given the columns wanted. Called once per pass.</param>
/// <param name="threads">How many batches are worked on at once.</param>
/// <param name="report">Told after each batch: the pass, the number of passes, and the examples seen in this one.</param>
sealed class TransformFitter(
    TransformDefinition definition, Func<IReadOnlyList<string>, IEnumerable<ExampleBatch>> read, int threads, Action<int, int, long> report)
{
    const int FirstBatches = 2;

    /// <returns>For each step with an analyzer what it found.</returns>
    /// <exception cref="InvalidDataException">A feature would have no values at all.</exception>
    public async Task<IReadOnlyDictionary<Step, Fitted>> FitAsync(CancellationToken cancellationToken)
    {
        var fitted = new Dictionary<Step, Fitted>();
        var passes = definition.Features.Values.SelectMany(feature => feature.Step.Chain()).Distinct()
            .Where(step => step.Operator.CreateAnalyzer() is not null)
            .GroupBy(step => step.AnalyzerDepth).OrderBy(pass => pass.Key).Select(pass => pass.ToList()).ToList();
        for (var pass = 0; pass < passes.Count; pass++)
        {
            var analyzers = passes[pass].ConvertAll(step => (Step: step, Analyzer: step.Operator.CreateAnalyzer()!));
            await ObserveAsync(analyzers, fitted, rows => report(pass + 1, passes.Count, rows), cancellationToken);
            foreach (var (step, analyzer) in analyzers)
                fitted.Add(step, analyzer.Result());
        }

        foreach (var (name, feature) in definition.Features)
            RequireIds(name, feature, fitted);
        return fitted;
    }

    async Task ObserveAsync(
        List<(Step Step, Analyzer Analyzer)> analyzers, IReadOnlyDictionary<Step, Fitted> fitted, Action<long> seen, CancellationToken cancellationToken)
    {
        var rows = 0L;
        var columns = TransformCompiler.Prefix(analyzers.Select(pair => pair.Step), fitted).Graph.Inputs.Select(input => input.Name);
        using var batches = read([.. columns]).GetEnumerator();
        await ObserveAsync(Next(FirstBatches), withShortcuts: false);
        if (batches.MoveNext())
            await ObserveAsync(Next(int.MaxValue).Prepend(batches.Current), withShortcuts: true);

        IEnumerable<ExampleBatch> Next(int count)
        {
            while (count-- > 0 && batches.MoveNext())
                yield return batches.Current;
        }

        async Task ObserveAsync(IEnumerable<ExampleBatch> some, bool withShortcuts)
        {
            using var prefix = new AnalyzerRun(analyzers, fitted, withShortcuts);
            await OrderedWork.RunAsync(some, threads, prefix.Observe, observed => seen(rows += prefix.End(observed)), cancellationToken);
        }
    }

    static void RequireIds(string name, FeatureValue feature, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        if (feature.Kind == FeatureKind.Number)
            return;
        var ids = TransformCompiler.IdsOf(feature);
        if (ids.Operator.IdCount(fitted.GetValueOrDefault(ids)) == 0)
        {
            throw new InvalidDataException(
                $"The vocabulary of the feature '{name}' is empty: no value of the training split occurs often enough, or all are missing. "
                + "Lower minCount, give it ids for other values (oovBuckets: 1), or leave the feature out.");
        }
    }

    /// <summary>The graph up to some analyzers' operators, run on batches for the analyzers to see.</summary>
    sealed class AnalyzerRun : IDisposable
    {
        readonly List<(Analyzer Analyzer, string Tensor, string? Shortcut)> _analyzers = [];
        readonly OnnxModel _model;

        public AnalyzerRun(List<(Step Step, Analyzer Analyzer)> analyzers, IReadOnlyDictionary<Step, Fitted> fitted, bool withShortcuts)
        {
            var (graph, tensors) = TransformCompiler.Prefix(analyzers.Select(pair => pair.Step), fitted);
            foreach (var (step, analyzer) in analyzers)
            {
                var shortcut = withShortcuts ? analyzer.AddShortcut(graph, tensors[step]) : null;
                if (shortcut is not null)
                    graph.Output(shortcut, shortcut, OnnxType.Int64, null, null);
                _analyzers.Add((analyzer, tensors[step], shortcut));
            }

            _model = new OnnxModel(graph);
        }

        public (int Rows, List<Observer> Observers) Observe(ExampleBatch batch)
        {
            var observers = _analyzers.ConvertAll(analyzer => analyzer.Analyzer.Begin(batch.Rows));
            _model.Run(batch, _model.Outputs, chunk =>
            {
                for (var i = 0; i < observers.Count; i++)
                    observers[i].See(chunk, _analyzers[i].Tensor, _analyzers[i].Shortcut);
            });
            return (batch.Rows, observers);
        }

        public int End((int Rows, List<Observer> Observers) observed)
        {
            for (var i = 0; i < _analyzers.Count; i++)
                _analyzers[i].Analyzer.End(observed.Observers[i]);
            return observed.Rows;
        }

        public void Dispose() => _model.Dispose();
    }
}
