using System.Globalization;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>
/// Runs a fitted transform over splits and writes the transformed examples: by kernels where there are any, otherwise by the graph. Of what kernels
/// compute some is compared with the graph, see <see cref="SpotCheck"/>.
/// </summary>
sealed class FeatureMaterializer(OnnxModel model, IReadOnlyList<FeatureSpec> features, LabelReader label, int threads)
{
    /// <summary>What computes the features; null for the graph alone.</summary>
    public FeatureKernels? Kernels { get; init; }

    /// <summary>The same with another graph of the same features, and its kernels.</summary>
    public FeatureMaterializer For(OnnxModel other, FeatureKernels? kernels) => new(other, features, label, threads) { Kernels = kernels };

    /// <summary>Writes the transformed examples of a split.</summary>
    /// <param name="batches">The raw examples.</param>
    /// <param name="target">The Parquet file to write.</param>
    /// <param name="labelledOnly">Whether to leave out examples without a label.</param>
    /// <param name="audit">Sees every example, also those left out.</param>
    /// <param name="report">Told after each batch how many examples are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The number of examples written.</returns>
    /// <exception cref="KernelDifferenceException">A kernel gives something else than the graph; nothing is written.</exception>
    public async Task<long> WriteAsync(
        IEnumerable<ExampleBatch> batches, string target, bool labelledOnly, VocabularyAudit? audit, Action<long> report, CancellationToken cancellationToken)
    {
        using var writer = new ParquetWriter(target, FeatureBatch.Columns(features, label.Spec));
        var groups = label.Spec.Group is null ? null : new GroupNumbers();
        var done = 0L;
        await OrderedWork.RunAsync(
            Counted(batches),
            threads,
            batch =>
            {
                // Groups are numbered as they come, so their batches must wait for their turn.
                var transformed = Transform(batch.Batch, batch.FirstRow, isCompared: SpotCheck.Has(batch.Index));
                return (Batch: transformed, Values: groups is null ? transformed.Values(labelledOnly) : null);
            },
            transformed =>
            {
                audit?.See(transformed.Batch);
                writer.Write(transformed.Values ?? transformed.Batch.Values(labelledOnly, groups));
                report(done += transformed.Batch.Rows);
            },
            cancellationToken);
        writer.Complete();
        return writer.Rows;
    }

    FeatureBatch Transform(ExampleBatch batch, long firstRow, bool isCompared)
    {
        if (Kernels is null)
            return FeatureBatch.Run(model, features, label, batch);
        var transformed = FeatureBatch.Run(Kernels, label, batch);
        if (isCompared && FeatureBatch.Run(model, features, label, batch.First(SpotCheck.Rows)).FirstDifference(transformed) is var (feature, row))
            throw new KernelDifferenceException(string.Create(CultureInfo.InvariantCulture, $"The kernel of the feature '{features[feature].Name}' gives something else than the graph in row {firstRow + row}"));
        return transformed;
    }

    static IEnumerable<(ExampleBatch Batch, int Index, long FirstRow)> Counted(IEnumerable<ExampleBatch> batches)
    {
        var (index, firstRow) = (0, 0L);
        foreach (var batch in batches)
        {
            yield return (batch, index++, firstRow);
            firstRow += batch.Rows;
        }
    }
}

/// <summary>
/// Checks over all training examples that the graph gives each text of a vocabulary its id exactly as often as the analyzer
/// counted the text: that what was analysed is what is computed.
/// </summary>
sealed class VocabularyAudit
{
    readonly List<(int Feature, string Name, FittedVocabulary Vocabulary, long[] Counts)> _vocabularies = [];

    public VocabularyAudit(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted, IReadOnlyList<FeatureSpec> features)
    {
        for (var i = 0; i < features.Count; i++)
        {
            var value = definition.Features[features[i].Name];
            if (value.Kind != FeatureKind.Number && fitted.GetValueOrDefault(TransformCompiler.IdsOf(value)) is FittedVocabulary vocabulary)
                _vocabularies.Add((i, features[i].Name, vocabulary, new long[features[i].Size]));
        }
    }

    public void See(FeatureBatch batch)
    {
        foreach (var (feature, _, _, counts) in _vocabularies)
            batch.CountIds(feature, counts);
    }

    /// <exception cref="InvalidOperationException">Some text was counted differently.</exception>
    public void RequireAgreement()
    {
        foreach (var (_, name, vocabulary, counts) in _vocabularies)
        {
            for (var id = 0; id < vocabulary.Counts.Count; id++)
            {
                if (counts[id] != vocabulary.Counts[id])
                {
                    throw new InvalidOperationException(
                        $"The transform graph gives '{vocabulary.Values[id]}' of the feature '{name}' its id {id} {counts[id]} times over the training split, "
                        + $"but it was counted {vocabulary.Counts[id]} times. This is an error in Gyre; please report it with the definition of the feature.");
                }
            }
        }
    }
}
