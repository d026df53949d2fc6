using System.CommandLine;
using System.Globalization;
using Gyre.Cli.Arguments;
using Gyre.Cli.Inspection;
using Gyre.Cli.Registering;
using Gyre.Cli.Watching;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Onnx;

namespace Gyre.Cli.Verbs;

/// <summary>Lets a model predict the rows of a file.</summary>
sealed class PredictVerb : Verb
{
    readonly Argument<string> _file = new("file") { HelpName = "FILE", Description = "A CSV or Parquet file with the raw columns that the model takes, in any order; others are ignored." };

    readonly Option<string?> _model = new("--model") { HelpName = "NAME[/VERSION]", Description = "The model; without a number the highest version pushed, or the newest registered. May be left out where there is only one." };

    readonly Option<string?> _directory = new("--model-dir") { HelpName = "DIR", Description = "The directory that holds NAME/VERSION/ for every model (default: serving in the home)." };

    readonly Option<string?> _output = new("--output", "-o") { HelpName = "FILE", Description = "Write the predictions to this CSV file instead of standard output." };

    readonly Option<string[]> _column = new("--column") { HelpName = "NAME=HEADER", Description = "Where a column is called otherwise in the file than in the model; may be repeated.", DefaultValueFactory = _ => [] };

    readonly CsvArguments _csv = new(mayReject: false);

    public PredictVerb()
        : base("predict", "Let a model predict the rows of a file.")
    {
        Arguments.Add(_file);
        foreach (var option in new Option[] { _model, _directory, _output, _column }.Concat(_csv.All))
            Options.Add(option);
    }

    public override string Explanation => "Writes CSV with a line for each row of the file, in its order: row (counted from 1) and what the model predicts: a probability, a prediction or a score; of classes the predicted one and the probability of each.";

    public override IReadOnlyList<Example> Examples =>
    [
        new("predict new.csv", "predictions on standard output, by the only model there is"),
        new("predict new.csv --model churn", "by a certain model"),
        new("predict new.csv --model churn/2 --output scores.csv", "by a certain version, into a file"),
        new("predict new.csv --model churn --column zip_code=\"ZIP code\"", "with another header"),
    ];

    public override async Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var chosen = ModelFiles.Find(session, session.Value(_model), session.Value(_directory));
        using var model = new OnnxModel(Path.Combine(chosen.Directory, "model.onnx"));
        var predictions = new PredictionTable(ModelSignature.Load(Path.Combine(chosen.Directory, ModelSignature.FileName)), model);
        using var data = await DataSet.OpenAsync(session, session.Value(_file), _csv.Read(session) with { Columns = Columns(session, model) }, cancellationToken);
        var rows = data.Parts is [{ Files: { Count: > 0 } files }] ? files : throw new UsageException($"'{data.Source}' holds no rows to predict. Expected a CSV or Parquet file.");
        var batches = ExampleReader.Read(rows, [.. model.Inputs.Select(input => input.Name)]);
        return session.Value(_output) is { } output
            ? await WriteFileAsync(session, chosen, predictions, batches, output, cancellationToken)
            : await WriteOutputAsync(session, chosen, predictions, batches, cancellationToken);
    }

    static async Task<int> WriteFileAsync(Session session, ModelFiles chosen, PredictionTable predictions, IEnumerable<ExampleBatch> batches, string output, CancellationToken cancellationToken)
    {
        // Under another name until it is whole: a file that ends early must not pass for a short one.
        var temporary = $"{output}.partial";
        long rows;
        try
        {
            await using (var writer = new StreamWriter(temporary) { NewLine = "\n" })
                rows = await WriteAsync(writer, predictions, batches, cancellationToken);
            File.Move(temporary, output, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        if (session.Screen.IsJson)
            session.Screen.Json(new { model = chosen.Name, version = chosen.Version, rows, file = Path.GetFullPath(output) });
        session.Screen.Note($"{ProgressText.Count(rows, "prediction")} by {chosen.Name}/{chosen.Version} written to {output}");
        return ExitCodes.Done;
    }

    static async Task<int> WriteOutputAsync(Session session, ModelFiles chosen, PredictionTable predictions, IEnumerable<ExampleBatch> batches, CancellationToken cancellationToken)
    {
        if (session.Screen.IsJson)
            session.Screen.Json(new { model = chosen.Name, version = chosen.Version, predictions = batches.SelectMany(predictions.Values) });
        else
            await WriteAsync(session.Screen.Output, predictions, batches, cancellationToken);
        return ExitCodes.Done;
    }

    static async Task<long> WriteAsync(TextWriter writer, PredictionTable predictions, IEnumerable<ExampleBatch> batches, CancellationToken cancellationToken)
    {
        await writer.WriteLineAsync(predictions.Header);
        var row = 0L;
        foreach (var batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var line in predictions.Lines(batch))
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{++row},{line}"));
        }

        return row;
    }

    /// <summary>The columns that the model takes, read as what it takes them for: 00501 stays a text.</summary>
    List<Column> Columns(Session session, OnnxModel model)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in session.Value(_column) ?? [])
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || model.Inputs.All(input => input.Name != parts[0]))
                throw new UsageException($"--column {text}: expected NAME=HEADER, the name being one of {string.Join(", ", model.Inputs.Select(input => input.Name))}.");
            headers[parts[0]] = parts[1];
        }

        return [.. model.Inputs.Select(input =>
            Column.Named(input.Name).Of(input.IsText ? ColumnType.Text : ColumnType.Real).From(headers.GetValueOrDefault(input.Name, input.Name)))];
    }
}
