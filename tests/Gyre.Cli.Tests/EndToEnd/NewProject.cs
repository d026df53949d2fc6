using Gyre.Cli.Templates;

namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>The project that <c>init</c> makes, built and run once for all tests of a class.</summary>
public sealed class NewProject : IAsyncLifetime
{
    readonly TestProgram _program = new();

    internal Ended FirstRun { get; private set; } = new(-1, "", "");

    public string Directory => Path.Combine(_program.Root, "cafe-visits");

    public string File(string name) => Path.Combine(Directory, name);

    public async ValueTask InitializeAsync()
    {
        (await _program.RunAsync("init")).ExitCode.ShouldBe(0);
        await BuildAsync();
        FirstRun = await RunAsync();
        FirstRun.ExitCode.ShouldBe(0, FirstRun.ToString());
    }

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        return ValueTask.CompletedTask;
    }

    internal async Task<Ended> RunAsync(params string[] arguments)
    {
        using var running = Start(arguments);
        return await running.EndAsync();
    }

    internal TestProgram.Running Start(params string[] arguments) => _program.StartAt(File("bin/program/cafe-visits"), Directory, arguments);

    internal async Task BuildAsync()
    {
        // The configuration of these tests, so that Gyre itself is built already.
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0];

        // No compiler or build node may outlive the build: it would hold our end of the output open, and we would wait for it.
        string[] alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
        using var build = _program.StartAt("dotnet", Directory, ["build", "-c", configuration, "-o", "bin/program", "-v", "quiet", "-nologo", .. alone]);
        var ended = await build.EndAsync();
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ProjectTemplate.FindSources().ShouldNotBeNull();
    }
}
