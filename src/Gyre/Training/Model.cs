using Gyre.Pipelines;

namespace Gyre.Training;

/// <summary>
/// A model from raw columns to the prediction: <c>model.onnx</c>, <c>signature.json</c>, the
/// training curve in <c>training.json</c>, an example to try it with in <c>example.json</c> where there is one, and in
/// <c>warm_start</c> what a later training can go on from, where the trainer can.
/// </summary>
public sealed record Model : Artifact
{
    internal const string GraphFile = "model.onnx";

    internal const string TrainingFile = "training.json";

    internal const string ExampleFile = "example.json";

    internal const string WarmStartFolder = "warm_start";

    /// <summary>The path of the ONNX file.</summary>
    public string GraphPath => PathOf(GraphFile);

    /// <summary>How the training went.</summary>
    /// <exception cref="InvalidDataException">The record is missing parts or of another format.</exception>
    public TrainingRecord LoadTraining() => TrainingRecord.Load(PathOf(TrainingFile));
}
