using System.Runtime.InteropServices;
using System.Text;

namespace Gyre.LightGbm;

/// <summary>Examples in LightGBM's memory, their values binned.</summary>
sealed unsafe class TreeDataset : IDisposable
{
    TreeDataset(DatasetHandle handle, int rows) => (Handle, Rows) = (handle, rows);

    public DatasetHandle Handle { get; }

    public int Rows { get; }

    /// <summary>Bins examples.</summary>
    /// <param name="matrix">Their values; not needed any more afterwards.</param>
    /// <param name="names">The names of the columns.</param>
    /// <param name="parameters">LightGBM's parameters: <c>key=value key=value</c>.</param>
    /// <param name="reference">Examples whose bins are to be used; null to find bins for these.</param>
    public static TreeDataset Create(ExampleMatrix matrix, IReadOnlyList<string> names, string parameters, TreeDataset? reference)
    {
        DatasetHandle handle;
        var bins = reference?.Handle.DangerousGetHandle() ?? 0;
        fixed (float* values = matrix.Values)
        fixed (long* starts = matrix.Starts)
        fixed (int* positions = matrix.Positions)
        {
            NativeMethods.Check(matrix.IsSparse
                ? NativeMethods.DatasetCreateFromCsr(
                    starts, NativeMethods.Int64, positions, values, NativeMethods.Float32, matrix.Starts.Length, matrix.Starts[^1], matrix.Columns, parameters, bins, out handle)
                : NativeMethods.DatasetCreateFromMat(values, NativeMethods.Float32, matrix.Rows, matrix.Columns, isRowMajor: 1, parameters, bins, out handle));
        }

        GC.KeepAlive(reference);
        var dataset = new TreeDataset(handle, matrix.Rows);
        try
        {
            if (reference is null)
                dataset.SetNames(names);
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    public void SetLabels(ReadOnlySpan<float> labels) => Set("label", labels, NativeMethods.Float32);

    public void SetWeights(ReadOnlySpan<float> weights) => Set("weight", weights, NativeMethods.Float32);

    /// <summary>The numbers of examples of each group; those of a group stand together.</summary>
    public void SetGroups(ReadOnlySpan<int> sizes) => Set("group", sizes, NativeMethods.Int32);

    /// <summary>What earlier trees say, all examples for the first output, then for the next.</summary>
    public void SetInitialScores(ReadOnlySpan<double> scores) => Set("init_score", scores, NativeMethods.Float64);

    public void Dispose() => Handle.Dispose();

    void Set<T>(string field, ReadOnlySpan<T> values, int type)
        where T : unmanaged
    {
        fixed (T* start = values)
            NativeMethods.Check(NativeMethods.DatasetSetField(Handle, field, start, values.Length, type));
    }

    void SetNames(IReadOnlyList<string> names)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + '\0')));
        var pointers = (byte**)NativeMemory.Alloc((nuint)names.Count, (nuint)sizeof(byte*));
        try
        {
            fixed (byte* start = bytes)
            {
                var next = start;
                for (var i = 0; i < names.Count; i++)
                {
                    pointers[i] = next;
                    next += Encoding.UTF8.GetByteCount(names[i]) + 1;
                }

                NativeMethods.Check(NativeMethods.DatasetSetFeatureNames(Handle, pointers, names.Count));
            }
        }
        finally
        {
            NativeMemory.Free(pointers);
        }
    }
}
