using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gyre.Serving;

/// <summary>
/// Keeps the catalog as the directory says: loads new versions in the background and tries them before they answer, then
/// lets go of old ones. A version that cannot be loaded changes nothing for the others; it is tried again when its files
/// change.
/// </summary>
sealed class ModelLoader(ServingOptions options, ModelCatalog catalog, ILogger<ModelLoader> log) : BackgroundService
{
    bool _scanFailed;

    /// <summary>Loads what is there before the first request is taken.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(() => Pass(cancellationToken), cancellationToken);
        if (!catalog.Names.Any())
            log.LogWarning("There is no model in '{Directory}' yet. The server waits for one to be pushed.", options.Directory);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Frees all models: the host stops taking requests, and lets those under way end, before it comes here.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var name in catalog.Names.ToList())
        {
            foreach (var status in catalog.Versions(name).Where(status => status.State == VersionState.Available))
                Retire(name, status);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(options.PollInterval, options.Time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Task.Run(() => Pass(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops, or was never started because its port is taken; neither is a failure of this service.
        }
    }

    void Pass(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, IReadOnlyList<VersionFolder>> found;
        try
        {
            found = ModelFolders.Scan(options.Directory);
            _scanFailed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_scanFailed)
                log.LogError("'{Directory}' cannot be read: {Message} What is loaded goes on answering.", options.Directory, error.Message);
            _scanFailed = true;
            return;
        }

        foreach (var name in found.Keys.Union(catalog.Names, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
            Reconcile(name, found.GetValueOrDefault(name, []), cancellationToken);
    }

    void Reconcile(string name, IReadOnlyList<VersionFolder> found, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Wanted(name, found).FirstOrDefault(folder => !IsLoaded(name, folder)) is { } next)
            Load(name, next);

        var wanted = Wanted(name, found).Select(folder => folder.Version).ToHashSet();
        foreach (var status in catalog.Versions(name))
        {
            if (status.State == VersionState.Available && !wanted.Contains(status.Version))
                Retire(name, status);
            else if (status.State == VersionState.End && found.All(folder => folder.Version != status.Version))
                catalog.Remove(name, status);
        }
    }

    /// <summary>The newest versions, leaving out those that are known not to load.</summary>
    List<VersionFolder> Wanted(string name, IReadOnlyList<VersionFolder> found) =>
        [.. found.Where(folder => !catalog.Versions(name).Exists(status => status.State == VersionState.End && status.Folder == folder)).Take(options.VersionsKept)];

    bool IsLoaded(string name, VersionFolder folder) =>
        catalog.Versions(name).Exists(status => status.State == VersionState.Available && (status.Folder == folder || status.Rejected == folder));

    void Load(string name, VersionFolder folder)
    {
        // While the same number is replaced by other content, the old content goes on answering.
        var present = catalog.Versions(name).Find(status => status.Version == folder.Version && status.State == VersionState.Available);
        if (present is null)
            catalog.Put(name, new VersionStatus(folder, VersionState.Loading));
        var started = options.Time.GetTimestamp();
        try
        {
            var loaded = LoadedVersion.Load(name, folder);
            var displaced = catalog.Put(name, new VersionStatus(folder, VersionState.Available, Loaded: loaded));
            log.LogInformation(
                "Version {Version} of '{Name}' answers now (loaded in {Milliseconds:0} ms).", folder.Version, name, options.Time.GetElapsedTime(started).TotalMilliseconds);
            displaced?.Retire();
        }
#pragma warning disable CA1031 // Whatever is wrong with a version, the others must go on answering.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.LogError("Version {Version} of '{Name}' cannot be loaded: {Message} Versions loaded before go on answering.", folder.Version, name, error.Message);
            catalog.Put(name, present is null
                ? new VersionStatus(folder, VersionState.End, error.Message)
                : present with { Error = error.Message, Rejected = folder });
        }
    }

    void Retire(string name, VersionStatus status)
    {
        var unloading = status with { State = VersionState.Unloading, Loaded = null };
        catalog.Put(name, unloading);
        status.Loaded!.Retire(() =>
        {
            catalog.Remove(name, unloading);
            log.LogInformation("Version {Version} of '{Name}' is unloaded.", status.Version, name);
        });
    }
}
