using Gyre.Pipelines;
using Gyre.Training;
using Microsoft.Extensions.Logging;

namespace Gyre.Registry;

/// <summary>
/// Brings a registered version to where servers look for models: <c>&lt;destination&gt;/&lt;name&gt;/&lt;version&gt;/</c>. It
/// appears there whole or not at all. When the directory was removed or changed since, the version is pushed again.
/// </summary>
/// <param name="version">The version.</param>
/// <param name="destination">The directory to push into, relative to the current one; by default <c>serving</c> in the home.</param>
[CodeVersion(1)]
public sealed class PushModel(Output<ModelVersion> version, string? destination = null) : Component<Output<PushedModel>>
{
    const string DefaultDestination = "serving";

    protected internal override void Check(DefinitionCheck check)
    {
        if (destination is not null && (string.IsNullOrWhiteSpace(destination) || destination.Contains('\0', StringComparison.Ordinal)))
            check.Error($"The destination is '{destination}'. Expected the path of a directory, or none for '{DefaultDestination}' in the home.");
    }

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var source = execution.Read(version);
        var record = source.ReadRecord();
        if (!ModelName.IsValid(record.Name))
            throw new InvalidDataException($"The version's name is '{record.Name}'. Expected {ModelName.Rule}: register the model again.");
        var files = RegisterModel.ModelFiles.Append(VersionRecord.FileName).Append(Model.ExampleFile)
            .Select(source.PathOf).Where(path => Path.GetFileName(path) != Model.ExampleFile || File.Exists(path)).ToList();

        var folder = new ServingFolder(RootIn(execution.HomeDirectory));
        var target = await folder.PushAsync(record.Name, record.Version, files, cancellationToken);
        execution.Log.LogInformation("Version {Version} of '{Name}' is at {Target}.", record.Version, record.Name, target);

        var pushed = new PushRecord
        {
            Name = record.Name,
            Version = record.Version,
            VersionFingerprint = source.Fingerprint,
            Files = [.. files.Select(PushedFile.Of).OrderBy(file => file.Name, StringComparer.Ordinal)],
        };
        await File.WriteAllBytesAsync(execution.PathOf(Outputs, PushRecord.FileName), RegistryJson.Write(pushed), cancellationToken);
        execution.SetProperty(Outputs, PushedModel.PushedProperty, 1L);
        execution.SetProperty(Outputs, PushedModel.NameProperty, record.Name);
        execution.SetProperty(Outputs, PushedModel.VersionProperty, record.Version);
        execution.SetProperty(Outputs, PushedModel.DestinationProperty, target);
    }

    protected internal override string? WhyStale(Reuse reuse)
    {
        if (!reuse.Artifacts.TryGetValue(Outputs.Key, out var artifact))
            return null;
        var record = PushRecord.Load(artifact.PathOf(PushRecord.FileName));
        return record.DifferenceIn(new ServingFolder(RootIn(reuse.HomeDirectory)).DirectoryOf(record.Name, record.Version));
    }

    string RootIn(string home) => Path.GetFullPath(destination ?? Path.Combine(home, DefaultDestination));
}
