using Gyre.Pipelines;

namespace Gyre.Tests.Runners;

sealed record TextFile : Artifact
{
    public string Text => File.ReadAllText(PathOf("text.txt"));
}

/// <summary>Writes a text; counts how often it really ran by a file outside the home.</summary>
sealed class WriteText(string text) : Component<Output<TextFile>>
{
    [NotAParameter]
    public Action? OnExecute { get; init; }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        OnExecute?.Invoke();
        return File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), text, cancellationToken);
    }
}

sealed class JoinTexts(params Output<TextFile>[] texts) : Component<Output<TextFile>>
{
    public string Separator { get; init; } = "+";

    [NotAParameter]
    public Action? OnExecute { get; init; }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        OnExecute?.Invoke();
        return File.WriteAllTextAsync(
            execution.PathOf(Outputs, "text.txt"), string.Join(Separator, texts.Select(text => execution.Read(text).Text)), cancellationToken);
    }
}

sealed class Gate(Output<TextFile> text, string allowed) : Component<Output<TextFile>>
{
    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var found = execution.Read(text).Text;
        await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), found, cancellationToken);
        if (found != allowed)
            execution.CloseGate(Outputs, $"The text is '{found}', expected '{allowed}'.", "Change the text.");
    }
}

sealed class Fail(Output<TextFile> text, string message) : Component<Output<TextFile>>
{
    [NotAParameter]
    public Func<bool> When { get; init; } = () => true;

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => When()
        ? throw new InvalidDataException(message)
        : File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), execution.Read(text).Text, cancellationToken);
}

/// <summary>Adds a sign to a checkpoint each time it runs.</summary>
sealed class Resume(string name) : Component<Output<TextFile>>
{
    public string Name => name;

    [NotAParameter]
    public bool Fails { get; init; }

    /// <summary>What earlier executions left.</summary>
    [NotAParameter]
    public string Found { get; private set; } = "";

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var path = Path.Combine(execution.ResumeDirectory, "signs");
        Found = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        await File.WriteAllTextAsync(path, Found + "+", cancellationToken);
        if (Fails)
            throw new InvalidDataException("It was to fail.");
        await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), name, cancellationToken);
    }
}

sealed class ReadFile(string path) : Component<Output<TextFile>>
{
    protected internal override IReadOnlyList<string> ExternalFiles() => [path];

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        File.Copy(execution.ExternalFiles[0].Location, execution.PathOf(Outputs, "text.txt"));
        return Task.CompletedTask;
    }
}
