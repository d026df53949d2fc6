using System.Runtime.InteropServices;

namespace Gyre.Artifacts;

/// <summary>Gives files that never change a second name, so that equal content lies on the disk once.</summary>
public static partial class SharedFiles
{
    /// <summary>Makes a file appear under another name: shared where the disk can do so, else as a copy.</summary>
    /// <param name="existing">The file, which must never be changed in place.</param>
    /// <param name="name">The new name; there must be no such file.</param>
    public static void Share(string existing, string name)
    {
        if (!TryLink(existing, name))
            File.Copy(existing, name);
    }

    /// <summary>Whether the two now share their content.</summary>
    internal static bool TryLink(string existing, string name) =>
        OperatingSystem.IsWindows() ? CreateHardLink(name, existing, IntPtr.Zero) : Link(existing, name) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, IntPtr securityAttributes);
}
