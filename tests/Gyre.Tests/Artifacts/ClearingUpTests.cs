using Gyre.Artifacts;

namespace Gyre.Tests.Artifacts;

public sealed class ClearingUpTests : IDisposable
{
    readonly string _home = Directory.CreateTempSubdirectory("gyre-test-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Several_processes_may_clear_up_the_same_leftovers_at_once()
    {
        var folder = new ArtifactFolder(_home);
        for (var execution = 1; execution <= 100; execution++)
        {
            for (var file = 0; file < 10; file++)
            {
                var path = Path.Combine(folder.StagingOf(execution), $"output{file % 3}", $"{file}.txt");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "left over");
            }

            var id = execution;
            Parallel.For(0, 4, _ => folder.Discard(id, []));

            Directory.Exists(folder.StagingOf(execution)).ShouldBeFalse();
        }
    }
}
