using System.Runtime.InteropServices;

namespace Gyre.LightGbm;

/// <summary>The functions of LightGBM's C interface that are in use. All return 0, or −1 with the reason in <see cref="GetLastError"/>.</summary>
static unsafe partial class NativeMethods
{
    public const string Library = "lib_lightgbm";

    /// <summary>The codes of types of elements.</summary>
    public const int Float32 = 0;

    /// <inheritdoc cref="Float32"/>
    public const int Float64 = 1;

    /// <inheritdoc cref="Float32"/>
    public const int Int32 = 2;

    /// <inheritdoc cref="Float32"/>
    public const int Int64 = 3;

    /// <summary>The reason why the last call of this thread failed: text that belongs to the library.</summary>
    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    public static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_RegisterLogCallback")]
    public static partial int RegisterLogCallback(delegate* unmanaged[Cdecl]<byte*, void> callback);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetCreateFromMat(
        float* data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromCSR", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetCreateFromCsr(
        long* starts, int startType, int* columns, float* data, int dataType, long startCount, long elements, long columnCount, string parameters, nint reference,
        out DatasetHandle dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetFeatureNames")]
    public static partial int DatasetSetFeatureNames(DatasetHandle dataset, byte** names, int count);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetSetField(DatasetHandle dataset, string field, void* data, int elements, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    public static partial int DatasetFree(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterCreate(DatasetHandle train, string parameters, out BoosterHandle booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterLoadModelFromString(string model, out int iterations, out BoosterHandle booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterMerge")]
    public static partial int BoosterMerge(BoosterHandle booster, BoosterHandle other);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    public static partial int BoosterUpdateOneIter(BoosterHandle booster, out int isFinished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetCurrentIteration")]
    public static partial int BoosterGetCurrentIteration(BoosterHandle booster, out int iteration);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredictForMat(
        BoosterHandle booster, float* data, int dataType, int rows, int columns, int isRowMajor, int kind, int firstIteration, int iterations, string parameters,
        out long length, double* result);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForCSR", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredictForCsr(
        BoosterHandle booster, long* starts, int startType, int* columns, float* data, int dataType, long startCount, long elements, long columnCount, int kind,
        int firstIteration, int iterations, string parameters, out long length, double* result);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    public static partial int BoosterSaveModelToString(
        BoosterHandle booster, int firstIteration, int iterations, int importance, long bufferLength, out long length, byte* buffer);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    public static partial int BoosterFree(nint booster);

    /// <exception cref="InvalidOperationException">The call failed.</exception>
    public static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException($"LightGBM: {(Marshal.PtrToStringUTF8(GetLastError()) ?? "no reason given").Trim()}");
    }
}
