using Spectre.Console;

namespace Gyre.Cli.Terminal;

/// <summary>The console of Spectre, set up to keep what the screen was told. Asked for only where something must move or be a tree.</summary>
static class SpectreConsole
{
    /// <summary>Wide enough that nothing is ever wrapped where output is read by programs.</summary>
    const int NoWrapping = 1000;

    public static IAnsiConsole On(Screen screen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.IsLive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen.Output),
        });
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Width = screen.Width ?? NoWrapping;
        return console;
    }
}
