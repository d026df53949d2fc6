using System.Diagnostics;
using Gyre.Pipelines;
using Microsoft.Extensions.Logging;

namespace Gyre.TestApp;

public sealed record TextFile : Artifact
{
    public string Text => File.ReadAllText(PathOf("text.txt"));
}

/// <summary>What nodes are made to do besides their work; no part of what they compute.</summary>
sealed record Behaviour(string Slow, int Milliseconds, bool Stubborn, bool Noisy, string Fail)
{
    public async Task TakePlaceAsync(Execution execution, CancellationToken cancellationToken)
    {
        execution.Log.LogInformation("{Node} is at work in process {Process}.", execution.NodeId, Environment.ProcessId);
        if (Noisy)
            Console.WriteLine($"{execution.NodeId} says hello");
        if (Slow == execution.NodeId || Slow == "all")
        {
            var clock = Stopwatch.StartNew();
            for (var rows = 0; clock.ElapsedMilliseconds < Milliseconds; rows += 1000)
            {
                execution.Report(new Progress { Rows = rows, Epoch = 1 + (int)(clock.ElapsedMilliseconds * 3 / Milliseconds), Epochs = 3, Loss = 1.0 / (1 + rows) });
                await Task.Delay(20, Stubborn ? CancellationToken.None : cancellationToken);
            }
        }

        if (Fail == execution.NodeId)
            throw new InvalidDataException($"Row 7 of '{execution.NodeId}' is odd.\nExpected an even one. Correct the row.");
        if (Fail == $"{execution.NodeId}!")
            Process.GetCurrentProcess().Kill();
    }
}

sealed class WriteText(string text, string input) : Component<Output<TextFile>>
{
    [NotAParameter]
    public required Behaviour Behaviour { get; init; }

    protected override IReadOnlyList<string> ExternalFiles() => input.Length == 0 ? [] : [input];

    protected override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        await Behaviour.TakePlaceAsync(execution, cancellationToken);
        var content = execution.ExternalFiles is [var file, ..] ? await File.ReadAllTextAsync(file.Location, cancellationToken) : text;
        await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), content, cancellationToken);
    }
}

sealed class ChangeText(Output<TextFile>[] texts, string change) : Component<Output<TextFile>>
{
    static readonly string[] Changes = ["upper", "lower", "join", "reverse"];

    /// <summary>What stands between joined texts.</summary>
    public string Separator { get; init; } = "+";

    [NotAParameter]
    public Behaviour Behaviour { get; init; } = new("", 0, false, false, "");

    protected override void Check(DefinitionCheck check)
    {
        if (!Changes.Contains(change, StringComparer.Ordinal))
            check.Error($"The change is '{change}'. Expected one of {string.Join(", ", Changes)}.");
        if (texts.Length == 0)
            check.Error("There is nothing to change. Pass at least one text.");
    }

    protected override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        await Behaviour.TakePlaceAsync(execution, cancellationToken);
        var text = string.Join(Separator, texts.Select(wire => execution.Read(wire).Text));
        var changed = change switch
        {
            "upper" => text.ToUpperInvariant(),
            "lower" => text.ToLowerInvariant(),
            "reverse" => new string([.. text.Reverse()]),
            _ => text,
        };
        await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), changed, cancellationToken);
    }
}

/// <summary>A gate that is open or closed as asked.</summary>
sealed class CheckText(Output<TextFile> text, string gate) : Component<Output<TextFile>>
{
    [NotAParameter]
    public required Behaviour Behaviour { get; init; }

    protected override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        await Behaviour.TakePlaceAsync(execution, cancellationToken);
        await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), execution.Read(text).Text, cancellationToken);
        if (gate != "open")
            execution.CloseGate(Outputs, "The text is not what was expected.", "Change the text, or run with --gate open.");
    }
}
