using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;
using Microsoft.Extensions.Logging;

namespace Gyre.Transforms;

/// <summary>
/// Fits a definition of features to the training split and transforms all splits. What it learns from the data (vocabularies,
/// quantiles, means) becomes constants of one ONNX graph; the transformed examples come out of that graph, and a model is
/// appended to it, so that training and serving cannot differ.
/// </summary>
/// <param name="examples">The raw examples.</param>
/// <param name="schema">What is expected of their columns.</param>
/// <param name="define">Writes the definition. Called once, now; only what it defines is part of the component.</param>
[CodeVersion(2)]
public sealed class FitTransform(Output<Examples> examples, Output<DataSchema> schema, Action<FeatureBuilder> define)
    : Component<TransformOutputs>, IColumnMeanings
{
    const int BatchRows = 2048;

    readonly Output<Examples> _examples = examples;
    readonly Output<DataSchema> _schema = schema;

    /// <summary>The features, as data.</summary>
    public TransformDefinition Definition { get; } = TransformDefinition.From(define);

    /// <summary>The split that is learnt from.</summary>
    public string TrainSplit { get; init; } = "train";

    /// <summary>
    /// Whether examples are analysed and transformed by kernels, which compute the same as the graph bit by bit, many times as fast. Each run compares
    /// some of what they give with the graph, and if anything differs, it says so and does everything by the graph. Features with an operator that
    /// has no kernel come out of the graph anyway.
    /// </summary>
    [NotAParameter]
    public bool Kernels { get; init; } = true;

    /// <summary>The raw examples that were transformed.</summary>
    /// <exception cref="ArgumentException">The outputs are those of another component.</exception>
    internal static Output<Examples> RawExamplesOf(TransformOutputs outputs) => ProducerOf(outputs)._examples;

    /// <summary>The label as it was defined, so maybe without its classes.</summary>
    /// <exception cref="ArgumentException">The outputs are those of another component.</exception>
    internal static LabelSpec LabelOf(TransformOutputs outputs) => ProducerOf(outputs).Definition.Label;

    Output? IColumnMeanings.MeaningOf(Output<Examples> examples) => examples == Outputs.Examples ? Outputs.Graph : null;

    IReadOnlyDictionary<string, ColumnMeaning> IColumnMeanings.ReadMeanings(Execution execution) => FeatureMeanings.Of(execution.Read(Outputs.Graph));

    /// <summary>The names of the features that may be missing for some examples.</summary>
    /// <exception cref="ArgumentException">The outputs are those of another component.</exception>
    internal static IReadOnlyList<string> FeaturesThatKeepMissing(TransformOutputs outputs) =>
        [.. ProducerOf(outputs).Definition.Features.Where(feature => feature.Value.KeepsMissing).Select(feature => feature.Key)];

    static FitTransform ProducerOf(TransformOutputs outputs) => outputs.Graph.Producer is FitTransform fit
        ? fit
        : throw new ArgumentException($"'{outputs.Graph}' is not the output of a FitTransform. Pass on what pipeline.Add(new FitTransform(…)) returned.", nameof(outputs));

    protected internal override void Check(DefinitionCheck check)
    {
        foreach (var error in Definition.Errors)
            check.Error(error);
        var known = check.ColumnsOf(_examples);
        foreach (var column in Definition.Columns.Select(column => column.Name).Distinct(StringComparer.Ordinal))
            check.RequireColumns(_examples, [column], UsedBy(column, isKnown: known?.Contains(column, StringComparer.Ordinal) != false));
        if (Definition.Label.Column.Length > 0)
            check.RequireColumns(_examples, Definition.Label.Sources ?? [Definition.Label.Column], "as the label");
        if (Definition.Label.Group is { Length: > 0 } group)
            check.RequireColumns(_examples, [group], "as the group of the label");
        if (Definition.Label.Weight is { Length: > 0 } weight)
            check.RequireColumns(_examples, [weight], "as the weight");
    }

    /// <summary>The line is only looked for when the column is not there: a check of what is right must be cheap.</summary>
    string UsedBy(string column, bool isKnown)
    {
        var features = $"by the features {string.Join(", ", Definition.FeaturesOf(column).Select(name => $"'{name}'"))}";
        return !isKnown && Definition.LineOf(column) is { } line ? $"{features} ({line})" : features;
    }

    protected internal override IReadOnlyList<string> ExternalFiles() => Definition.EncoderFiles;

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) =>
        output == Outputs.Examples ? [.. Definition.FeatureNames, .. FeatureReader.LabelColumns(Definition.Label)] : null;

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var raw = execution.Read(_examples);
        RawColumns.RequireSplit(raw, TrainSplit);
        RawColumns.Require(Definition, raw, TrainSplit, execution.Read(_schema));
        using var rule = SaveRule(execution);
        var census = CountLabels(raw, rule, cancellationToken);
        var label = census.Resolve(TrainSplit);
        foreach (var warning in census.Warnings(TrainSplit))
            execution.Log.LogWarning("{Warning}.", warning);

        var total = raw.RowsOf(TrainSplit);
        var (fitted, computed) = await AnalyseAsync(execution, raw, new LabelReader(label, rule), cancellationToken);
        execution.SetProperty(Outputs.Graph, TransformGraph.SpansComputedProperty, JsonSerializer.Serialize(computed));
        LogFindings(execution.Log, fitted);

        var graph = TransformCompiler.Compile(Definition, fitted);
        graph.Save(execution.PathOf(Outputs.Graph, TransformGraph.GraphFile));
        var description = Describe(graph, label, fitted);
        TransformJson.Save(description, execution.PathOf(Outputs.Graph, TransformGraph.DescriptionFile));
        execution.SetProperty(Outputs.Graph, "features", description.Features.Count);
        execution.SetProperty(Outputs.Graph, "label", Definition.Label.Column);

        await TransformAsync(execution, raw, description, new LabelReader(label, rule), fitted, cancellationToken);
        execution.SetProperty(Outputs.Examples, "unlabelled", census.Missing + census.Unknown);
        if (label.Task == LearningTask.Binary)
            execution.SetProperty(Outputs.Examples, "positive", census.Positive);
        if (label.HasClasses)
            execution.SetProperty(Outputs.Examples, "classes", label.Classes.Count);
        if (census.Missing > 0)
            execution.Log.LogInformation("{Missing} of {Total} training examples have no label and are left out.", census.Missing, total);
    }

    /// <returns>What the analyzers found, and the names of the parts that they had to see for it.</returns>
    async Task<(IReadOnlyDictionary<Step, Fitted> Fitted, IReadOnlyCollection<string> Computed)> AnalyseAsync(
        Execution execution, Examples raw, LabelReader label, CancellationToken cancellationToken)
    {
        AnalyzedPart[] parts = [.. raw.SpanFilesOf(TrainSplit).Select(PartOf)];
        var total = raw.RowsOf(TrainSplit);
        try
        {
            return await AnalyseAsync(withKernels: Kernels);
        }
        catch (KernelDifferenceException difference)
        {
            LogDifference(execution.Log, difference, "everything is analysed as the graph gives it");
            return await AnalyseAsync(withKernels: false);
        }

        async Task<(IReadOnlyDictionary<Step, Fitted> Fitted, IReadOnlyCollection<string> Computed)> AnalyseAsync(bool withKernels)
        {
            var fitter = new TransformFitter(
                Definition,
                parts,
                execution.Threads,
                (pass, passes, rows) => execution.Report(new Progress { Rows = rows, TotalRows = total, Message = $"analysing, pass {pass} of {passes}" }),
                execution.Memo)
            {
                Label = label,
                Kernels = withKernels,
            };
            return (await fitter.FitAsync(cancellationToken), fitter.Computed);
        }
    }

    static void LogDifference(ILogger log, KernelDifferenceException difference, string consequence) => log.LogWarning(
        "{Difference}. This is an error in Gyre; please report it with the definition of the feature. The result is not affected: {Consequence}.",
        difference.Message,
        consequence);

    async Task TransformAsync(
        Execution execution, Examples raw, TransformDescription description, LabelReader label, IReadOnlyDictionary<Step, Fitted> fitted, CancellationToken cancellationToken)
    {
        using var kernels = Kernels ? FeatureKernels.Compile(Definition, fitted) : null;
        try
        {
            await TransformAsync(execution, raw, description, label, fitted, kernels, cancellationToken);
        }
        catch (KernelDifferenceException difference)
        {
            LogDifference(execution.Log, difference, "all examples are transformed by the graph");
            await TransformAsync(execution, raw, description, label, fitted, kernels: null, cancellationToken);
        }
    }

    async Task TransformAsync(
        Execution execution,
        Examples raw,
        TransformDescription description,
        LabelReader label,
        IReadOnlyDictionary<Step, Fitted> fitted,
        FeatureKernels? kernels,
        CancellationToken cancellationToken)
    {
        using var model = new OnnxModel(Path.Combine(execution.DirectoryOf(Outputs.Graph), TransformGraph.GraphFile));
        var materializer = new FeatureMaterializer(model, description.Features, label, execution.Threads) { Kernels = kernels };
        var columns = Definition.Columns.Select(column => column.Name).Concat(description.Label.Columns).Distinct(StringComparer.Ordinal).ToList();
        var (done, written) = (0L, new List<KeyValuePair<string, long>>());
        using var training = TrainingModel(fitted);
        using var trainingKernels = kernels is null || training is null ? null : FeatureKernels.Compile(Definition, fitted, isTraining: true);
        foreach (var split in raw.Splits)
        {
            // The rows that were learnt from are told by their position in their file.
            var forTraining = split == TrainSplit && training is not null;
            var audit = split == TrainSplit ? new VocabularyAudit(Definition, fitted, description.Features) : null;
            var read = ReaderOf(columns, inUtf8: kernels is not null);
            var batches = forTraining ? raw.FilesOf(split).SelectMany(file => WithRows(read([file]))) : read(raw.FilesOf(split));
            var rows = await (forTraining ? materializer.For(training!, trainingKernels) : materializer).WriteAsync(
                batches,
                Examples.FileFor(execution, Outputs.Examples, split),
                labelledOnly: split == TrainSplit,
                audit,
                rows => execution.Report(new Progress { Rows = done + rows, TotalRows = raw.Rows, Message = $"transforming {split}" }),
                cancellationToken);
            audit?.RequireAgreement();
            done += raw.RowsOf(split);
            written.Add(KeyValuePair.Create(split, rows));
        }

        Examples.Describe(execution, Outputs.Examples, written);
        foreach (var property in new[] { Examples.SpanProperty, Examples.VersionProperty })
        {
            // So that what is counted of them finds that of the span before.
            if (raw.Properties.TryGetValue(property, out var number))
                execution.SetProperty(Outputs.Examples, property, number);
        }
    }

    static Func<IReadOnlyList<string>, IEnumerable<ExampleBatch>> ReaderOf(IReadOnlyList<string> columns, bool inUtf8) =>
        files => inUtf8 ? ExampleReader.ReadUtf8(files, columns, BatchRows) : ExampleReader.Read(files, columns, BatchRows);

    /// <summary>The graph for the rows that were learnt from, where it is another; null where all rows are transformed alike.</summary>
    OnnxModel? TrainingModel(IReadOnlyDictionary<Step, Fitted> fitted) =>
        Definition.Features.Values.SelectMany(feature => feature.Step.Chain()).Any(step => step.Operator.DiffersInTraining)
            ? new OnnxModel(TransformCompiler.Compile(Definition, fitted, isTraining: true))
            : null;

    static IEnumerable<ExampleBatch> WithRows(IEnumerable<ExampleBatch> batches)
    {
        var first = 0.0;
        foreach (var batch in batches)
        {
            yield return batch.With(TargetMean.RowInput, Array.ConvertAll(Enumerable.Range(0, batch.Rows).ToArray(), row => first + row));
            first += batch.Rows;
        }
    }

    TransformDescription Describe(OnnxGraph graph, LabelSpec label, IReadOnlyDictionary<Step, Fitted> fitted) => new()
    {
        Label = label,
        Inputs = SignatureInput.Of(graph),
        Features = TransformCompiler.FeaturesOf(Definition, fitted),
        Definition = Definition.ToParameter().AsObject(),
        Analyzers = new JsonArray([.. fitted.Select(found => new JsonObject
        {
            ["operator"] = found.Key.Operator.Name,
            ["features"] = new JsonArray([.. Definition.FeaturesOf(found.Key).Select(name => (JsonNode)name)]),
            ["found"] = found.Value.ToJson(),
        })]),
    };

    AnalyzedPart PartOf(SpanFile span)
    {
        using var content = File.OpenRead(span.File);
        return new AnalyzedPart(
            string.Create(CultureInfo.InvariantCulture, $"{TrainSplit}:{span.Span}"),
            Convert.ToHexStringLower(SHA256.HashData(content)),
            columns => ReaderOf(columns, inUtf8: Kernels)([span.File]));
    }

    /// <summary>What computes the label, if a rule does.</summary>
    OnnxModel? SaveRule(Execution execution)
    {
        if (Definition.LabelRule is not { } rule)
            return null;
        var path = execution.PathOf(Outputs.Graph, LabelReader.RuleFile);
        TransformCompiler.CompileRule(rule).Save(path);
        return new OnnxModel(path);
    }

    LabelCensus CountLabels(Examples raw, OnnxModel? rule, CancellationToken cancellationToken)
    {
        var reader = new LabelReader(Definition.Label, rule);
        var census = new LabelCensus(Definition.Label);
        foreach (var batch in ExampleReader.Read(raw.FilesOf(TrainSplit), Definition.Label.Columns, BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            census.See(reader.Complete(batch));
        }

        return census;
    }

    void LogFindings(ILogger log, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        foreach (var (step, found) in fitted)
        {
            var features = string.Join(", ", Definition.FeaturesOf(step));
            if (found.IsEmpty)
                log.LogWarning("There is nothing to analyse for {Operator} of {Features}: all values of the training split are missing.", step.Operator.Name, features);
            else
                log.LogInformation("{Operator} of {Features}: {Found}", step.Operator.Name, features, found);
        }
    }
}
