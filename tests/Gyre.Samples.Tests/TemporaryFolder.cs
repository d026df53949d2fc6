namespace Gyre.Samples.Tests;

/// <summary>An empty folder that goes away with its owner.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gyre-samples-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
