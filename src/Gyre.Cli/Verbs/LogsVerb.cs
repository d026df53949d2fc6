using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Metadata;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>Shows what executions had to say.</summary>
sealed class LogsVerb : Verb
{
    readonly Argument<string> _id = new("id") { HelpName = "ID", Description = "An execution (e12), or a run (r3) for the logs of all its executions." };

    public LogsVerb()
        : base("logs", "Show the log of an execution or of a whole run.") => Arguments.Add(_id);

    public override IReadOnlyList<Example> Examples =>
    [
        new("logs e12", "what one execution said, with the stack trace if it failed"),
        new("logs r3", "what all executions of a run said"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var name = session.Value(_id)!;
        var executions = home.Store.Read(transaction =>
        {
            var reader = new HistoryReader(transaction);
            IEnumerable<StoredExecution> found = HistoryReader.Number(name, 'r') is not null ? reader.ExecutionsOf(reader.FindRun(name)) : [reader.FindExecution(name)];
            return found.Select(reader.Describe).ToList();
        });
        var logs = executions.Select(execution => (Execution: execution, Lines: Read(home, execution))).ToList();
        if (session.Screen.IsJson)
        {
            session.Screen.Json(logs.Select(log => new { execution = log.Execution.Id, node = log.Execution.Node, reused = log.Execution.Reused, lines = log.Lines }));
            return Task.FromResult(ExitCodes.Done);
        }

        foreach (var (execution, lines) in logs)
        {
            if (logs.Count > 1 || execution.Reused is not null)
                session.Screen.Line(session.Screen.Paint($"== {execution.Id} {execution.Node}{(execution.Reused is { } reused ? $", which used the results of {reused} again:" : "")}", Tone.Strong));
            foreach (var line in lines)
                session.Screen.Line(line);
            if (lines.Count == 0)
                session.Screen.Note("There is no log: it was removed, or the execution never began its work.");
        }

        return Task.FromResult(ExitCodes.Done);
    }

    /// <summary>An execution that used earlier results again has no log of its own; that of the earlier one is shown.</summary>
    static List<string> Read(Home home, ExecutionDocument execution)
    {
        var id = HistoryReader.Number(execution.Reused ?? execution.Id, 'e') ?? throw new UsageException($"'{execution.Id}' is no execution.");
        var path = home.LogOf(id);
        if (!File.Exists(path))
            return [];
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = new List<string>();
        while (file.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }
}
