namespace Gyre.Cli.Terminal;

/// <summary>Where a program writes to. By default the console's streams.</summary>
sealed record Streams
{
    public TextWriter Output { get; init; } = Console.Out;

    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Whether output is read by a person who can watch it change.</summary>
    public bool IsTerminal { get; init; } = !Console.IsOutputRedirected;

    public bool ErrorIsTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Columns of the terminal.</summary>
    public int? Width { get; init; }
}
