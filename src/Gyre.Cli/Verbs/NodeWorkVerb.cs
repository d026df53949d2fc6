using System.Collections.Concurrent;
using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Isolation;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli.Verbs;

/// <summary>Does parts of a node's work for the process that started it, until that closes its end.</summary>
sealed class NodeWorkVerb : Verb
{
    readonly Option<string> _node = new("--node") { Required = true };

    readonly Option<string> _run = new("--run") { Required = true };

    readonly Option<int> _threads = new("--threads") { DefaultValueFactory = _ => 1 };

    readonly Option<string> _temporary = new("--temporary") { Required = true };

    public NodeWorkVerb()
        : base("work", "Do parts of a node's work for the process that started this one.")
    {
        Hidden = true;
        foreach (var option in new Option[] { _node, _run, _threads, _temporary })
            Options.Add(option);
    }

    public override bool NeedsPipeline => true;

    public override IReadOnlyList<Example> Examples => [];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        // Standard output belongs to the answers; whatever else is printed goes where people look.
        var output = session.Screen.Output;
        Console.SetOut(Console.Error);
        var settings = new WorkerSettings(session.Value(_threads), session.Value(_temporary)!);
        using var parts = Asked();
        var worker = Worker(session);
        try
        {
            Say(new WorkMessage(IsReady: true));
            foreach (var part in parts.GetConsumingEnumerable(cancellationToken))
                Say(Answer(worker, part, settings, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // An interrupt from the terminal reaches all processes; the one that asked says so, once.
            return Task.FromResult(ExitCodes.Interrupted);
        }

        return Task.FromResult(ExitCodes.Done);

        void Say(WorkMessage message)
        {
            output.WriteLine(WorkMessage.Write(message));
            output.Flush();
        }
    }

    PartWorker Worker(Session session)
    {
        IReadOnlyList<string> assignments;
        using (var home = session.OpenHome())
            assignments = NodeRunVerb.Load(home, session.Value(_run)!).Options.Set;
        try
        {
            return new PartWorker(session.BuildPipeline(assignments), session.Value(_node)!);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>What is asked. When the other end is closed nobody waits for an answer any more: the process ends, whatever it is doing.</summary>
    static BlockingCollection<string> Asked()
    {
        var parts = new BlockingCollection<string>();
        new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (WorkMessage.Read(line)?.Part is { } part)
                    parts.Add(part);
            }

            Environment.Exit(ExitCodes.Done);
        })
        { IsBackground = true }.Start();
        return parts;
    }

    static WorkMessage Answer(PartWorker worker, string part, WorkerSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return new WorkMessage(Answer: worker.Do(part, settings, cancellationToken));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever the component throws is told to the process that asked, which knows what it means.
            return new WorkMessage(Problem: ErrorText.Of(error));
        }
    }
}
