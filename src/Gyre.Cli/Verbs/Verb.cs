using System.CommandLine;

namespace Gyre.Cli.Verbs;

/// <summary>A line to type, after the program's name, and what it does.</summary>
readonly record struct Example(string Arguments, string Meaning);

/// <summary>A verb of the command line with its arguments and options, and what it does.</summary>
abstract class Verb(string name, string summary) : Command(name, summary)
{
    /// <summary>Whether it needs the program's pipeline; verbs that only look at a home do not.</summary>
    public virtual bool NeedsPipeline => false;

    /// <summary>What <c>--help</c> says beyond the one sentence.</summary>
    public virtual string Explanation => "";

    /// <summary>Lines that <c>--help</c> teaches by.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <returns>The exit code.</returns>
    public abstract Task<int> RunAsync(Session session, CancellationToken cancellationToken);

    public static IEnumerable<Verb> All(bool hasPipeline)
    {
        if (hasPipeline)
        {
            yield return new RunVerb();
            yield return new PlanVerb();
            yield return new GraphVerb();
        }

        yield return new RunsVerb();
        yield return new ShowVerb();
        yield return new LogsVerb();
        yield return new LineageVerb();
        yield return new DataVerb();
        yield return new StatsVerb();
        yield return new SchemaVerb();
        yield return new ValidateVerb();
        yield return new ModelVerb();
        yield return new EvaluateVerb();
        yield return new ServeVerb();
        yield return new PredictVerb();
        yield return new DoctorVerb();
        yield return new InitVerb();
        if (hasPipeline)
            yield return new NodeVerb();
    }
}
