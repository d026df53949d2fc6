namespace Gyre.Cli.Inspection;

/// <summary>A directory that is gone afterwards.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gyre-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
