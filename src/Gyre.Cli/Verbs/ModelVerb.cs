using System.CommandLine;
using System.Globalization;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Registering;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Verbs;

/// <summary>The registry: versions of models, what they are, and decisions about them.</summary>
sealed class ModelVerb : GroupVerb
{
    public ModelVerb()
        : base(
            "model", "List, show, compare, approve and reject versions of models.",
            new ModelListVerb(), new ModelShowVerb(), new ModelCompareVerb(), new ModelDecisionVerb(approve: true), new ModelDecisionVerb(approve: false))
    {
    }

    /// <summary>One version by NAME, NAME/VERSION or NAME VERSION.</summary>
    public static Argument<string[]> Model(int most = 2) => new("model")
    {
        HelpName = "NAME[/VERSION]",
        Arity = new ArgumentArity(1, most),
        Description = "A version of a model, for example churn/2; without a number the newest.",
    };

    /// <exception cref="UsageException">There is no such version.</exception>
    public static RegisteredVersion Find(Session session, Runners.Home home, IReadOnlyList<string> name)
    {
        var written = string.Join('/', name);
        return home.Store.Read(transaction => RegisteredVersion.Find(transaction, home, written))
            ?? throw new UsageException($"There is no model '{written}' in '{session.HomeDirectory}'. 'model list' tells what there is.");
    }
}

/// <summary>Lists versions.</summary>
sealed class ModelListVerb : Verb
{
    public ModelListVerb()
        : base("list", "List the registered versions, newest first.")
    {
    }

    public override IReadOnlyList<Example> Examples => [new("model list", "all versions with their state and main metrics")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var versions = home.Store.Read(transaction => RegisteredVersion.All(transaction, home));
        if (session.Screen.IsJson)
            session.Screen.Json(versions);
        else if (versions.Count == 0)
            session.Screen.Note("No model is registered yet. RegisterModel in a pipeline does so.");
        else
            Show(session.Screen, versions);
        return Task.FromResult(ExitCodes.Done);
    }

    static void Show(Screen screen, IReadOnlyList<RegisteredVersion> versions)
    {
        var table = new TextTable("model", "version", "registered", "auc", "log loss", "state") { RightAligned = [1, 3, 4] };
        foreach (var version in versions)
        {
            table.Add(
                version.Name, version.Version.ToString(CultureInfo.InvariantCulture), HistoryText.Moment(version.Registered),
                MetricTable.Number(version.Metrics?.Auc), MetricTable.Number(version.Metrics?.LogLoss), new Cell(version.State, version.Tone));
        }

        table.Write(screen);
    }
}

/// <summary>Shows a version.</summary>
sealed class ModelShowVerb : Verb
{
    readonly Argument<string[]> _model = ModelVerb.Model();

    public ModelShowVerb()
        : base("show", "Show a version: metrics, what it takes, what went in, decisions.") => Arguments.Add(_model);

    public override IReadOnlyList<Example> Examples => [new("model show churn/2", "everything about a version"), new("model show churn", "of the newest")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var version = ModelVerb.Find(session, home, session.Value(_model)!);
        if (session.Screen.IsJson)
            session.Screen.Json(new { version, record = version.Record });
        else
            VersionPage.Write(session.Screen, version);
        return Task.FromResult(ExitCodes.Done);
    }
}

/// <summary>Compares two versions.</summary>
sealed class ModelCompareVerb : Verb
{
    readonly Argument<string> _first = new("first") { HelpName = "NAME/VERSION", Description = "One version." };

    readonly Argument<string> _second = new("second") { HelpName = "NAME/VERSION", Description = "The other." };

    public ModelCompareVerb()
        : base("compare", "Compare the metrics of two versions.")
    {
        Arguments.Add(_first);
        Arguments.Add(_second);
    }

    public override IReadOnlyList<Example> Examples => [new("model compare churn/1 churn/2", "metrics side by side")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var (first, second) = (ModelVerb.Find(session, home, [session.Value(_first)!]), ModelVerb.Find(session, home, [session.Value(_second)!]));
        if (session.Screen.IsJson)
            session.Screen.Json(new { first, second });
        else
            VersionPage.Compare(session.Screen, first, second);
        return Task.FromResult(ExitCodes.Done);
    }
}

/// <summary>Records what a person decided about a version that waits for a review.</summary>
sealed class ModelDecisionVerb : Verb
{
    readonly Argument<string[]> _model = ModelVerb.Model();

    readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Why; asked for when it is not given." };

    readonly bool _approve;

    public ModelDecisionVerb(bool approve)
        : base(approve ? "approve" : "reject", approve ? "Approve a version, so that what waits for it may run." : "Reject a version; what waits for it stays stopped.")
    {
        _approve = approve;
        Arguments.Add(_model);
        Options.Add(_reason);
    }

    public override string Explanation => "The decision is recorded with your user name and the reason, and can be changed by deciding again. Afterwards run the pipeline again: it goes on from there.";

    public override IReadOnlyList<Example> Examples => [new($"model {Name} churn/2 --reason \"{(_approve ? "better on all slices" : "worse on new customers")}\"", "decide")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var version = ModelVerb.Find(session, home, session.Value(_model)!);
        var reason = session.Value(_reason) ?? Ask(session, version);
        if (string.IsNullOrWhiteSpace(reason))
            throw new UsageException($"A decision needs a reason. Give one: {HelpPage.PathOf(this)} {version.Name}/{version.Version} --reason \"…\"");
        var artifact = HistoryReader.Number(version.Artifact, 'a') ?? throw new UsageException($"'{version.Artifact}' is no artifact.");
        home.Store.Write(transaction => transaction.InsertDecision(artifact, _approve, Environment.UserName, reason.Trim()));
        var word = _approve ? "approved" : "rejected";
        IReadOnlyList<string> served = _approve ? [] : [.. version.PushedTo.Where(Directory.Exists)];
        if (session.Screen.IsJson)
            session.Screen.Json(new { model = version.Name, version = version.Version, decision = word, by = Environment.UserName, reason = reason.Trim(), stillServedFrom = served });
        session.Screen.Line($"{version.Name}/{version.Version} {session.Screen.Paint(word, _approve ? Tone.Good : Tone.Bad)} by {Environment.UserName}: {reason.Trim()}");
        foreach (var place in served)
            session.Screen.Line($"{session.Screen.Paint("It is still served", Tone.Warning)} from {ThisProgram.ShortPath(place)}, where it was pushed before. Remove that directory to stop it.");
        if (!version.Review)
            session.Screen.Note("Nothing waits for it: the pipeline asks for no review of this model.");
        else if (_approve)
            session.Screen.Note("Run the pipeline again: it goes on from here.");
        return Task.FromResult(ExitCodes.Done);
    }

    static string? Ask(Session session, RegisteredVersion version)
    {
        if (session.Screen.IsJson || !session.Screen.IsLive || Console.IsInputRedirected)
            return null;
        session.Screen.Output.Write($"Why, for {version.Name}/{version.Version}? ");
        return Console.ReadLine();
    }
}
