using System.Runtime.InteropServices;

namespace Gyre.Artifacts;

/// <summary>Brings written files safely onto the disk and under their final name.</summary>
public static partial class DurableFiles
{
    /// <summary>Flushes every file of a directory to the disk and renames the directory; readers see all of it or nothing.</summary>
    public static void PublishDirectory(string staged, string final)
    {
        foreach (var (_, path) in ContentFingerprint.Files(staged))
            Flush(path);
        Directory.CreateDirectory(Path.GetDirectoryName(final)!);
        Directory.Move(staged, final);
        FlushDirectory(Path.GetDirectoryName(final)!);
    }

    /// <summary>Writes a file under a temporary name beside it, flushes it to the disk and renames it.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.tmp-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        try
        {
            File.WriteAllBytes(temporary, content);
            Flush(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>A rename is lasting only when the directory that holds the name is flushed too; Windows does so itself.</summary>
    static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, flags: 0);
        if (descriptor < 0)
            return;
        _ = Synchronize(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
