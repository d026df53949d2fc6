using System.Text.Json;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Tests.Inspection;

public sealed class StatsVerbTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gyre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public async Task The_table_fits_the_terminal(int width)
    {
        var (exit, output) = await RunAsync(width, "stats", Wide(120));

        exit.ShouldBe(0);
        var lines = output.Split('\n');
        lines.ShouldAllBe(line => TextTable.WidthOf(line) <= width);
        lines.Count(line => line.Contains("feature_", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(120);
        output.ShouldContain("█");
    }

    [Fact]
    public async Task Through_a_pipe_there_are_no_pictures_and_no_colours()
    {
        var (_, output) = await RunAsync(null, "stats", "show", Wide(3));

        output.ShouldNotContain("▁");
        output.ShouldNotContain("█");
        output.ShouldNotContain("\u001b");
        output.Split('\n').ShouldContain(line => line.StartsWith("feature_0", StringComparison.Ordinal) && line.Contains("mean", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_feature_is_shown_whole_with_bars()
    {
        var (exit, output) = await RunAsync(90, "stats", File("kinds.csv", "kind,price\na,1\na,2\nb,\nc,9\n"), "--feature", "kind", "--feature", "pri*");

        exit.ShouldBe(0);
        output.ShouldContain("50 %");
        output.ShouldContain("████");
        output.ShouldContain("Quantiles");
        output.Split('\n').ShouldAllBe(line => TextTable.WidthOf(line) <= 90);
    }

    [Fact]
    public async Task A_feature_that_is_not_there_is_told_with_what_was_meant()
    {
        var (exit, output) = await RunAsync(90, "stats", File("kinds.csv", "kind,price\na,1\n"), "--feature", "prise");

        exit.ShouldBe(2);
        output.ShouldContain("has no feature 'prise'. Did you mean 'price'?");
    }

    [Fact]
    public async Task Values_cannot_give_orders_to_the_terminal()
    {
        var (_, output) = await RunAsync(120, "stats", File("evil.csv", "na\u001b[2Jme,b\n\u001b[31mred,1\n"));

        output.ShouldNotContain("\u001b[2J");
        output.ShouldNotContain("\u001b[31mred");
        output.ShouldContain("␛[31mred");
    }

    [Fact]
    public async Task Two_files_are_compared_those_that_differ_most_first()
    {
        var old = File("old.csv", "same,kind,price\n" + string.Concat(Enumerable.Range(0, 100).Select(row => $"x,a,{row}\n")));
        var young = File("new.csv", "same,kind,price\n" + string.Concat(Enumerable.Range(0, 100).Select(row => $"x,{(row < 60 ? "a" : "b")},{row}\n")));

        var (exit, output) = await RunAsync(120, "stats", "diff", old, young);
        exit.ShouldBe(0);
        output.ShouldContain("new: 'b' 40 %");
        output.IndexOf("\nkind", StringComparison.Ordinal).ShouldBeLessThan(output.IndexOf("\nsame", StringComparison.Ordinal));

        var (_, json) = await RunAsync(null, "stats", "diff", old, young, "--json");
        var kind = JsonDocument.Parse(json).RootElement.GetProperty("comparisons")[0].GetProperty("features")[0];
        kind.GetProperty("name").GetString().ShouldBe("kind");
        kind.GetProperty("distance").GetDouble().ShouldBe(0.4, 1e-12);
        kind.GetProperty("appeared")[0].GetProperty("value").GetString().ShouldBe("b");
        (await RunAsync(80, "stats", "diff", old, young, "--feature", "kind")).Output.ShouldContain("L∞");
    }

    [Fact]
    public async Task A_page_is_written_with_what_does_not_meet_the_schema()
    {
        var data = File("kinds.csv", "kind,price\na,1\na,2\nb,\nc,9\n");
        var (schema, page) = (Path.Combine(_folder.FullName, "schema.pbtxt"), Path.Combine(_folder.FullName, "page.html"));
        (await RunAsync(null, "schema", "infer", data, "-o", schema)).Exit.ShouldBe(0);

        var (exit, output) = await RunAsync(100, "stats", File("other.csv", "kind,price,more\na,1,x\n"), "--html", page, "--schema", schema);
        exit.ShouldBe(0, output);
        output.ShouldContain($"Written to {page}");
        var html = await System.IO.File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        html.ShouldContain("<h2>Anomalies");
        html.ShouldContain("Statistics of");
        (await RunAsync(null, "stats", "diff", data, data, "--html", page, "--json")).Output.ShouldContain("\"page\"");
    }

    [Fact]
    public async Task One_set_alone_cannot_be_compared()
    {
        var (exit, output) = await RunAsync(80, "stats", "diff", File("one.csv", "a\n1\n"));

        exit.ShouldBe(2);
        output.ShouldContain("Name a second");
    }

    [Fact]
    public async Task Json_keeps_every_figure()
    {
        var (_, json) = await RunAsync(null, "stats", File("kinds.csv", "kind,price\na,1\na,2\nb,\nc,9\n"), "--json");

        var split = JsonDocument.Parse(json).RootElement.GetProperty("splits")[0];
        split.GetProperty("examples").GetInt64().ShouldBe(4);
        var price = split.GetProperty("features")[1];
        price.GetProperty("mean").GetDouble().ShouldBe(4);
        price.GetProperty("missing").GetInt64().ShouldBe(1);
        price.GetProperty("quantiles").GetArrayLength().ShouldBe(10);
        split.GetProperty("features")[0].GetProperty("topValues")[0].GetProperty("value").GetString().ShouldBe("a");
    }

    string Wide(int features) => File("wide.csv", string.Join(',', Enumerable.Range(0, features).Select(index => $"feature_{index}_with_quite_a_long_name_{(index % 7 == 0 ? "日本語" : "")}"))
        + "\n" + string.Concat(Enumerable.Range(0, 20).Select(row => string.Join(',', Enumerable.Range(0, features).Select(index => index % 3 == 0 ? $"{row * index}" : $"some longer value {row % 5} 東京")) + "\n")));

    string File(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    static async Task<(int Exit, string Output)> RunAsync(int? width, params string[] arguments)
    {
        using var output = new StringWriter();
        var streams = new Streams { Output = output, Error = output, IsTerminal = width is not null, ErrorIsTerminal = width is not null, Width = width };
        var exit = await new GyreApp([.. arguments, .. width is null ? Array.Empty<string>() : ["--no-color"]], streams, hasPipeline: false).RunAsync(() => throw new InvalidOperationException("no pipeline"));
        return (exit, output.ToString());
    }
}
