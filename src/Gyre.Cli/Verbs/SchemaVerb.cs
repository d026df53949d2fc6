using System.CommandLine;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Schemas;

namespace Gyre.Cli.Verbs;

/// <summary>Looks at schemas and makes them.</summary>
sealed class SchemaVerb : GroupVerb
{
    public SchemaVerb()
        : base(
            "schema", "Show, infer, compare, change a schema, or accept what it did not allow.",
            new SchemaShowVerb(), new SchemaInferVerb(), new SchemaDiffVerb(), new SchemaEditVerb(), new SchemaAcceptVerb())
    {
    }
}

/// <summary>Shows a schema.</summary>
sealed class SchemaShowVerb : Verb
{
    readonly Argument<string?> _source = new("source") { HelpName = "FILE|ID", Arity = ArgumentArity.ZeroOrOne, Description = "A schema file (.pbtxt), or an artifact (a45); by default the newest schema of the home." };

    readonly SchemaOutput _output = new();

    public SchemaShowVerb()
        : base("show", "Show a schema, or write it to a file to curate it.")
    {
        Arguments.Add(_source);
        Options.Add(_output.Option);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("schema show", "the schema of the last run"),
        new("schema show --output schema.pbtxt", "keep it, correct it by hand, and use it with ImportSchema"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var (source, schema) = SchemaSource.Load(session, session.Value(_source));
        _output.Write(session, source, schema);
        return Task.FromResult(ExitCodes.Done);
    }
}

/// <summary>Infers a schema from data.</summary>
sealed class SchemaInferVerb : Verb
{
    readonly Argument<string> _source = new("source") { HelpName = "FILE|ID", Description = "A CSV or Parquet file, a file of statistics (.pb), or an artifact (a45)." };

    readonly Option<bool> _strict = new("--strict") { Description = "Exactly TensorFlow Data Validation's rules: whatever this data does not show is forbidden. Fit for a schema that you correct and keep." };

    readonly Option<int?> _maxValues = new("--max-values") { HelpName = "N", Description = "A column of text with no more distinct values is one of a closed set (100)." };

    readonly CsvArguments _csv = new();

    readonly SchemaOutput _output = new();

    public SchemaInferVerb()
        : base("infer", "Infer a schema from data.")
    {
        Arguments.Add(_source);
        Options.Add(_output.Option);
        Options.Add(_strict);
        Options.Add(_maxValues);
        foreach (var option in _csv.All)
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples => [new("schema infer data.csv --output schema.pbtxt", "a first schema, to be corrected by hand")];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var data = await DataSet.OpenAsync(session, session.Value(_source), _csv.Read(session), cancellationToken);
        var options = session.Value(_strict) ? InferenceOptions.Strict : new InferenceOptions();
        if (session.Value(_maxValues) is { } most)
            options = options with { MaxDomainSize = most };
        _output.Write(session, data.Source, SchemaInference.Infer(data.Parts[0].Statistics(cancellationToken), options));
        return ExitCodes.Done;
    }
}

/// <summary>Shows a schema as a table, as its file, or as JSON.</summary>
sealed class SchemaOutput
{
    public Option<string?> Option { get; } = new("--output", "-o") { HelpName = "FILE", Description = "Write the schema (protobuf's text format) to this file; - for standard output." };

    public void Write(Session session, string source, SchemaDefinition schema)
    {
        var (screen, file) = (session.Screen, session.Value(Option));
        foreach (var ignored in schema.Ignored)
            screen.Note(screen.Paint(ignored, Tone.Warning));
        if (file is not null and not "-")
            schema.Save(file);
        if (screen.IsJson)
        {
            screen.Json(new { source, file, features = schema.Features, text = schema.Text });
            return;
        }

        if (file == "-")
        {
            screen.Line(schema.Text.TrimEnd());
            return;
        }

        screen.Note(screen.Paint($"{source}, {ProgressText.Count(schema.Features.Count, "feature")}", Tone.Faint));
        screen.Note();
        var table = new TextTable("feature", "type", "presence", "domain");
        foreach (var feature in schema.Features)
            table.Add(feature.Name, new Cell(feature.Type, Tone.Faint), feature.Presence, feature.Domain);
        table.Write(screen);
        if (file is not null)
            screen.Note($"\nWritten to {file}.");
    }
}
