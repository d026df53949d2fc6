using Gyre.Cli.Terminal;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;
using Gyre.Schemas;
using Gyre.Statistics;

namespace Gyre.Cli.Tests.Inspection;

/// <summary>What lies in artifacts is shown by their names, in the terminal and as pages.</summary>
public sealed class ShowingArtifacts : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gyre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Statistics_and_anomalies_lead_to_their_views()
    {
        var ids = await RunPipelineAsync();
        var page = Path.Combine(_folder.FullName, "page.html");

        var statistics = await ShowAsync("show", ids["ExampleStatistics"]);
        statistics.ShouldContain("kind");
        statistics.ShouldContain("'a' 50 %");
        (await ShowAsync("show", ids["ExampleAnomalies"])).ShouldContain("as expected");
        (await ShowAsync("show", ids["Schema"])).ShouldContain($"schema show {ids["Schema"]}");
        (await ShowAsync("show", ids["Examples"])).ShouldContain($"stats {ids["Examples"]}");

        (await ShowAsync("show", ids["ExampleStatistics"], "--html", page)).ShouldContain("Written to");
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldContain("Statistics of");
        (await ShowAsync("show", ids["ExampleAnomalies"], "--html", page)).ShouldContain("Written to");
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldContain("The data is as expected");
        (await ShowAsync("stats", ids["ExampleStatistics"], "--html", page, "--anomalies", ids["ExampleAnomalies"])).ShouldContain("Written to");
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldContain("<h2>Anomalies</h2>");
    }

    [Fact]
    public async Task A_page_of_something_else_is_refused_with_what_there_is()
    {
        var ids = await RunPipelineAsync();

        (await ShowAsync("show", ids["Schema"], "--html", "page.html")).ShouldContain("--html shows ExampleStatistics, ExampleAnomalies, Model and Hyperparameters");
        (await ShowAsync("show", "r1", "--html", "page.html")).ShouldContain("--html shows statistics, anomalies, the training of a model, and searches");
    }

    async Task<Dictionary<string, string>> RunPipelineAsync()
    {
        var data = Path.Combine(_folder.FullName, "data.csv");
        await File.WriteAllTextAsync(data, "kind,price\na,1\na,2\nb,3\nc,4\n", TestContext.Current.CancellationToken);
        using var home = Home.Open(Path.Combine(_folder.FullName, "home"));
        var pipeline = new Pipeline("look");
        var statistics = pipeline.Add(new ComputeStatistics(pipeline.Add(new IngestCsv(data) { Splits = Split.ByHash(("train", 1)) })));
        pipeline.Add(new ValidateExamples(statistics, pipeline.Add(new InferSchema(statistics))));
        (await new LocalRunner(home).RunAsync(pipeline, new RunOptions(), TestContext.Current.CancellationToken)).Nodes.ShouldAllBe(node => node.EndedWell);
        return home.Store.Read(transaction => new[] { "Examples", "ExampleStatistics", "Schema", "ExampleAnomalies" }
            .ToDictionary(type => type, type => $"a{transaction.ArtifactsOfType(type, limit: 1)[0].Id}", StringComparer.Ordinal));
    }

    async Task<string> ShowAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var streams = new Streams { Output = output, Error = output, IsTerminal = false, ErrorIsTerminal = false };
        await new GyreApp([.. arguments, "--home", Path.Combine(_folder.FullName, "home")], streams, hasPipeline: false).RunAsync(() => throw new InvalidOperationException("no pipeline"));
        return output.ToString();
    }
}
