using Microsoft.ML.OnnxRuntime;

namespace Gyre.Onnx;

/// <summary>The ONNX Runtime of this process.</summary>
public static class OnnxHost
{
    /// <summary>Its version. Asking loads the native library, or throws what is in the way.</summary>
    public static string Version
    {
        get
        {
            RuntimeTelemetry.Forbid();
            return OrtEnv.Instance().GetVersionString();
        }
    }
}
