using System.Runtime.InteropServices;

namespace Gyre.LightGbm;

/// <summary>Makes LightGBM's native library ready for use in this process.</summary>
public static partial class NativeLightGbm
{
    static readonly Lazy<bool> Ready = new(Load);

    /// <summary>
    /// Loads LightGBM once per process; later calls return at once. The trainer calls it first. It asks OpenMP to sleep rather
    /// than spin while waiting (unless <c>OMP_WAIT_POLICY</c> is set), and silences what LightGBM would print.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">LightGBM cannot be loaded on this machine; the message says why and the cure.</exception>
    public static void Prepare() => _ = Ready.Value;

    static unsafe bool Load()
    {
        try
        {
            // libgomp reads the variable when it is loaded; .NET's own setter changes only .NET's copy of the environment.
            if (OperatingSystem.IsLinux())
                _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
            NativeMethods.Check(NativeMethods.RegisterLogCallback(&Ignore));
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new PlatformNotSupportedException(Explain(error.Message), error);
        }
    }

    /// <summary>Errors come back as results of calls; all else that LightGBM says is of no use beside the progress that is reported.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    static unsafe void Ignore(byte* message)
    {
    }

    internal static string Explain(string reason) =>
        $"LightGBM cannot be loaded on {RuntimeInformation.RuntimeIdentifier}: {reason.Trim()} "
        + (RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "Trees are trained on x64 only; elsewhere use LinearTrainer, or train on another machine."
            : reason.Contains("gomp", StringComparison.Ordinal) ? "Install GNU's OpenMP: apt-get install libgomp1 (Debian, Ubuntu), dnf install libgomp (Fedora, RHEL), apk add libgomp gcompat (Alpine)."
            : reason.Contains("libomp", StringComparison.Ordinal) ? "Install LLVM's OpenMP: brew install libomp."
            : "Build or publish the program with a RuntimeIdentifier, so that the library of the package LightGBM lies beside it.");

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
