using System.Security.Cryptography;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Tests.Transforms;

/// <summary>Fits a definition to columns in memory, and runs the graph that comes of it.</summary>
sealed class TransformRun : IDisposable
{
    readonly OnnxModel _model;

    TransformRun(TransformDefinition definition, IReadOnlyDictionary<Step, Fitted> fitted)
    {
        Definition = definition;
        Fitted = fitted;
        Features = TransformCompiler.FeaturesOf(definition, fitted);
        var graph = TransformCompiler.Compile(definition, fitted);
        Fingerprint = Convert.ToHexString(SHA256.HashData(graph.ToBytes()));
        _model = new OnnxModel(graph);
    }

    public TransformDefinition Definition { get; }

    public IReadOnlyDictionary<Step, Fitted> Fitted { get; }

    public IReadOnlyList<FeatureSpec> Features { get; }

    /// <summary>Of the graph's bytes.</summary>
    public string Fingerprint { get; }

    public static TransformDefinition Define(Action<FeatureBuilder> define) => TransformDefinition.From(f =>
    {
        f.Label("y", "1");
        define(f);
    });

    public static async Task<TransformRun> FitAsync(Action<FeatureBuilder> define, ExampleBatch train, int batchRows = 1000, int threads = 1, bool withKernels = true)
    {
        var definition = Define(define);
        definition.Errors.ShouldBeEmpty();
        var fitter = new TransformFitter(definition, [new AnalyzedPart("all", null, columns => Cut(train, columns, batchRows))], threads, (_, _, _) => { })
        {
            Kernels = withKernels,
        };
        return new TransformRun(definition, await fitter.FitAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Fits one feature, «x», and returns what the same examples become.</summary>
    public static async Task<float[]> NumbersAsync(Func<FeatureBuilder, NumberValue> value, Array column)
    {
        using var run = await FitAsync(f => f.Output("x", value(f)), Batch(column));
        return run.Numbers("x", Batch(column));
    }

    /// <summary>Fits one feature, «x», and returns what the same examples become.</summary>
    public static async Task<long[]> IdsAsync(Func<FeatureBuilder, IdValue> value, Array column)
    {
        using var run = await FitAsync(f => f.Output("x", value(f).OneHot()), Batch(column));
        return run.Ids("x", Batch(column));
    }

    /// <summary>Fits one feature, «x», and returns what the same examples become.</summary>
    public static async Task<int[][]> TokensAsync(Func<FeatureBuilder, TokenIdsValue> value, params string?[] column)
    {
        using var run = await FitAsync(f => f.Output("x", value(f)), Batch(column));
        return run.Tokens("x", Batch(column));
    }

    public static ExampleBatch Batch(Array column) => Batch(("c", column));

    public static ExampleBatch Batch(params (string Name, Array Values)[] columns) =>
        new(columns[0].Values.Length, columns.ToDictionary(column => column.Name, column => column.Values, StringComparer.Ordinal));

    public float[] Numbers(string feature, ExampleBatch batch) => ((FloatValues)Values(feature, batch)).Values;

    public long[] Ids(string feature, ExampleBatch batch) => ((IntegerValues)Values(feature, batch)).Values;

    public int[][] Tokens(string feature, ExampleBatch batch)
    {
        var lists = (IntegerListValues)Values(feature, batch);
        return [.. Enumerable.Range(0, lists.Offsets.Length - 1).Select(i => lists.Values[lists.Offsets[i]..lists.Offsets[i + 1]])];
    }

    public IReadOnlyList<ColumnValues> All(ExampleBatch batch) => Transform(batch).Values(labelledOnly: false);

    /// <summary>Without any label: what the features are does not depend on it.</summary>
    public FeatureBatch Transform(ExampleBatch batch) =>
        FeatureBatch.Run(_model, Features, new LabelReader(new LabelSpec("/none", ["1"])), batch.With("/none", new string?[batch.Rows]));

    /// <summary>Writes all examples by kernels, some of them compared with the graph.</summary>
    public Task<long> WriteAsync(FeatureKernels kernels, IEnumerable<ExampleBatch> batches, string file) =>
        new FeatureMaterializer(_model, Features, new LabelReader(new LabelSpec("t", ["1"])), threads: 1) { Kernels = kernels }
            .WriteAsync(batches, file, labelledOnly: false, audit: null, _ => { }, TestContext.Current.CancellationToken);

    public void Dispose() => _model.Dispose();

    ColumnValues Values(string feature, ExampleBatch batch) => All(batch)[Features.ToList().FindIndex(spec => spec.Name == feature)];

    static IEnumerable<ExampleBatch> Cut(ExampleBatch all, IReadOnlyList<string> columns, int batchRows)
    {
        for (var start = 0; start < all.Rows; start += batchRows)
        {
            var (from, count) = (start, Math.Min(batchRows, all.Rows - start));
            yield return new ExampleBatch(count, columns.ToDictionary(name => name, name => Slice(all, name, from, count), StringComparer.Ordinal));
        }
    }

    static Array Slice(ExampleBatch all, string column, int start, int count)
    {
        try
        {
            return all.Number(column)[start..(start + count)];
        }
        catch (InvalidOperationException)
        {
        }

        try
        {
            return all.NumberLists(column)[start..(start + count)];
        }
        catch (InvalidOperationException)
        {
        }

        try
        {
            return all.TextLists(column)[start..(start + count)];
        }
        catch (InvalidOperationException)
        {
            return all.Text(column)[start..(start + count)];
        }
    }
}
