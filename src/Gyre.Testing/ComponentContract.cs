using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;

namespace Gyre.Testing;

/// <summary>
/// What every component must hold to, tried on a pipeline that contains it: it can be recorded, it is reused when nothing
/// changed, its results depend neither on the home nor on the number of threads, it writes nowhere else, and an
/// interrupted execution leaves nothing.
/// </summary>
public static class ComponentContract
{
    /// <summary>Tries the whole contract.</summary>
    /// <param name="build">Makes the pipeline anew, the same each time; it must be able to run to its end.</param>
    /// <param name="cancellationToken">Stops the trial.</param>
    /// <returns>Every breach in words; empty when the contract is held.</returns>
    public static async Task<IReadOnlyList<string>> BreachesAsync(Func<Pipeline> build, CancellationToken cancellationToken = default)
    {
        var errors = build().Check();
        if (errors.Count > 0)
            return [.. errors.Select(error => $"The definition is wrong: {error}")];
        var breaches = new List<string>();
        if (PipelineSpec.FromJson(build().ToSpec().ToJson()).Fingerprint != build().ToSpec().Fingerprint)
            breaches.Add("The pipeline as data is not the same after writing and reading, or differs each time it is built.");
        using var one = new TemporaryHome();
        using var other = new TemporaryHome();
        var first = await new LocalRunner(one.Home) { Threads = 1, Workers = 1 }.RunAsync(build(), new RunOptions(), cancellationToken);
        if (first.ExitCode != 0)
            return [.. breaches, .. first.Nodes.Where(node => !node.EndedWell).Select(node => $"'{node.NodeId}' is {node.State}: {node.Message}")];
        await TryReuseAsync(one, build, breaches, cancellationToken);
        var second = await new LocalRunner(other.Home) { Threads = 4 }.RunAsync(build(), new RunOptions(), cancellationToken);
        breaches.AddRange(Differences(first, second));
        breaches.AddRange(Strays(one));
        await TryInterruptAsync(build, breaches);
        return breaches;
    }

    static async Task TryReuseAsync(TemporaryHome home, Func<Pipeline> build, List<string> breaches, CancellationToken cancellationToken)
    {
        var again = await home.RunAsync(build(), cancellationToken: cancellationToken);
        breaches.AddRange(again.Nodes.Where(node => node.State != NodeState.Cached)
            .Select(node => $"'{node.NodeId}' was not reused though nothing changed: {node.Reason}{node.Message}"));
    }

    static IEnumerable<string> Differences(RunResult first, RunResult second) =>
        from node in first.Nodes
        from output in node.OutputFingerprints!
        let there = second.Nodes.First(other => other.NodeId == node.NodeId).OutputFingerprints?.GetValueOrDefault(output.Key)
        where there != output.Value
        select $"'{node.NodeId}' puts out another '{output.Key}' in another home with more threads: {output.Value} and {there ?? "nothing"}.";

    static IEnumerable<string> Strays(TemporaryHome home)
    {
        var expected = new[] { "artifacts", "logs", "memo", "serving" };
        return Directory.EnumerateFileSystemEntries(home.Home.Directory).Select(Path.GetFileName)
            .Where(name => !expected.Contains(name, StringComparer.Ordinal) && !name!.StartsWith("metadata.sqlite", StringComparison.Ordinal))
            .Select(name => $"'{name}' was written into the home beside artifacts, memos, logs and pushed models.");
    }

    static async Task TryInterruptAsync(Func<Pipeline> build, List<string> breaches)
    {
        using var home = new TemporaryHome();
        using var stop = new CancellationTokenSource();
        void StopAtFirst(RunEvent happened)
        {
            if (happened is NodeStarted)
                stop.Cancel();
        }

        var result = await new LocalRunner(home.Home) { Observe = StopAtFirst }.RunAsync(build(), new RunOptions(), stop.Token);
        breaches.AddRange(result.Nodes.Where(node => node.State is NodeState.Failed).Select(node => $"Interrupted, '{node.NodeId}' failed instead of stopping: {node.Message}"));
        var staging = Path.Combine(home.Home.Directory, "artifacts", ".staging");
        if (Directory.Exists(staging) && Directory.EnumerateFileSystemEntries(staging).Any())
            breaches.Add("An interrupted execution left unfinished files behind.");
    }
}
