using System.CommandLine;
using System.Text;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Metadata;
using Gyre.Runners;
using Gyre.Schemas;

namespace Gyre.Cli.Verbs;

/// <summary>Takes over the schema that validation proposes, and records who did so and why.</summary>
sealed class SchemaAcceptVerb : Verb
{
    const string SchemaType = "Schema";
    const string FixedSchemaFile = "fixed_schema.pbtxt";
    const string SchemaFile = "schema.pbtxt";

    readonly Argument<string?> _anomalies = new("anomalies") { HelpName = "ID", Arity = ArgumentArity.ZeroOrOne, Description = "The anomalies (a45); by default the newest of the home." };

    readonly Option<string[]> _features = new("--feature") { HelpName = "NAME", Description = "Accept this feature only; may be given several times." };

    readonly Option<bool> _warnings = new("--warnings") { Description = "Accept also what is only a warning." };

    readonly Option<string?> _file = new("--file") { HelpName = "FILE", Description = "The schema file to change; by default the one that the pipeline imports." };

    readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Why; asked for when it is not given." };

    readonly Option<string?> _by = new("--by") { HelpName = "NAME", Description = "Who; by default you, at this machine." };

    readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would change, and change nothing." };

    public SchemaAcceptVerb()
        : base("accept", "Accept what validation found: change the schema so far that it allows the data.")
    {
        Arguments.Add(_anomalies);
        foreach (var option in new Option[] { _features, _warnings, _file, _reason, _by, _dryRun })
            Options.Add(option);
    }

    public override string Explanation =>
        "The schema file is changed only where it forbids the data; comments stay. Who, when, why and what is kept in a history file beside it (schema.history.jsonl) and in the home. "
        + "Afterwards run the pipeline again: it goes on from there.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("schema accept --dry-run", "what would be accepted?"),
        new("schema accept --reason \"two new companies since May\"", "accept all that stopped the last run"),
        new("schema accept a45 --feature company --reason \"new companies\"", "one feature only"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var (artifact, schema, imported) = home.Store.Read(transaction => Find(transaction, session.Value(_anomalies)));
        var name = HistoryText.ArtifactName(artifact.Id);
        var directory = home.Artifacts.PathOf(artifact.Uri);
        var found = AnomalyFiles.Load(directory).SelectMany(split => split.Report.Found).ToList();
        var features = Chosen(session, found, name);
        var proposed = Path.Join(directory, FixedSchemaFile) is var path && File.Exists(path)
            ? SchemaDefinition.Load(path)
            : throw new UsageException($"{name} proposes no schema: no change of it would allow this data. Correct the data.");
        var target = session.Value(_file) ?? imported;
        var validated = SchemaDefinition.Load(Path.Join(home.Artifacts.PathOf(schema.Uri), SchemaFile));
        var (file, text) = target is not null && File.Exists(target)
            ? (target, File.ReadAllText(target, Encoding.UTF8))
            : (target ?? SchemaFile, File.ReadAllText(Path.Join(home.Artifacts.PathOf(schema.Uri), SchemaFile), Encoding.UTF8));
        if (target is null && File.Exists(SchemaFile))
            throw new UsageException($"The pipeline infers its schema, so there is no file of it to change, and '{SchemaFile}' exists already. Name the file to write with --file.");
        var current = SchemaDefinition.Parse(text, file);
        var accepted = SchemaAcceptance.Accept(current, validated, proposed, features);
        var changes = SchemaComparison.Compare(current, accepted);
        if (changes.Count == 0)
            throw new UsageException($"There is nothing to change in {ThisProgram.ShortPath(file)} for {string.Join(", ", features.Select(Shown))}: it allows this data already, or no schema would. Run the pipeline again, or correct the data.");
        if (session.Value(_dryRun))
        {
            Show(session, name, file, changes, null, null);
            return Task.FromResult(ExitCodes.Done);
        }

        var reason = session.Value(_reason) ?? Ask(session, name, changes);
        if (string.IsNullOrWhiteSpace(reason))
            throw new UsageException($"To accept something needs a reason. Give one: {HelpPage.PathOf(this)} {name} --reason \"…\"");
        var by = session.Value(_by) ?? SchemaHistory.ThisPerson;
        File.WriteAllText(file, SchemaFileText.Update(text, accepted, file));
        SchemaHistory.Append(file, by, reason.Trim(), TimeProvider.System.GetUtcNow(), name, changes);
        Record(home, artifact, schema, found, features, by, reason.Trim());
        Show(session, name, file, changes, by, reason.Trim());
        if (imported is null)
            session.Screen.Note($"The pipeline infers its schema. Use this one instead: new ImportSchema(\"{file}\").");
        session.Screen.Note("Run the pipeline again: it goes on from here.");
        return Task.FromResult(ExitCodes.Done);
    }

