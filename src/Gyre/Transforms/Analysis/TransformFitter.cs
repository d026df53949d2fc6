using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms.Analysis;

/// <summary>A part of the training split that is analysed once, whatever other parts it stands beside later.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Fingerprint">Says what it holds; null for what cannot be used again.</param>
/// <param name="Read">Opens it, given the columns wanted. Called once per pass.</param>
sealed record AnalyzedPart(string Name, string? Fingerprint, Func<IReadOnlyList<string>, IEnumerable<ExampleBatch>> Read);

/// <summary>
/// Runs the analyzers of a definition over the training split. An analyzer sees what the graph makes of the raw columns up to its
/// operator, or kernels that are held against the graph, so it cannot see anything else than the served model will. All whose inputs are known by then share
/// one pass. Each part of the split is seen for itself, and what was seen is added up; what was seen of a part is kept, and
/// used again as long as the graph up to the operators is the same.
/// </summary>
/// <param name="definition">What to fit; without errors.</param>
/// <param name="parts">The training split.</param>
/// <param name="threads">How many batches are worked on at once.</param>
/// <param name="report">Told after each batch: the pass, the number of passes, and the examples seen in this one.</param>
/// <param name="memo">Gives the folder that is kept under a key, made by the action if there is none; null to keep nothing.</param>
sealed class TransformFitter(
    TransformDefinition definition, IReadOnlyList<AnalyzedPart> parts, int threads, Action<int, int, long> report, Func<string, Action<string>, string>? memo = null)
{
    /// <summary>Raised when analyzers see or save something else than before.</summary>
    const int AnalysisVersion = 1;

    const int FirstBatches = 2;
    const string PartialFile = "partial";

    readonly SortedSet<string> _computed = new(StringComparer.Ordinal);

    /// <summary>The label with its classes known, for analyzers that need it; the definition's own unless given.</summary>
    public LabelReader Label { get; init; } = new(definition.Label);

    /// <summary>
    /// Whether analyzers see what kernels compute wherever what leads to their operators has kernels, and otherwise what the graph gives. Some of it
    /// is compared with the graph.
    /// </summary>
    public bool Kernels { get; init; } = true;

    /// <summary>The names of the parts that had to be seen; of the others everything was known.</summary>
    public IReadOnlyCollection<string> Computed => _computed;

    /// <returns>For each step with an analyzer what it found.</returns>
    /// <exception cref="InvalidDataException">A feature would have no values at all.</exception>
    /// <exception cref="KernelDifferenceException">A kernel gives an analyzer something else to see than the graph.</exception>
    public async Task<IReadOnlyDictionary<Step, Fitted>> FitAsync(CancellationToken cancellationToken)
    {
        var fitted = new Dictionary<Step, Fitted>();
        var passes = definition.Features.Values.SelectMany(feature => feature.Step.Chain()).Distinct()
            .Where(step => step.Operator.CreateAnalyzer() is not null)
            .GroupBy(step => step.AnalyzerDepth).OrderBy(pass => pass.Key).Select(pass => pass.ToList()).ToList();
        for (var pass = 0; pass < passes.Count; pass++)
        {
            var rows = 0L;
            var analyzers = AnalyzerRun.Create(passes[pass]);
            var key = KeyOf(passes[pass], fitted);
            foreach (var part in parts)
            {
                var partial = await PartialAsync(key, part, passes[pass], fitted, seen => report(pass + 1, passes.Count, rows += seen), cancellationToken);
                using var reader = new BinaryReader(partial);
                foreach (var (_, analyzer) in analyzers)
                    analyzer.Merge(reader);
            }

            foreach (var (step, analyzer) in analyzers)
                fitted.Add(step, analyzer.Result());
        }

        foreach (var (name, feature) in definition.Features)
            RequireIds(name, feature, fitted);
        return fitted;
    }

    /// <summary>What the analyzers of a pass see of a part, as they save it.</summary>
    async Task<Stream> PartialAsync(
        JsonObject key, AnalyzedPart part, List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted, Action<long> seen, CancellationToken cancellationToken)
    {
        if (memo is null || part.Fingerprint is null)
            return new MemoryStream(await SeeAsync(part, steps, fitted, seen, cancellationToken));
        key["examples"] = part.Fingerprint;

        // A memo is made by a call that ends; it runs on a thread of its own, so waiting for it there blocks nobody.
        var folder = await Task.Run(
            () => memo(
                key.ToJsonString(),
                target => File.WriteAllBytes(Path.Join(target, PartialFile), SeeAsync(part, steps, fitted, seen, cancellationToken).GetAwaiter().GetResult())),
            cancellationToken);
        return File.OpenRead(Path.Join(folder, PartialFile));
    }

    async Task<byte[]> SeeAsync(
        AnalyzedPart part, List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted, Action<long> seen, CancellationToken cancellationToken)
    {
        _computed.Add(part.Name);
        var analyzers = AnalyzerRun.Create(steps);
        await ObserveAsync(part, analyzers, fitted, seen, cancellationToken);
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            foreach (var (_, analyzer) in analyzers)
                analyzer.Save(writer);
        }

        return bytes.ToArray();
    }

    /// <summary>All that the sight of a part depends on besides the part: the graph up to the operators, with what earlier analyzers found.</summary>
    JsonObject KeyOf(List<Step> steps, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        var (graph, tensors) = TransformCompiler.Prefix(steps, fitted);
        return new JsonObject
        {
            ["what"] = "partial analysis",
            ["version"] = AnalysisVersion,
            ["graph"] = Convert.ToHexStringLower(SHA256.HashData(graph.ToBytes())),
            ["analyzers"] = new JsonArray([.. steps.Select(step => new JsonObject
            {
                ["operator"] = new JsonObject { [step.Operator.Name] = step.Operator.ToJson() },
                ["tensors"] = JsonSerializer.SerializeToNode(tensors[step]),
                ["label"] = step.Operator.CreateAnalyzer()!.NeedsLabel ? LabelKey() : null,
            })]),
        };
    }

    JsonObject LabelKey() => new()
    {
        ["definition"] = definition.ToParameter()["label"]!.DeepClone(),
        ["classes"] = ParameterJson.Write(Label.Spec.Classes, typeof(IReadOnlyList<string>)),
    };

    async Task ObserveAsync(
        AnalyzedPart part, List<(Step Step, Analyzer Analyzer)> analyzers, IReadOnlyDictionary<Step, Fitted> fitted, Action<long> seen, CancellationToken cancellationToken)
    {
        var needsLabel = analyzers.Any(pair => pair.Analyzer.NeedsLabel);
        var columns = TransformCompiler.Prefix(analyzers.Select(pair => pair.Step), fitted).Graph.Inputs.Select(input => input.Name);
        using var batches = part.Read([.. needsLabel ? columns.Concat(Label.Spec.Columns).Distinct(StringComparer.Ordinal) : columns]).GetEnumerator();
        var steps = analyzers.ConvertAll(pair => pair.Step);
        var (index, firstRow) = (0, 0L);
        await ObserveAsync(Next(FirstBatches), withShortcuts: false);
        if (batches.MoveNext())
            await ObserveAsync(Next(int.MaxValue).Prepend(Take()), withShortcuts: true);

        IEnumerable<AnalyzedExamples> Next(int count)
        {
            while (count-- > 0 && batches.MoveNext())
                yield return Take();
        }

        AnalyzedExamples Take()
        {
            var batch = batches.Current;
            firstRow += batch.Rows;
            return new AnalyzedExamples(index++, batch, new AnalyzedBatch(batch.Rows, firstRow - batch.Rows, needsLabel ? Label.Read(batch).Values : []));
        }

        async Task ObserveAsync(IEnumerable<AnalyzedExamples> some, bool withShortcuts)
        {
            using var run = new AnalyzerRun(analyzers, fitted, Kernels, withShortcuts);
            await OrderedWork.RunAsync(
                some,
                threads,
                next =>
                {
                    if (Kernels)
                        AnalysisCheck.See(next, steps, fitted, definition);
                    return run.Observe(next);
                },
                observed => seen(run.End(observed)),
                cancellationToken);
        }
    }

    static void RequireIds(string name, FeatureValue feature, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        if (feature.Kind != FeatureKind.Number && TransformCompiler.SizeOf(TransformCompiler.IdsOf(feature), fitted) == 0)
        {
            throw new InvalidDataException(
                $"The vocabulary of the feature '{name}' is empty: no value of the training split occurs often enough, or all are missing. "
                + "Lower minCount, give it ids for other values (oovBuckets: 1), or leave the feature out.");
        }
    }
}
