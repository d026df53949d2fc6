using Gyre.Pipelines;

namespace Gyre.Registry;

/// <summary>
/// A numbered version of a named model: <c>version.json</c> and copies of the model's files. A gate where a review is
/// asked for. Properties: <c>name</c>, <c>version</c>, <c>model_id</c>, <c>evaluation_id</c>, <c>run_id</c>.
/// </summary>
public sealed record ModelVersion : Artifact
{
    internal const string NameProperty = "name";
    internal const string NumberProperty = "version";
    internal const string ModelIdProperty = "model_id";
    internal const string EvaluationIdProperty = "evaluation_id";
    internal const string RunIdProperty = "run_id";

    /// <summary>The model's name; empty on an artifact that was not read from a store.</summary>
    public string Name => Properties.TryGetValue(NameProperty, out var name) ? name.ToString() : "";

    /// <summary>Counted from 1; higher is newer.</summary>
    public long Number => Properties.TryGetValue(NumberProperty, out var number) ? number.AsInteger() : 0;

    /// <summary>Reads what went into the version.</summary>
    public VersionRecord ReadRecord() => VersionRecord.Load(PathOf(VersionRecord.FileName));
}

/// <summary>
/// A version of a model where a server finds it. <c>pushed.json</c> says what was pushed; where to, which differs from
/// machine to machine, stands in the property <c>pushed_destination</c>.
/// </summary>
public sealed record PushedModel : Artifact
{
    internal const string PushedProperty = "pushed";
    internal const string DestinationProperty = "pushed_destination";
    internal const string VersionProperty = "pushed_version";
    internal const string NameProperty = "name";

    /// <summary>The model's name.</summary>
    public string Name => Properties.TryGetValue(NameProperty, out var name) ? name.ToString() : "";

    /// <summary>The version's number.</summary>
    public long Number => Properties.TryGetValue(VersionProperty, out var number) ? number.AsInteger() : 0;

    /// <summary>The directory of the version, as it was when it was pushed.</summary>
    public string Destination => Properties.TryGetValue(DestinationProperty, out var destination) ? destination.ToString() : "";

    /// <summary>Reads what was pushed.</summary>
    public PushRecord ReadRecord() => PushRecord.Load(PathOf(PushRecord.FileName));
}