    /// <summary>The anomalies, the schema that was not met, and the file that it was imported from, if it was.</summary>
    static (StoredArtifact Anomalies, StoredArtifact Schema, string? Imported) Find(MetadataTransaction transaction, string? name)
    {
        var reader = new HistoryReader(transaction);
        var anomalies = name is not null
            ? reader.FindArtifact(name)
            : transaction.ArtifactsOfType(AnomalyFiles.ArtifactType, limit: 1) is [var newest] ? newest
            : throw new UsageException("This home has no anomalies yet. Run a pipeline that validates its data first.");
        if (anomalies.Type != AnomalyFiles.ArtifactType)
            throw new UsageException($"{HistoryText.ArtifactName(anomalies.Id)} is {HistoryText.WithArticle(anomalies.Type)}. Expected {HistoryText.WithArticle(AnomalyFiles.ArtifactType)}; 'show e1' names the artifacts of an execution.");
        var schema = Inputs(transaction, reader.ProducerOf(anomalies.Id)).FirstOrDefault(input => input.Type == SchemaType)
            ?? throw new UsageException($"{HistoryText.ArtifactName(anomalies.Id)} was made without a schema.");
        var file = Inputs(transaction, reader.ProducerOf(schema.Id)).FirstOrDefault(input => input.Type == "ExternalFile");
        return (anomalies, schema, file?.Uri);
    }

    static IEnumerable<StoredArtifact> Inputs(MetadataTransaction transaction, StoredExecution? execution) => execution is null
        ? []
        : transaction.EventsOfExecution(execution.Id).Where(happened => happened.IsInput).Select(happened => transaction.Artifact(happened.ArtifactId)!);

    List<string> Chosen(Session session, List<FeatureAnomaly> found, string name)
    {
        var wanted = session.Value(_features) ?? [];
        if (wanted.FirstOrDefault(feature => found.TrueForAll(anomaly => anomaly.Feature != feature)) is { } unknown)
            throw new UsageException($"{name} has no anomaly of '{unknown}'. It has: {string.Join(", ", found.Select(anomaly => Shown(anomaly.Feature)).Distinct(StringComparer.Ordinal))}.");
        var features = wanted.Length > 0
            ? [.. wanted]
            : found.Where(anomaly => anomaly.Severity == AnomalySeverity.Error || session.Value(_warnings)).Select(anomaly => anomaly.Feature).Distinct(StringComparer.Ordinal).ToList();
        return features.Count > 0
            ? features
            : throw new UsageException(found.Count == 0 ? $"{name} has no anomalies: there is nothing to accept." : $"{name} has warnings only, which stop nothing. Give --warnings to accept them.");
    }

    /// <summary>All accepted: a decision about the anomalies. Some only: one about the schema, for the rest still stops the run.</summary>
    static void Record(Home home, StoredArtifact anomalies, StoredArtifact schema, List<FeatureAnomaly> found, List<string> features, string by, string reason)
    {
        var isAll = found.TrueForAll(anomaly => anomaly.Severity != AnomalySeverity.Error || features.Contains(anomaly.Feature, StringComparer.Ordinal));
        home.Store.Write(transaction => transaction.InsertDecision(
            isAll ? anomalies.Id : schema.Id, approved: true, by, $"{reason} (accepted: {string.Join(", ", features.Select(Shown))})"));
    }

    static void Show(Session session, string anomalies, string file, IReadOnlyList<SchemaChange> changes, string? by, string? reason)
    {
        if (session.Screen.IsJson)
        {
            session.Screen.Json(new { anomalies, file, accepted = by is not null, by, reason, changes });
            return;
        }

        SchemaDiffVerb.Write(session.Screen, changes);
        session.Screen.Line(by is null
            ? $"Would change {ThisProgram.ShortPath(file)}; nothing was changed."
            : $"{session.Screen.Paint("Accepted", Tone.Good)} into {ThisProgram.ShortPath(file)} by {by}: {reason}");
    }

    static string? Ask(Session session, string name, IReadOnlyList<SchemaChange> changes)
    {
        if (session.Screen.IsJson || !session.Screen.IsLive || Console.IsInputRedirected)
            return null;
        SchemaDiffVerb.Write(session.Screen, changes);
        session.Screen.Output.Write($"Why is {name} as it should be? ");
        return Console.ReadLine();
    }

    static string Shown(string feature) => feature.Length == 0 ? "(all)" : feature;
}
