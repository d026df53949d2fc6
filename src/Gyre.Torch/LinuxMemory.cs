using System.Runtime.InteropServices;

namespace Gyre.Torch;

/// <summary>The few calls of Linux's C library that loading needs.</summary>
static unsafe partial class LinuxMemory
{
    const uint CloseOnExec = 1;

    /// <summary>
    /// Loads a shared library from bytes, through a file that exists in memory only: nothing is written to disk, so it
    /// works in read-only installations and when several processes start at once.
    /// </summary>
    /// <exception cref="DllNotFoundException">The system refuses; the message is the loader's.</exception>
    public static nint LoadLibrary(string name, ReadOnlySpan<byte> image)
    {
        var descriptor = CreateMemoryFile(name, CloseOnExec);
        if (descriptor < 0)
            throw new DllNotFoundException($"memfd_create: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            for (var rest = image; !rest.IsEmpty;)
            {
                nint written;
                fixed (byte* start = rest)
                    written = Write(descriptor, start, (nuint)rest.Length);
                if (written <= 0)
                    throw new DllNotFoundException($"writing {image.Length} bytes to memory: {Marshal.GetLastPInvokeErrorMessage()}");
                rest = rest[(int)written..];
            }

            return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Sets an environment variable where native libraries look for it, unless it is set already;
    /// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> only changes a copy of .NET's own.
    /// </summary>
    public static void SetVariable(string name, string value)
    {
        if (SetEnvironment(name, value, overwrite: 0) != 0)
            throw new InvalidOperationException($"The environment variable {name} cannot be set: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* start, nuint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
