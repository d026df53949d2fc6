using System.CommandLine;
using System.Text;
using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;
using Gyre.Pages;
using Gyre.Schemas;
using Gyre.Statistics;

namespace Gyre.Cli.Verbs;

/// <summary>The options that write a page of statistics, and validate them where a schema is named.</summary>
sealed class PageOutput
{
    readonly Option<string?> _page = new("--html") { HelpName = "FILE", Description = "Write a page for browsers, one file that needs no network; of several splits, one over the other." };

    readonly Option<string?> _schema = new("--schema") { HelpName = "FILE|ID", Description = "With --html: also show what does not meet this schema." };

    readonly Option<string?> _anomalies = new("--anomalies") { HelpName = "ID", Description = "With --html: also show the anomalies that this artifact (a45) holds." };

    public IEnumerable<Option> All => [_page, _schema, _anomalies];

    /// <summary>The file to write the page to; null when none is asked for.</summary>
    public string? File(Session session) => session.Value(_page);

    /// <summary>Writes the page of some data sets.</summary>
    /// <param name="session">Tells the options.</param>
    /// <param name="source">What was looked at, in words.</param>
    /// <param name="sets">The sets with the statistics that they view, to be validated where a schema is named.</param>
    public void Write(Session session, string source, IReadOnlyList<(DataSetView View, DatasetStatistics Statistics)> sets)
    {
        var file = File(session)!;
        var shown = sets.Take(WebPage.MostSets).ToList();
        var page = WebPage.OfStatistics([.. shown.Select(set => set.View)], new WebPageOptions { Source = source, Anomalies = Anomalies(session, shown) });
        Save(session.Screen, source, file, page, shown.Select(set => set.View.Name));
        if (sets.Count > shown.Count)
            session.Screen.Note(session.Screen.Paint($"It shows {string.Join(", ", shown.Select(set => $"'{set.View.Name}'"))}, as many as can be told apart; --split chooses others.", Tone.Faint));
    }

    /// <summary>Writes a page to its file and says so.</summary>
    public static void Save(Screen screen, string source, string file, string page, IEnumerable<string> sets)
    {
        System.IO.File.WriteAllText(file, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (screen.IsJson)
            screen.Json(new { source, page = Path.GetFullPath(file), sets });
        screen.Line($"Written to {file} ({History.HistoryText.Size(new FileInfo(file).Length)}): open it in a browser.");
    }

    List<ValidationView>? Anomalies(Session session, IReadOnlyList<(DataSetView View, DatasetStatistics Statistics)> sets)
    {
        var found = new List<ValidationView>();
        if (session.Value(_anomalies) is { } artifact)
            found.AddRange(AnomalySource.Load(session, artifact));
        if (session.Value(_schema) is { } name)
        {
            var (_, schema) = SchemaSource.Load(session, name);
            found.AddRange(sets.Select(set => new ValidationView(set.View.Name, SchemaValidation.Validate(set.Statistics, schema))));
        }

        return session.Value(_anomalies) is null && session.Value(_schema) is null ? null : found;
    }
}
