using System.Runtime.InteropServices;

namespace Gyre.Onnx;

/// <summary>
/// ONNX Runtime's official builds record usage in a database below the user's cache directory, unless a real
/// environment variable forbids it before their first call. .NET keeps its own copy of the environment, so setting it
/// there does not reach the native library on Unix.
/// </summary>
static partial class RuntimeTelemetry
{
    const string Variable = "ORT_DISABLE_TELEMETRY";

    static readonly bool Off = SwitchOff();

    /// <summary>Makes sure that telemetry is off. Everything that calls ONNX Runtime calls this first.</summary>
    public static void Forbid()
    {
        if (!Off)
            throw new InvalidOperationException($"Could not set {Variable}, which keeps ONNX Runtime from recording usage. Set {Variable}=1 before the program starts.");
    }

    static bool SwitchOff()
    {
        // Also in .NET's copy, which is what processes started from here inherit; on Windows this is the real one.
        Environment.SetEnvironmentVariable(Variable, "1");
        return OperatingSystem.IsWindows() || SetVariable(Variable, "1", overwrite: 1) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
