using Gyre.Cli.Arguments;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Tests.Arguments;

public sealed class GyreAppTests
{
    enum Size
    {
        Small,
        Large,
    }

    [Fact]
    public void Options_of_the_program_stand_anywhere_and_have_their_types()
    {
        var app = new GyreApp(["--rows", "7", "plan", "--rate=0.5", "--size", "large", "--dry"]);

        app.Option("rows", 1, "").ShouldBe(7);
        app.Option("--rate", 1.0, "").ShouldBe(0.5);
        app.Option("size", Size.Small, "").ShouldBe(Size.Large);
        app.Option("dry", false, "").ShouldBeTrue();
        app.Option("data", "none", "").ShouldBe("none");
        app.Option<string?>("other", null, "").ShouldBeNull();
        app.Option<double?>("least", null, "").ShouldBeNull();
        app.WantsPipeline.ShouldBeTrue();
    }

    [Fact]
    public void A_word_with_an_at_sign_is_a_word() => new GyreApp(["--data", "@nowhere.txt"]).Option("data", "", "").ShouldBe("@nowhere.txt");

    [Fact]
    public void A_value_that_cannot_be_read_leaves_the_default_until_the_error_is_told()
    {
        var app = new GyreApp(["--rows", "many"]);

        app.Option("rows", 3, "").ShouldBe(3);
        app.WantsPipeline.ShouldBeFalse();
    }

    [Theory]
    [InlineData("home")]
    [InlineData("--force")]
    [InlineData("help")]
    public void A_name_that_is_taken_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new GyreApp([]).Option(name, "", "")).Message.ShouldContain("is taken");

    [Theory]
    [InlineData("", true)]
    [InlineData("run", true)]
    [InlineData("plan", true)]
    [InlineData("graph --format svg", true)]
    [InlineData("node run --node a --run r1", true)]
    [InlineData("--workers 2", true)]
    [InlineData("runs", false)]
    [InlineData("serve --port 0", false)]
    [InlineData("model list", false)]
    [InlineData("--help", false)]
    [InlineData("run --help", false)]
    [InlineData("--version", false)]
    [InlineData("nonsense", false)]
    public void Only_verbs_that_need_the_pipeline_ask_for_it(string arguments, bool wants) =>
        new GyreApp(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)).WantsPipeline.ShouldBe(wants);

    [Fact]
    public void The_home_is_what_was_given()
    {
        new GyreApp(["--home", "/tmp/x"]).HomeDirectory.ShouldBe("/tmp/x");
        new GyreApp(["runs", "--home=sub/../here"]).HomeDirectory.ShouldBe(Path.GetFullPath("here"));
    }

    [Fact]
    public async Task The_pipeline_is_not_built_for_verbs_that_only_look()
    {
        var built = false;
        var app = new GyreApp(["--help"], new Streams { Output = new StringWriter(), Error = new StringWriter() }, hasPipeline: true);

        (await app.RunAsync(() =>
        {
            built = true;
            return new Gyre.Pipelines.Pipeline("p");
        })).ShouldBe(0);

        built.ShouldBeFalse();
    }

    [Fact]
    public async Task The_tool_without_a_pipeline_has_only_the_verbs_that_look()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Task<int> Tool(params string[] arguments) =>
            new GyreApp(arguments, new Streams { Output = output, Error = error, IsTerminal = false, ErrorIsTerminal = false }, hasPipeline: false)
                .RunAsync(() => throw new InvalidOperationException("There is no pipeline."));

        (await Tool()).ShouldBe(0);
        (await Tool("plan")).ShouldBe(2);

        output.ToString().ShouldContain("  lineage   ");
        output.ToString().ShouldNotContain("  plan ");
        output.ToString().ShouldNotContain("Runs a Gyre pipeline");
        error.ToString().ShouldContain("There is no verb 'plan' in this tool");
        error.ToString().ShouldContain("dotnet run -- plan");
    }

    [Theory]
    [InlineData("run", "run", 0)]
    [InlineData("rnu", "run", 1)]
    [InlineData("", "run", 3)]
    [InlineData("lineaeg", "lineage", 1)]
    [InlineData("stats", "status", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Words_are_as_far_apart_as_letters_must_be_changed(string one, string other, int distance)
    {
        UsageErrors.Distance(one, other).ShouldBe(distance);
        UsageErrors.Distance(other, one).ShouldBe(distance);
    }

    [Theory]
    [InlineData("dotnet run -c Release --project samples/A -- --rows 5", "--rows 5", "dotnet run -c Release --project samples/A")]
    [InlineData("dotnet run --project samples/A --rows 5", "--rows 5", "dotnet run --project samples/A")]
    [InlineData("/usr/share/dotnet/dotnet /usr/share/dotnet/sdk/10/dotnet.dll run -c Release", "", "dotnet run -c Release")]
    [InlineData("/bin/bash -c x", "", null)]
    [InlineData("dotnet test", "", null)]
    public void A_program_knows_that_dotnet_run_started_it(string parent, string own, string? expected) =>
        (ThisProgram.WithoutOwnArguments(parent.Split(' '), own.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { } words ? string.Join(' ', words) : null).ShouldBe(expected);
}
