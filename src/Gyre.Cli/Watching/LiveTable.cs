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

    /// <summary>Columns that must stay free at the right: a terminal shows Ctrl-C as ^C there, and a line that gets too long by it spoils the table.</summary>
    const int ColumnsKeptFree = 3;

    const int Gap = 2;

    public static async Task ShowAsync(Screen screen, RunBoard board, Task ended)
    {
        var console = SpectreConsole.On(screen);
        await console.Live(Draw(board, console.Profile.Width, console.Profile.Height)).StartAsync(async context =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / FramesPerSecond));
            while (!ended.IsCompleted)
            {
                context.UpdateTarget(Draw(board, console.Profile.Width, console.Profile.Height));
                await Task.WhenAny(ended, timer.WaitForNextTickAsync().AsTask());
            }

            context.UpdateTarget(Draw(board, console.Profile.Width, int.MaxValue));
        });
    }

    /// <summary>The table as lines without colours.</summary>
    internal static IReadOnlyList<string> Render(RunBoard board, int width, int height)
    {
        using var output = new StringWriter();
        var screen = new Screen(new Streams { Output = output, IsTerminal = false, Width = width }, json: false, quiet: false, noColor: true, verbose: false);
        SpectreConsole.On(screen).Write(Draw(board, width, height));
        return [.. output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    static Table Draw(RunBoard board, int width, int height)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(Column("state", Gap));
        table.AddColumn(Column("node", Gap));
        table.AddColumn(Column("time", Gap).RightAligned());
        table.AddColumn(Column("progress", 0));
        var nodes = Chosen(board.Nodes(), height - LinesKeptFree)
            .Select(node => (Node: node, State: $"{StateGlyph.Of(node.State).Glyph} {LineProgress.Word(node.State)}", Time: TimeOf(node))).ToList();
        if (nodes.Count == 0)
            return table;
        var left = width - ColumnsKeptFree - (3 * Gap) - nodes.Max(row => row.State.Length) - nodes.Max(row => row.Node.NodeId.Length) - nodes.Max(row => row.Time.Length);
        foreach (var (node, state, time) in nodes)
        {
            table.AddRow(
                new Text(state, StyleOf(StateGlyph.Of(node.State).Tone)),
                new Text(node.NodeId, node.State == NodeState.Running ? StyleOf(Tone.Strong) : Style.Plain),
                new Text(time),
                new Text(Cut(Detail(node), left), StyleOf(Tone.Faint)));
        }

        return table;
    }

    static TableColumn Column(string name, int gap) => new(name) { NoWrap = true, Padding = new Padding(0, 0, gap, 0) };

    static string TimeOf(NodeStanding node) => node.State is NodeState.Running or NodeState.Complete or NodeState.Failed ? ProgressText.Time(node.Seconds) : "";

    /// <summary>The whole text is told below the table or by «show»; here nothing may push the other columns together.</summary>
    static string Cut(string text, int width) => text.Length <= width ? text : width <= 1 ? "" : text[..(width - 1)] + "…";

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
