using Gyre.Data;
using Microsoft.ML.OnnxRuntime;

namespace Gyre.Onnx;

/// <summary>An input of a model: a raw column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="IsText">True for text, string [N, 1], the empty one for missing; false for a number, double [N, 1], NaN for missing.</param>
/// <param name="IsList">True where an example has any number of values: string or double [N, D], padded with missing ones at the end.</param>
public sealed record OnnxInput(string Name, bool IsText, bool IsList = false);

/// <summary>
/// A model, or a transform graph, loaded into ONNX Runtime. Takes raw columns by name. Any number of threads may run it at
/// the same time; results do not depend on how examples are batched.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    /// <summary>The output of a binary model: the probability of the positive class, float [N].</summary>
    public const string Probability = "probability";

    /// <summary>The output of a multiclass or multilabel model: the probability of each class, float [N, C].</summary>
    public const string Probabilities = "probabilities";

    /// <summary>The output of a regression: the number, float [N].</summary>
    public const string Prediction = "prediction";

    /// <summary>The output of a ranking: the score by which the examples of a group are ordered, the highest first, float [N].</summary>
    public const string Score = "score";

    readonly InferenceSession _session;
    readonly RunOptions _options = new();
    readonly string _source;
    readonly string[] _inputNames;
    readonly string? _predictions;

    /// <summary>Loads a model from a file.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads within one run. More than one helps large dense models only; to use more cores, run several batches at once.</param>
    /// <exception cref="InvalidDataException">The file is no ONNX model that the runtime can load, or takes something other than columns.</exception>
    public OnnxModel(string path, int threads = 1)
        : this(File.ReadAllBytes(path), path, threads)
    {
    }

    internal OnnxModel(OnnxGraph graph, int threads = 1)
        : this(graph.ToBytes(), "the graph", threads)
    {
    }

    OnnxModel(byte[] bytes, string source, int threads)
    {
        RuntimeTelemetry.Forbid();
        _source = source;
        try
        {
            using var options = Options(threads);
            _session = new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"ONNX Runtime cannot load '{source}': {error.Message}", error);
        }

        Inputs = [.. _session.InputMetadata.OrderBy(input => input.Key, StringComparer.Ordinal).Select(input => new OnnxInput(input.Key, IsText(input.Key, input.Value), input.Value.Dimensions is [_, not 1]))];
        Outputs = [.. _session.OutputNames];
        _inputNames = [.. Inputs.Select(input => input.Name)];
        _predictions = Array.Find([Probability, Probabilities, Prediction, Score], name => Outputs.Contains(name, StringComparer.Ordinal));
        PredictionWidth = _predictions is not null && _session.OutputMetadata[_predictions].Dimensions is [_, var width] ? width : 1;
    }

    /// <summary>The raw columns that the model reads, in ordinal order.</summary>
    public IReadOnlyList<OnnxInput> Inputs { get; }

    /// <summary>The names of the tensors that it can give back.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>How many numbers the model predicts for one example: one to a class where there are classes, otherwise 1.</summary>
    public int PredictionWidth { get; }

    /// <summary>The predictions for each example, in order, <see cref="PredictionWidth"/> to each.</summary>
    /// <exception cref="KeyNotFoundException">The batch lacks a column that the model reads.</exception>
    /// <exception cref="InvalidOperationException">The model has no output with predictions.</exception>
    public float[] Predict(ExampleBatch batch)
    {
        var output = _predictions ?? throw new InvalidOperationException(
            $"'{_source}' gives {string.Join(", ", Outputs)}. Expected '{Probability}', '{Probabilities}', '{Prediction}' or '{Score}' among them.");
        var width = PredictionWidth;
        var result = new float[batch.Rows * width];
        Run(batch, [output], chunk =>
        {
            var values = chunk.Floats(output);
            for (var i = 0; i < chunk.Rows.Count; i++)
                values.Slice(i * width, width).CopyTo(result.AsSpan(chunk.Rows[i] * width));
        });
        return result;
    }

    /// <summary>
    /// Runs the model. A tensor of tokens is as wide as its longest text, so the batch is cut into chunks of texts of
    /// similar length: one long text must not make all others as expensive as itself.
    /// </summary>
    /// <param name="batch">The examples; other columns than the model's inputs are ignored.</param>
    /// <param name="outputs">The tensors wanted.</param>
    /// <param name="consume">Called once for each chunk; what it is given is valid during the call only.</param>
    public void Run(ExampleBatch batch, IReadOnlyList<string> outputs, Action<OnnxChunk> consume)
    {
        var columns = Inputs.ToDictionary(input => input.Name, input => ColumnOf(batch, input), StringComparer.Ordinal);
        foreach (var rows in RowChunks.Cut(batch.Rows, [.. columns.Values.Where(column => column is not double[])]))
            Run(columns, rows, outputs, consume);
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    void Run(Dictionary<string, Array> columns, int[] rows, IReadOnlyList<string> outputs, Action<OnnxChunk> consume)
    {
        var inputs = new List<OrtValue>(_inputNames.Length);
        try
        {
            foreach (var name in _inputNames)
                inputs.Add(OnnxFeed.Column(columns[name], rows));
            using var results = _session.Run(_options, _inputNames, inputs, outputs);
            consume(new OnnxChunk(rows, outputs, results));
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidOperationException($"Running '{_source}' on {rows.Length} examples failed: {error.Message}", error);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    static Array ColumnOf(ExampleBatch batch, OnnxInput input) =>
        input.IsList ? input.IsText ? batch.TextLists(input.Name) : batch.NumberLists(input.Name)
        : input.IsText ? batch.Text(input.Name)
        : batch.Number(input.Name);

    bool IsText(string name, NodeMetadata metadata) =>
        metadata.IsString ? true
        : metadata.ElementType == typeof(double) ? false
        : throw new InvalidDataException($"The input '{name}' of '{_source}' is of type {metadata.ElementType.Name}. Expected string or double, one raw column.");

    static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            // Chunks differ in width, so a memory plan made for one fits no other.
            EnableMemoryPattern = false,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }
}
