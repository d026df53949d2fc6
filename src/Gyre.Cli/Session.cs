using System.CommandLine;
using Gyre.Cli.Arguments;
using Gyre.Cli.Terminal;
using Gyre.Pipelines;
using Gyre.Runners;

namespace Gyre.Cli;

/// <summary>One call of the program: what was asked, where answers go, and the boundary at which every error becomes a message and an exit code.</summary>
sealed class Session
{
    readonly CommandTree _tree;
    readonly Func<Pipeline>? _pipeline;

    public Session(CommandTree tree, ParseResult parsed, Streams streams, Func<Pipeline>? pipeline)
    {
        (_tree, Parsed, _pipeline) = (tree, parsed, pipeline);
        var global = tree.Global;
        Screen = new Screen(streams, Is(global.Json), Is(global.Quiet), Is(global.NoColor), Is(global.Verbose));

        bool Is(Option<bool> option) => parsed.GetResult(option) is { } result && !result.Errors.Any() && parsed.GetValue(option);
    }

    public ParseResult Parsed { get; }

    public Screen Screen { get; }

    public string HomeDirectory => _tree.Global.HomeOf(Parsed);

    /// <summary>The home as it was given by <c>--home</c>; null when it was not.</summary>
    public string? GivenHome => Parsed.GetValue(_tree.Global.Home);

    public IReadOnlyDictionary<string, string> ProgramValues => _tree.ProgramValues(Parsed);

    /// <summary>Which signal asked the program to stop; none while it runs.</summary>
    public StopSignals Signals { get; } = new();

    /// <summary>The arguments with which a verb of this same program works on the same home with the same options of its own.</summary>
    public IEnumerable<string> SameProgramArguments => _tree.ProgramArguments(Parsed).Append($"--home={HomeDirectory}");

    public T? Value<T>(Option<T> option) => Parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Parsed.GetValue(argument);

    /// <summary>The pipeline, with assignments applied.</summary>
    public Pipeline BuildPipeline(IEnumerable<string> assignments)
    {
        if (_pipeline is null)
            throw new UsageException("This program has no pipeline. Run the verb with the program that defines one.");
        var pipeline = _pipeline();
        pipeline.Set(assignments);
        return pipeline;
    }

    /// <summary>The home, which must be there.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public Home OpenHome() => Home.Exists(HomeDirectory)
        ? Home.Open(HomeDirectory)
        : throw new UsageException($"There is no home in '{HomeDirectory}'. Run a pipeline first, or name another with --home.");

    public async Task<int> RunAsync()
    {
        using var signals = Signals;
        try
        {
            if (CommandTree.AsksForVersion(Parsed))
                return Version();
            if (_tree.AsksForHelp(Parsed))
                return HelpPage.Write(Screen, _tree, Parsed);
            if (Parsed.Errors.Count > 0)
                throw new UsageException(UsageErrors.Describe(Parsed));
            return await _tree.VerbOf(Parsed).RunAsync(this, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return Report(["Interrupted."], null, ExitCodes.Interrupted);
        }
        catch (DefinitionException error)
        {
            return Report([.. error.Errors.Select(each => each.ToString())], error, ExitCodes.Usage);
        }
        catch (UsageException error)
        {
            return Report([error.Message], error, ExitCodes.Usage);
        }
        catch (Exception error)
        {
            // The last boundary: whatever went wrong ends in one message, not in a stack trace.
            return Report([ErrorText.Of(error)], error, ExitCodes.Failed);
        }
    }

    int Report(IReadOnlyList<string> messages, Exception? error, int exitCode)
    {
        var label = Screen.PaintProblem(exitCode == ExitCodes.Usage ? "error:" : exitCode == ExitCodes.Failed ? "failed:" : "stopped:", Tone.Bad);
        foreach (var message in messages)
            Screen.Problem($"{label} {message}");
        if (Screen.IsVerbose && error is not null)
            Screen.Problem(error.ToString());
        if (Screen.IsJson)
            Screen.Json(new { exitCode, errors = messages });
        return exitCode;
    }

    int Version()
    {
        if (Screen.IsJson)
            Screen.Json(new { gyre = GyreVersion.Text });
        Screen.Line($"Gyre {GyreVersion.Text}");
        return ExitCodes.Done;
    }
}

/// <summary>What the process's exit code means.</summary>
static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Gate = 3;
    public const int Transient = 75;
    public const int NotReady = 76;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
