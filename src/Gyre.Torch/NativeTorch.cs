using System.Runtime.InteropServices;
using TorchSharp;

namespace Gyre.Torch;

/// <summary>Makes torch's native libraries ready for use in this process.</summary>
public static class NativeTorch
{
    const string Bridge = "libLibTorchSharp.so";

    /// <summary>Named by TorchSharp's native library though no symbol it uses has it; first in GCC 13's C++ runtime.</summary>
    const string UnusedVersion = "GLIBCXX_3.4.32";

    static readonly Lazy<bool> Ready = new(Load);

    /// <summary>
    /// Loads torch once per process; later calls return at once. Every trainer calls it first; call it yourself before
    /// using TorchSharp directly. It asks OpenMP to sleep rather than spin while waiting (unless <c>OMP_WAIT_POLICY</c> is set) and gives
    /// torch one thread, which at the sizes of tabular models is as fast as many and computes the same bits everywhere.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">Torch cannot be loaded on this machine; the message says why and the cure.</exception>
    public static void Prepare() => _ = Ready.Value;

    static bool Load()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // libgomp reads the variable when it is loaded, which is not before the next line.
                LinuxMemory.SetVariable("OMP_WAIT_POLICY", "PASSIVE");
                LoadBridge();
            }

            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or NotSupportedException or BadImageFormatException or TypeInitializationException or InvalidDataException)
        {
            throw new PlatformNotSupportedException(Explain(error.GetBaseException().Message), error);
        }
    }

    /// <summary>
    /// Loads TorchSharp's library before TorchSharp looks for it. Where the system's C++ runtime is older than the one the
    /// library was built with, a copy in memory is loaded in which that version is optional; TorchSharp's own look-up then
    /// finds the library already loaded under its name.
    /// </summary>
    static void LoadBridge()
    {
        var path = Find(Bridge) ?? throw new DllNotFoundException($"'{Bridge}' is not beside the program.");
        if (!NativeLibrary.TryLoad(path, out _))
            LoadCopy(path);
    }

    static void LoadCopy(string path)
    {
        var image = File.ReadAllBytes(path);
        if (WeakVersion.Allow(image, UnusedVersion) == 0)
        {
            // Refused for another reason, which the loader tells when asked again.
            NativeLibrary.Load(path);
            return;
        }

        // The copy lies in no directory, so what it needs must be there already.
        foreach (var needed in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            NativeLibrary.Load(Find(needed) ?? throw new DllNotFoundException($"'{needed}' is not beside '{path}'."));
        LinuxMemory.LoadLibrary(Bridge, image);
    }

    static string? Find(string library)
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return searched
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Select(directory => Path.Combine(directory, library))
            .FirstOrDefault(File.Exists);
    }

    static string Explain(string reason) =>
        $"Torch cannot be loaded on {RuntimeInformation.RuntimeIdentifier}: {reason.Trim()} "
        + (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? "Build or publish the program with a RuntimeIdentifier (linux-x64), so that the libraries of the package "
                + "libtorch-cpu-linux-x64 lie beside it, and use a system with glibc 2.34 or newer and libstdc++ of GCC 12 or newer."
            : "Networks are trained on Linux x64, Windows x64 and macOS arm64; elsewhere use LinearTrainer, or train on another machine.");
}
