using System.CommandLine;
using System.Globalization;
using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Cli.Watching;
using Gyre.Ingestion;

namespace Gyre.Cli.Verbs;

/// <summary>Versions of data: which there are, what is in them, how two differ, and taking one elsewhere.</summary>
sealed class DataVerb : GroupVerb
{
    public DataVerb()
        : base("data", "List, show, compare and export versions of data.", alone: null, new DataLogVerb(), new DataShowVerb(), new DataDiffVerb(), new DataExportVerb())
    {
    }

    public static Argument<string> Version(string name) => new(name) { HelpName = "ID", Description = "A version of data (a2), as 'data log' tells." };
}

/// <summary>Lists versions of data.</summary>
sealed class DataLogVerb : Verb
{
    const int DefaultLimit = 20;

    readonly Option<int> _limit = new("--limit", "-n") { HelpName = "N", Description = "How many, newest first.", DefaultValueFactory = _ => DefaultLimit };

    public DataLogVerb()
        : base("log", "List the versions of data, newest first.")
    {
        Options.Add(_limit);
        _limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit < 1)
                result.AddError($"--limit is {limit}. Expected at least 1.");
        });
    }

    public override IReadOnlyList<Example> Examples => [new("data log", "the newest versions of data"), new("data log -n 100 --json", "more, for a program")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var limit = session.Value(_limit);
        var versions = home.Store.Read(transaction => DataVersions.All(transaction, limit < 1 ? DefaultLimit : limit));
        if (session.Screen.IsJson)
            session.Screen.Json(versions);
        else if (versions.Count == 0)
            session.Screen.Note("There is no data yet. A pipeline that ingests some makes its first version.");
        else
            Show(session.Screen, versions);
        return Task.FromResult(ExitCodes.Done);
    }

    static void Show(Screen screen, IReadOnlyList<DataVersionRecord> versions)
    {
        var table = new TextTable("version", "pipeline", "spans", "rows", "rejected", "content", "run", "made") { RightAligned = [4] };
        foreach (var version in versions)
        {
            table.Add(
                version.Id, version.Pipeline, DataVersions.Words(version.Spans),
                string.Join(", ", version.Rows.Select(split => $"{split.Key} {ProgressText.Count(split.Value)}")),
                ProgressText.Count(version.Rejected), HistoryText.Short(version.Fingerprint), version.Run, HistoryText.Moment(version.Created));
        }

        table.Write(screen);
    }
}

/// <summary>Shows a version of data.</summary>
sealed class DataShowVerb : Verb
{
    const int RejectedShown = 5;

    readonly Argument<string> _version = DataVerb.Version("version");

    public DataShowVerb()
        : base("show", "Show a version of data: columns, splits, source files, rejected rows.") => Arguments.Add(_version);

    public override string Explanation => "To find the exact rows that a model learnt from: 'lineage NAME/VERSION' names its examples, and this names the files that they came from with their fingerprints.";

    public override IReadOnlyList<Example> Examples => [new("data show a2", "everything about a version"), new("data show a2 --json", "for a program")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var (record, data) = DataVersions.Find(home, session.Value(_version)!);
        var (columns, origins, rejected) = (data.Columns(), data.Origins(), data.FirstRejected(RejectedShown));
        if (session.Screen.IsJson)
        {
            session.Screen.Json(new { version = record, directory = data.Directory, bytes = data.Bytes, columns, splits = data.Splits.Select(split => new { name = split, rows = data.RowsOf(split), files = data.FilesOf(split) }), origins, rejected });
            return Task.FromResult(ExitCodes.Done);
        }

        var screen = session.Screen;
        screen.Line($"{screen.Paint(record.Id, Tone.Strong)} {record.Pipeline} {record.Node}, run {record.Run}, {HistoryText.Moment(record.Created)}, {HistoryText.Size(data.Bytes)}");
        screen.Line(screen.Paint($"{record.Fingerprint} {data.Directory}", Tone.Faint));
        Section(screen, "columns", columns.Select(column => (column.Name, column.Type)));
        Section(screen, "splits", data.Splits.Select(split => (split, ProgressText.Count(data.RowsOf(split), "row"))));
        Section(screen, "source files", origins.Select(origin => (origin.Name, $"{HistoryText.Short(origin.Fingerprint)} span {DataVersions.Words([new ExampleSpan(origin.Span, origin.Version)])}")));
        Section(screen, $"rejected rows ({ProgressText.Count(record.Rejected)})", rejected.Select(row => (row, "")));
        return Task.FromResult(ExitCodes.Done);
    }

    static void Section(Screen screen, string title, IEnumerable<(string Name, string Value)> rows)
    {
        var table = new TextTable { Indent = "  " };
        foreach (var (name, value) in rows)
            table.Add(name, value);
        if (table.IsEmpty)
            return;
        screen.Line();
        screen.Line(screen.Paint(title, Tone.Strong));
        table.Write(screen);
    }
}

