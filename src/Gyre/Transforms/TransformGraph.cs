using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;

namespace Gyre.Transforms;

/// <summary>
/// A fitted transform: <c>transform.onnx</c>, from raw columns to feature tensors, and <c>transform.json</c>, which says
/// in words what stands in it.
/// </summary>
public sealed record TransformGraph : Artifact
{
    /// <summary>Which parts of the training split were analysed, as JSON <c>["train:3"]</c>; of the others everything was known already.</summary>
    internal const string SpansComputedProperty = "spans_computed";

    internal const string GraphFile = "transform.onnx";

    internal const string DescriptionFile = "transform.json";

    /// <summary>The path of the ONNX file. Each feature's tensor is the output <see cref="FeatureSpec.Tensor"/>.</summary>
    public string GraphPath => PathOf(GraphFile);

    /// <summary>The graph, for a model to be appended to.</summary>
    public OnnxGraph LoadGraph() => OnnxGraph.Load(GraphPath);

    /// <summary>What the graph takes and gives, and where the label is.</summary>
    /// <exception cref="InvalidDataException">The description is missing parts or of another format.</exception>
    public TransformDescription Describe() => TransformDescription.Load(PathOf(DescriptionFile));
}

/// <summary>What a transform graph takes and gives: <c>transform.json</c>.</summary>
public sealed record TransformDescription
{
    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Where the label stands in the raw examples.</summary>
    public required LabelSpec Label { get; init; }

    /// <summary>The raw columns that the graph reads, in ordinal order of their names.</summary>
    public required IReadOnlyList<SignatureInput> Inputs { get; init; }

    /// <summary>The features that it gives, in ordinal order of their names.</summary>
    public required IReadOnlyList<FeatureSpec> Features { get; init; }

    /// <summary>The definition that was fitted: for each feature its operators.</summary>
    public required JsonObject Definition { get; init; }

    /// <summary>What each analyzer found in the training split; of vocabularies the most frequent texts only.</summary>
    public required JsonArray Analyzers { get; init; }

    /// <exception cref="InvalidDataException">The file is no description of this format.</exception>
    public static TransformDescription Load(string path) => TransformJson.Load(path);
}
