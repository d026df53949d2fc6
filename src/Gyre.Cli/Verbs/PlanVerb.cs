using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>Says what a run would do, and why, without doing it.</summary>
sealed class PlanVerb : Verb
{
    readonly SelectionOptions _selection = new();

    public PlanVerb()
        : base("plan", "Say what would run, what is cached, and why.")
    {
        foreach (var option in _selection.All)
            Options.Add(option);
    }

    public override bool NeedsPipeline => true;

    public override IReadOnlyList<Example> Examples =>
    [
        new("plan", "what a run would do now"),
        new("plan --set train-model.trainer.epochs=5", "what this change would make run again"),
        new("plan --json", "the same for a program"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var options = _selection.Read(session);
        var pipeline = session.BuildPipeline(options.Set);
        var spec = pipeline.ToSpec();
        options.Select(spec);
        var nodes = Plan();
        if (session.Screen.IsJson)
            session.Screen.Json(new { pipeline = spec.Name, home = session.HomeDirectory, nodes = nodes.Select(node => new { node = node.NodeId, action = node.Action, reason = node.Reason }) });
        else
            Show(session.Screen, nodes);
        return Task.FromResult(nodes.Any(node => node.Action == PlannedAction.Fail) ? ExitCodes.Failed : ExitCodes.Done);

        IReadOnlyList<PlannedNode> Plan()
        {
            // Looking must leave no trace: without a home there is nothing to reuse, and none is made.
            using var temporary = Home.Exists(session.HomeDirectory) ? null : new TemporaryFolder();
            using var home = Home.Open(temporary?.Path ?? session.HomeDirectory);
            return new Planner(home).Plan(pipeline, options);
        }
    }

    static void Show(Screen screen, IReadOnlyList<PlannedNode> nodes)
    {
        var table = new TextTable();
        foreach (var node in nodes)
        {
            var (word, tone) = node.Action switch
            {
                PlannedAction.Reuse => ("cached", Tone.Reused),
                PlannedAction.Execute => ("run", Tone.Good),
                PlannedAction.Blocked => ("blocked", Tone.Warning),
                _ => ("fail", Tone.Bad),
            };
            table.Add(new Cell(word, tone), node.NodeId, new Cell(node.Reason, Tone.Faint));
        }

        table.Write(screen);
        var counts = nodes.GroupBy(node => node.Action).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} {group.Key switch { PlannedAction.Reuse => "cached", PlannedAction.Execute => "to run", PlannedAction.Blocked => "blocked", _ => "bound to fail" }}");
        screen.Note();
        screen.Note(string.Join(", ", counts));
    }
}
