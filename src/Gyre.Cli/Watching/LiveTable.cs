using Gyre.Cli.Terminal;
using Gyre.Runners;
using Spectre.Console;

namespace Gyre.Cli.Watching;

/// <summary>The moving table: node, state, how far it is, elapsed time.</summary>
static class LiveTable
{
    const int FramesPerSecond = 8;

    /// <summary>Lines below the table that must stay free, or terminals scroll.</summary>
    const int LinesKeptFree = 4;

    public static async Task ShowAsync(Screen screen, RunBoard board, Task ended)
    {
        var console = SpectreConsole.On(screen);
        await console.Live(Draw(board, console.Profile.Height)).StartAsync(async context =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
            while (!ended.IsCompleted)
            {
                context.UpdateTarget(Draw(board, console.Profile.Height));
                await Task.WhenAny(ended, timer.WaitForNextTickAsync().AsTask());
            }

            context.UpdateTarget(Draw(board, int.MaxValue));
        });
    }

    /// <summary>The table as lines without colours.</summary>
    internal static IReadOnlyList<string> Render(RunBoard board, int width, int height)
    {
        using var output = new StringWriter();
        var screen = new Screen(new Streams { Output = output, IsTerminal = false, Width = width }, json: false, quiet: false, noColor: true, verbose: false);
        SpectreConsole.On(screen).Write(Draw(board, height));
        return [.. output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    static Table Draw(RunBoard board, int height)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("state") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("node") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("time") { NoWrap = true, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("progress") { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        var nodes = board.Nodes();
        foreach (var node in Chosen(nodes, height - LinesKeptFree))
        {
            var (glyph, tone) = StateGlyph.Of(node.State);
            table.AddRow(
                new Markup($"{glyph} {LineProgress.Word(node.State)}", StyleOf(tone)),
                new Text(node.NodeId, node.State == NodeState.Running ? StyleOf(Tone.Strong) : Style.Plain),
                new Text(node.State is NodeState.Running or NodeState.Complete or NodeState.Failed ? ProgressText.Time(node.Seconds) : ""),
                new Text(Detail(node), StyleOf(Tone.Faint)) { Overflow = Overflow.Ellipsis });
        }

        return table;
    }

    static string Detail(NodeStanding node) => node.State switch
    {
        NodeState.Running => ProgressText.Of(node),
        NodeState.Complete => ProgressText.Of(node with { Latest = node.Latest is { } latest ? latest with { Message = null } : null, Text = "" }),
        NodeState.Waiting => "",
        _ => node.Text.ReplaceLineEndings(" "),
    };

    /// <summary>What fits on the screen: all, or those that run and failed and, for the rest, the latest that ended and the next to come.</summary>
    static IEnumerable<NodeStanding> Chosen(IReadOnlyList<NodeStanding> nodes, int lines)
    {
        if (nodes.Count <= lines)
            return nodes;
        var first = nodes.Select((node, index) => (node, index)).FirstOrDefault(pair => pair.node.State is NodeState.Waiting or NodeState.Running).index;
        var start = Math.Clamp(first - (lines / 2), 0, Math.Max(0, nodes.Count - lines));
        return nodes.Skip(start).Take(Math.Max(1, lines));
    }

    static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Reused => new Style(Color.Teal),
        Tone.Bad => new Style(Color.Red),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Faint => new Style(decoration: Decoration.Dim),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}
