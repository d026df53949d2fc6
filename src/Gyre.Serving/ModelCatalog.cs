using System.Collections.Immutable;

namespace Gyre.Serving;

/// <summary>The states that TensorFlow Serving names.</summary>
enum VersionState
{
    Loading,
    Available,
    Unloading,

    /// <summary>It could not be loaded.</summary>
    End,
}

/// <summary>What is known of a version.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Error">Why it could not be loaded; null unless that is so.</param>
/// <param name="Loaded">The version in memory; null unless it is available.</param>
sealed record VersionStatus(VersionFolder Folder, VersionState State, string? Error = null, LoadedVersion? Loaded = null)
{
    /// <summary>What took the place of an available version's files on the disk and could not be loaded.</summary>
    public VersionFolder? Rejected { get; init; }

    public long Version => Folder.Version;
}

/// <summary>
/// All models and their versions. Requests read a snapshot without locks; changes replace it whole, so the switch to a
/// new version is one assignment.
/// </summary>
sealed class ModelCatalog
{
    readonly Lock _changing = new();

    ImmutableDictionary<string, ImmutableList<VersionStatus>> _models =
        ImmutableDictionary<string, ImmutableList<VersionStatus>>.Empty.WithComparers(StringComparer.Ordinal);

    public IEnumerable<string> Names => Volatile.Read(ref _models).Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether there are models and each has a version that answers.</summary>
    public bool IsReady
    {
        get
        {
            var models = Volatile.Read(ref _models);
            return !models.IsEmpty && models.Values.All(versions => versions.Exists(version => version.State == VersionState.Available));
        }
    }

    /// <summary>The versions of a model, the highest first; empty when there is no such model.</summary>
    public ImmutableList<VersionStatus> Versions(string name) => Volatile.Read(ref _models).GetValueOrDefault(name, []);

    /// <summary>
    /// The version that answers a request: the one asked for, or the highest available. The caller has entered it and
    /// must leave it.
    /// </summary>
    /// <exception cref="ServingException">There is none.</exception>
    public LoadedVersion Enter(string name, long? version)
    {
        while (true)
        {
            var versions = Versions(name);
            var chosen = versions.Find(status => status.State == VersionState.Available && (version is null || status.Version == version));
            if (chosen is null)
                throw NotServed(name, version, versions);

            // It may have been retired and freed since the snapshot was taken; then there is a newer snapshot.
            if (chosen.Loaded!.TryEnter())
                return chosen.Loaded;
        }
    }

    /// <summary>Puts a version's new status in the place of its old one.</summary>
    /// <returns>The version in memory that this displaced; null when there was none.</returns>
    public LoadedVersion? Put(string name, VersionStatus status)
    {
        lock (_changing)
        {
            var versions = Versions(name);
            var old = versions.Find(other => other.Version == status.Version);
            var next = (old is null ? versions : versions.Remove(old)).Add(status).Sort((left, right) => right.Version.CompareTo(left.Version));
            Volatile.Write(ref _models, _models.SetItem(name, next));
            return old?.Loaded == status.Loaded ? null : old?.Loaded;
        }
    }

    /// <summary>Forgets a version, unless it has another status by now; and the model with its last version.</summary>
    public void Remove(string name, VersionStatus status)
    {
        lock (_changing)
        {
            var next = Versions(name).Remove(status);
            Volatile.Write(ref _models, next.IsEmpty ? _models.Remove(name) : _models.SetItem(name, next));
        }
    }

    ServingException NotServed(string name, long? version, ImmutableList<VersionStatus> versions)
    {
        // The first words are TensorFlow Serving's, for clients that look for them.
        var asked = version is null ? $"Servable not found for request: Latest({name})." : $"Servable not found for request: Specific({name}, {version}).";
        if (versions.IsEmpty)
        {
            var names = string.Join(", ", Names);
            return new ServingException(ServingCode.NotFound, $"{asked} {(names.Length == 0 ? "No model has been pushed yet." : $"Models here: {names}.")}");
        }

        var failed = versions.Find(status => status.Error is not null && (version is null || status.Version == version));
        if (failed is not null)
            return new ServingException(ServingCode.Unavailable, $"{asked} Version {failed.Version} could not be loaded: {failed.Error}");
        var available = string.Join(", ", versions.Where(status => status.State == VersionState.Available).Select(status => status.Version));
        return new ServingException(ServingCode.NotFound, $"{asked} {(available.Length == 0 ? "No version is loaded yet; try again." : $"Versions loaded: {available}.")}");
    }
}
