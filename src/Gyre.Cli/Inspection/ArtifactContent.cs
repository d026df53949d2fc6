using Gyre.Cli.Arguments;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;
using Gyre.Cli.Tracking;
using Gyre.Cli.Verbs;
using Gyre.Pages;
using Gyre.Runners;
using Gyre.Schemas;

namespace Gyre.Cli.Inspection;

/// <summary>What lies in an artifact, in the same views as its own verb shows; of what has none, which verb shows it.</summary>
static class ArtifactContent
{
    const string StatisticsType = "ExampleStatistics";
    const string ModelType = "Model";
    const string SearchType = "Hyperparameters";

    /// <summary>Shows the content below the artifact's facts; with <c>--json</c> nothing, the artifact is the document.</summary>
    public static async Task ShowAsync(Session session, ArtifactDocument artifact, CancellationToken cancellationToken)
    {
        var screen = session.Screen;
        if (screen.IsJson)
            return;
        switch (artifact.Type)
        {
            case StatisticsType:
                foreach (var (view, _) in await SetsAsync(session, artifact, cancellationToken))
                {
                    screen.Line();
                    StatisticsPage.Write(screen, view, view.Features);
                }

                Hint($"A feature whole: stats {artifact.Id} --feature NAME; a page: show {artifact.Id} --html FILE");
                break;
            case AnomalySource.AnomaliesType:
                Anomalies(screen, AnomalySource.Load(session, artifact.Id));
                Hint($"A page: show {artifact.Id} --html FILE");
                break;
            case "Schema":
                Hint($"Its features: schema show {artifact.Id}");
                break;
            case ModelType:
                Hint($"How it was trained, with curves: show {artifact.Id} --html FILE");
                break;
            case SearchType:
                Hint($"All trials, with plots: show {artifact.Id} --html FILE");
                break;
            case "Examples":
                Hint($"Its statistics: stats {artifact.Id}; against a schema: validate {artifact.Id}");
                break;
        }

        void Hint(string text) => screen.Note(screen.Paint(text, Tone.Faint));
    }

    /// <summary>Writes the page of an artifact of statistics or anomalies, of a model's training, or of a search.</summary>
    /// <exception cref="UsageException">The artifact is none of these.</exception>
    public static async Task WritePageAsync(Session session, ArtifactDocument artifact, string file, CancellationToken cancellationToken)
    {
        var source = $"{artifact.Id} {artifact.Type}";
        if (artifact.Type == AnomalySource.AnomaliesType)
        {
            var splits = AnomalySource.Load(session, artifact.Id);
            PageOutput.Save(session.Screen, source, file, WebPage.OfValidation(splits, new WebPageOptions { Source = source }), splits.Select(split => split.Name));
            return;
        }

        if (artifact.Type is ModelType or SearchType)
        {
            using var home = session.OpenHome();
            PageOutput.Save(session.Screen, source, file, artifact.Type == ModelType ? TrainingOf(home, artifact) : SearchOf(home, artifact), []);
            return;
        }

        if (artifact.Type != StatisticsType)
            throw new UsageException($"{artifact.Id} is {HistoryText.WithArticle(artifact.Type)}. --html shows {StatisticsType}, {AnomalySource.AnomaliesType}, {ModelType} and {SearchType}.");
        var sets = (await SetsAsync(session, artifact, cancellationToken)).Take(WebPage.MostSets).Select(set => set.View).ToList();
        PageOutput.Save(session.Screen, source, file, WebPage.OfStatistics(sets, new WebPageOptions { Source = source }), sets.Select(set => set.Name));
    }

    static string TrainingOf(Home home, ArtifactDocument artifact) => home.Store.Read(transaction =>
    {
        var model = transaction.Artifact(HistoryReader.Number(artifact.Id, 'a')!.Value)!;
        return RunFacts.TrainingOf(home, model) is { } training
            ? WebPage.OfReport(new TrainingPage(home, transaction, model).Draw(training))
            : throw new UsageException($"{artifact.Id} has no record of its training: the content is gone, or was made by another version. Run the pipeline again to make it anew.");
    });

    /// <summary>The search drew its own page.</summary>
    static string SearchOf(Home home, ArtifactDocument artifact) => File.ReadAllText(Path.Combine(home.Artifacts.PathOf(artifact.Uri), "page.html"));

    static async Task<List<(DataSetView View, Statistics.DatasetStatistics Statistics)>> SetsAsync(Session session, ArtifactDocument artifact, CancellationToken cancellationToken)
    {
        using var data = await DataSet.OpenAsync(session, artifact.Id, new CsvReading(), cancellationToken);
        return [.. data.Parts.Select(part => (part.Name, Statistics: part.Statistics(cancellationToken))).Select(part => (DataSetView.Of(part.Statistics, part.Name), part.Statistics))];
    }

    static void Anomalies(Screen screen, IReadOnlyList<ValidationView> splits)
    {
        foreach (var split in splits)
        {
            screen.Line();
            screen.Line(screen.Paint(split.Name, Tone.Strong));
            if (split.Report.Found.Count == 0)
                screen.Line($"  {screen.Paint("as expected", Tone.Good)}");
            var table = new TextTable { Indent = "  " };
            foreach (var anomaly in split.Report.Found)
            {
                var isError = anomaly.Severity == AnomalySeverity.Error;
                table.Add(new Cell(isError ? "error" : "warning", isError ? Tone.Bad : Tone.Warning), anomaly.Feature.Length == 0 ? "(all)" : VisibleText.Of(anomaly.Feature), VisibleText.Of(anomaly.Description));
                foreach (var row in split.Rows.Where(row => row.Feature == anomaly.Feature))
                    table.Add("", "", new Cell(VisibleText.Of(row.ToString()), Tone.Faint));
            }

            if (!table.IsEmpty)
                table.Write(screen);
        }
    }
}
