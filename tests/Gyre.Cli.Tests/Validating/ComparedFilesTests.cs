using System.Text.Json;
using Gyre.Cli.Terminal;
using Gyre.Ingestion;
using Gyre.Pipelines;

namespace Gyre.Cli.Tests.Validating;

/// <summary>The command line on plain files, and alerts of a whole run.</summary>
public sealed class ComparedFilesTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-compared-");
    readonly StringWriter _output = new();
    readonly StringWriter _error = new();

    public void Dispose()
    {
        _directory.Delete(recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    string Write(string name, int yes, int no)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, "amount,y\n" + string.Concat(Enumerable.Range(0, yes + no).Select(i => $"{i % 50},{(i < yes ? "Yes" : "No")}\n")));
        return path;
    }

    Task<int> Run(Pipeline? pipeline, params string[] arguments)
    {
        var app = new GyreApp([.. arguments, "--home", Path.Combine(_directory.FullName, "home")], new Streams { Output = _output, Error = _error, IsTerminal = false, ErrorIsTerminal = false }, hasPipeline: pipeline is not null);
        return app.RunAsync(() => pipeline!);
    }

    [Fact]
    public async Task A_file_is_held_against_an_earlier_one_and_the_balance_of_its_classes_is_shown()
    {
        var schema = Path.Combine(_directory.FullName, "schema.pbtxt");
        await File.WriteAllTextAsync(schema, "feature { name: 'amount' type: INT } feature { name: 'y' type: BYTES }", TestContext.Current.CancellationToken);

        var exitCode = await Run(null, "validate", Write("new.csv", 700, 300), "--schema", schema, "--previous", Write("old.csv", 500, 500), "--label", "y");

        exitCode.ShouldBe(0, $"{_output}{_error}");
        var text = _output.ToString();
        text.ShouldContain("Against the previous span");
        text.ShouldContain("l_infinity ('");
        text.ShouldContain("Classes of y");
        text.ShouldContain("of the labelled examples. Expected 50 %, as in the previous span");
    }

    [Fact]
    public async Task A_run_that_fails_is_told_to_a_program_and_the_summary_lists_it()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "skipped: no /bin/sh");
        var told = Path.Combine(_directory.FullName, "told.json");
        var pipeline = new Pipeline("alerted") { Alerts = [Alert.Command("/bin/sh", "-c", $"cat > '{told}'"), Alert.WebhookFrom("GYRE_TEST_NO_SUCH_ADDRESS")] };
        pipeline.Add(new IngestCsv(Path.Combine(_directory.FullName, "missing.csv")));
        var console = Console.Out;
        int exitCode;
        try
        {
            exitCode = await Run(pipeline, "run", "--json");
        }
        finally
        {
            Console.SetOut(console);
        }

        exitCode.ShouldBe(1);
        JsonDocument.Parse(await File.ReadAllTextAsync(told, TestContext.Current.CancellationToken)).RootElement.GetProperty("pipeline").GetString().ShouldBe("alerted");
        JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("sent").GetBoolean()).ShouldBe([true, false]);
        _error.ToString().ShouldContain("GYRE_TEST_NO_SUCH_ADDRESS is not set");
    }
}
