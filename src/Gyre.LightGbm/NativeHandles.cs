using Microsoft.Win32.SafeHandles;

namespace Gyre.LightGbm;

/// <summary>Data in LightGBM's memory, binned.</summary>
sealed class DatasetHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.DatasetFree(handle) == 0;
}

/// <summary>Trees in LightGBM's memory. One that learns uses its datasets until it is released, so they are released after it.</summary>
sealed class BoosterHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NativeMethods.BoosterFree(handle) == 0;
}
