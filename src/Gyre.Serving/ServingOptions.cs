using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Gyre.Serving;

/// <summary>What a model server serves, where, and how much it takes.</summary>
public sealed record ServingOptions
{
    /// <summary>The directory that holds <c>&lt;name&gt;/&lt;version&gt;/</c> for every model.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// The address to listen on: an IP address, or <c>localhost</c>. With any other than this machine's own (127.0.0.1,
    /// ::1) everyone who can reach the machine can ask the models; there is no other protection yet.
    /// </summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 takes any that is free.</summary>
    public int Port { get; init; } = 8501;

    /// <summary>How often the directory is looked at for new versions.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many versions of a model stay loaded: the newest ones that can be loaded.</summary>
    public int VersionsKept { get; init; } = 2;

    /// <summary>The largest request body, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 16 << 20;

    /// <summary>The most examples in one request.</summary>
    public int MaxRows { get; init; } = 10_000;

    /// <summary>The longest text, in UTF-16 code units: a text costs memory and time by its length.</summary>
    public int MaxTextLength { get; init; } = 100_000;

    /// <summary>How many requests compute at once; each uses one thread.</summary>
    public int MaxConcurrentRuns { get; init; } = Environment.ProcessorCount;

    /// <summary>How many requests may wait for their turn to compute; further ones are refused with 429.</summary>
    public int MaxWaiting { get; init; } = 1000;

    /// <summary>How long a stopping server waits for requests that are under way.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told the address once requests are answered there.</summary>
    [JsonIgnore]
    public Action<Uri>? OnStarted { get; init; }

    /// <summary>Sets up logging; by default warnings, and what happens to versions, go to the console.</summary>
    [JsonIgnore]
    public Action<ILoggingBuilder>? Logging { get; init; }

    [JsonIgnore]
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether only this machine can reach the server.</summary>
    [JsonIgnore]
    internal bool IsLocalOnly => IPAddress.IsLoopback(Address);

    [JsonIgnore]
    internal IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <summary>Everything that is wrong with the options.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _))
            yield return $"The host is '{Host}'. Expected an IP address such as 127.0.0.1, or 'localhost'.";
        if (Port is < 0 or > 65535)
            yield return $"The port is {Port}. Expected 1 to 65535, or 0 for any that is free.";
        if (PollInterval <= TimeSpan.Zero)
            yield return $"The poll interval is {PollInterval}. Expected more than nothing.";
        foreach (var (name, value) in new[]
        {
            (nameof(VersionsKept), VersionsKept), (nameof(MaxRows), MaxRows), (nameof(MaxTextLength), MaxTextLength),
            (nameof(MaxConcurrentRuns), MaxConcurrentRuns), (nameof(MaxWaiting), MaxWaiting),
        })
        {
            if (value < 1)
                yield return $"{name} is {value}. Expected at least 1.";
        }

        if (MaxBodyBytes is < 1 or > int.MaxValue)
            yield return $"{nameof(MaxBodyBytes)} is {MaxBodyBytes}. Expected 1 to {int.MaxValue}.";
        if (DirectoryProblem() is { } problem)
            yield return problem;
    }

    string? DirectoryProblem()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return $"There is no directory '{Directory}'. Expected the one that holds <name>/<version>/ for every model: "
                + "run a pipeline that pushes a model, or make the directory and push into it later.";
        }

        var holdsVersions = File.Exists(Path.Combine(Directory, ModelFolders.GraphFile))
            || System.IO.Directory.EnumerateDirectories(Directory).Any(path => ModelFolders.NumberOf(path) is not null);
        return holdsVersions
            ? $"'{Directory}' holds versions, or is one. Expected the directory above, which holds <name>/<version>/ for every model: give its parent."
            : null;
    }
}