/// <summary>Compares two versions of data.</summary>
sealed class DataDiffVerb : Verb
{
    readonly Argument<string> _first = DataVerb.Version("first");

    readonly Argument<string> _second = DataVerb.Version("second");

    readonly Option<int> _samples = new("--sample") { HelpName = "N", Description = "How many of the added and of the removed rows to show.", DefaultValueFactory = _ => 5 };

    public DataDiffVerb()
        : base("diff", "Compare two versions: rows added and removed, columns, distributions.")
    {
        Arguments.Add(_first);
        Arguments.Add(_second);
        Options.Add(_samples);
    }

    public override string Explanation => "Rows are compared as wholes and counted as often as they stand there, exactly. Of each column the largest change of a value's share (L∞) and the Jensen–Shannon divergence (base 2) are told.";

    public override IReadOnlyList<Example> Examples => [new("data diff a2 a9", "what changed"), new("data diff a2 a9 --sample 20 --json", "for a program, with more rows")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var (before, after) = (DataVersions.Find(home, session.Value(_first)!), DataVersions.Find(home, session.Value(_second)!));
        using var temporary = new TemporaryFolder();
        var difference = DataDifference.Between(before.Data, after.Data, Math.Max(0, session.Value(_samples)), temporary.Path);
        if (session.Screen.IsJson)
            session.Screen.Json(new { before = before.Record, after = after.Record, difference });
        else
            Show(session.Screen, difference);
        return Task.FromResult(ExitCodes.Done);
    }

    static void Show(Screen screen, DataDifference difference)
    {
        var rows = new TextTable("split", "before", "after", "added", "removed") { RightAligned = [1, 2, 3, 4] };
        foreach (var split in difference.Splits.Append(difference.Overall))
            rows.Add(split.Split, ProgressText.Count(split.Before), ProgressText.Count(split.After), ProgressText.Count(split.Added), ProgressText.Count(split.Removed));
        rows.Write(screen);
        foreach (var row in difference.Overall.RemovedRows)
            screen.Line(screen.Paint($"- {row}", Tone.Bad));
        foreach (var row in difference.Overall.AddedRows)
            screen.Line(screen.Paint($"+ {row}", Tone.Good));
        foreach (var column in difference.ColumnsRemoved)
            screen.Line($"column removed: {column.Name} {column.Type}");
        foreach (var column in difference.ColumnsAdded)
            screen.Line($"column added: {column.Name} {column.Type}");
        foreach (var column in difference.ColumnsRetyped)
            screen.Line($"column of another type: {column.Name} {column.Before} → {column.After}");
        screen.Line();
        var shifts = new TextTable("column", "L∞", "Jensen–Shannon", "moved most") { RightAligned = [1, 2] };
        foreach (var shift in difference.Distributions)
        {
            shifts.Add(
                shift.Column, Share(shift.LInfinity), Share(shift.JensenShannon),
                shift.LInfinity == 0 ? "" : $"{shift.Value ?? "(missing)"}: {Share(shift.Before)} → {Share(shift.After)}");
        }

        shifts.Write(screen);
    }

    static string Share(double share) => share.ToString("0.0000", CultureInfo.InvariantCulture);
}

/// <summary>Writes a version of data to a file.</summary>
sealed class DataExportVerb : Verb
{
    readonly Argument<string> _version = DataVerb.Version("version");

    readonly Option<string?> _split = new("--split") { HelpName = "NAME", Description = "Only this split; by default all, one after the other." };

    readonly Option<string> _format = new("--format") { HelpName = "FORMAT", Description = "csv, jsonl, parquet or tfrecord.", DefaultValueFactory = _ => "parquet" };

    readonly Option<string> _output = new("--output", "-o") { HelpName = "FILE", Description = "The file to write.", Required = true };

    public DataExportVerb()
        : base("export", "Write a version of data to a file.")
    {
        Arguments.Add(_version);
        Options.Add(_split);
        Options.Add(_format);
        Options.Add(_output);
        _format.AcceptOnlyFromAmong([.. DataExport.Formats]);
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("data export a2 -o all.parquet", "all rows"),
        new("data export a2 --split eval --format csv -o eval.csv", "one split as CSV"),
        new("data export a2 --format tfrecord -o rows.tfrecord.gz", "as tf.Example, packed"),
    ];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        using var home = session.OpenHome();
        var (record, data) = DataVersions.Find(home, session.Value(_version)!);
        var (split, path) = (session.Value(_split), session.Value(_output)!);
        if (split is not null && !data.Splits.Contains(split, StringComparer.Ordinal))
            throw new UsageException($"{record.Id} has no split '{split}'. Its splits: {string.Join(", ", data.Splits)}.");
        var rows = DataExport.Write(data, split is null ? data.Splits : [split], session.Value(_format)!, path);
        if (session.Screen.IsJson)
            session.Screen.Json(new { version = record.Id, split, format = session.Value(_format), file = path, rows });
        else
            session.Screen.Line($"{ProgressText.Count(rows, "row")} written to {path}.");
        return Task.FromResult(ExitCodes.Done);
    }
}
