using Gyre.Evaluation;
using Gyre.Onnx;

namespace Gyre.Registry;

/// <summary>
/// What a version of a model is and what went into it: <c>version.json</c>. It names content by fingerprint and nothing
/// by time, run or number in a store, so that equal work gives equal bytes anywhere; those stand in the store.
/// </summary>
public sealed record VersionRecord
{
    /// <summary>The name of the file within a version's directory.</summary>
    public const string FileName = "version.json";

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Counted from 1. All else in this record decides it: equal records have one number in a store, different ones never.</summary>
    public required long Version { get; init; }

    /// <summary>The pipeline that made it.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The version of Gyre that registered it.</summary>
    public required string GyreVersion { get; init; }

    /// <summary>Whether a person had to approve it.</summary>
    public required bool Review { get; init; }

    public required string ModelFingerprint { get; init; }

    public required string EvaluationFingerprint { get; init; }

    public required string BlessingFingerprint { get; init; }

    public required ModelSignature Signature { get; init; }

    public required VersionEvaluation Evaluation { get; init; }

    public static VersionRecord Load(string path) => RegistryJson.Read<VersionRecord>(path, record => record.Format);
}

/// <summary>The evaluation that the version was registered with, in short.</summary>
/// <param name="Split">The split it was measured on.</param>
/// <param name="Blessed">Whether it kept all thresholds.</param>
/// <param name="BaselineFingerprint">The model it was compared with; null when there was none.</param>
/// <param name="Metrics">The metrics over all examples.</param>
public sealed record VersionEvaluation(string Split, bool Blessed, string? BaselineFingerprint, MetricValues Metrics);
