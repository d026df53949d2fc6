using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Serving;

/// <summary>
/// A version in memory. Those who use it count themselves in and out; once it is retired and the last has left, its
/// memory is freed. So a version can be taken away under load and no request is cut off.
/// </summary>
sealed class LoadedVersion
{
    readonly OnnxModel _model;

    /// <summary>The catalog counts as one user until it retires the version.</summary>
    int _users = 1;

    Action? _freed;

    LoadedVersion(string name, VersionFolder folder, ModelSignature signature, OnnxModel model)
    {
        (Name, Folder, Signature, _model) = (name, folder, signature, model);
        Columns = new RequestColumns(signature.Inputs);
    }

    public string Name { get; }

    public VersionFolder Folder { get; }

    public ModelSignature Signature { get; }

    public RequestColumns Columns { get; }

    /// <summary>Loads a version and runs it once, so that the first request need not wait and a broken model is never chosen.</summary>
    /// <exception cref="Exception">The version cannot be used; the message says why.</exception>
    public static LoadedVersion Load(string name, VersionFolder folder)
    {
        var signature = ModelSignature.Load(Path.Combine(folder.Path, ModelSignature.FileName));
        var model = new OnnxModel(Path.Combine(folder.Path, ModelFolders.GraphFile));
        try
        {
            RequireMatch(signature, model);
            var loaded = new LoadedVersion(name, folder, signature, model);
            model.Predict(WarmUp(loaded));
            return loaded;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Counts the caller in; false when the version is already freed.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return true;
        }
    }

    /// <summary>Counts the caller out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _model.Dispose();
        _freed?.Invoke();
    }

    /// <summary>Counts the catalog out; once.</summary>
    /// <param name="freed">Called when the last user has left and the memory is freed.</param>
    public void Retire(Action? freed = null)
    {
        _freed = freed;
        Leave();
    }

    /// <summary>The predictions for each example, as many as the signature's label has outputs. The caller has entered.</summary>
    public float[] Predict(ExampleBatch batch) => _model.Predict(batch);

    static void RequireMatch(ModelSignature signature, OnnxModel model)
    {
        var described = signature.Inputs.Select(input => new OnnxInput(input.Name, input.IsText, input.IsList)).ToHashSet();
        if (!described.SetEquals(model.Inputs))
        {
            throw new InvalidDataException(
                $"{ModelSignature.FileName} names the inputs {Describe(described)}, but model.onnx reads {Describe(model.Inputs)}. Push the version again.");
        }

        var output = ModelSignature.OutputOf(signature.Task);
        if (!model.Outputs.Contains(output, StringComparer.Ordinal))
            throw new InvalidDataException($"model.onnx has the outputs {string.Join(", ", model.Outputs)}. Expected '{output}' among them.");
        if (model.PredictionWidth != signature.Label.OutputWidth)
            throw new InvalidDataException($"model.onnx gives {model.PredictionWidth} probabilities for an example, but {ModelSignature.FileName} names {signature.Label.OutputWidth} classes. Push the version again.");
    }

    /// <summary>The example that came with the model, or else one with nothing in it.</summary>
    static ExampleBatch WarmUp(LoadedVersion version)
    {
        var path = Path.Combine(version.Folder.Path, ModelFolders.ExampleFile);
        try
        {
            if (File.Exists(path))
                return PredictRequest.Read(File.ReadAllBytes(path), version.Columns, RequestLimits.None).Batch;
        }
        catch (ServingException)
        {
            // The example is there for people; a model without a good one is still a good model.
        }

        return PredictRequest.Read("""{"instances":[{}]}"""u8, version.Columns, RequestLimits.None).Batch;
    }

    static string Describe(IEnumerable<OnnxInput> inputs) =>
        string.Join(", ", inputs.OrderBy(input => input.Name, StringComparer.Ordinal).Select(input => $"{input.Name} ({(input.IsText ? "text" : "number")}{(input.IsList ? "s" : "")})"));
}
