using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Gyre.Statistics.Counting;

/// <summary>
/// Partial statistics in a file: the mark <c>GyrePart</c>, for each column a block and before it longer texts, and at the end an
/// index (JSON) with its length. Every block bears a CRC-32C. Numbers are little-endian.
/// </summary>
static class PartialFile
{
    const ulong Mark = 0x7472615065727947;
    const int Version = 2;

    /// <summary>What the index says of a column.</summary>
    internal sealed record Block(string Name, ValueKind Kind, bool IsList, long Offset, long Length, uint Checksum)
    {
        public CountedColumn Column => new(Name, Kind, IsList);
    }

    /// <summary>The examples of a slice. The weight is its two halves.</summary>
    internal sealed record SliceRows(string Name, long Rows, ulong WeightHigh, ulong WeightLow);

    internal sealed record Index(int Version, bool IsWeighted, IReadOnlyList<string> SlicedBy, IReadOnlyList<SliceRows> Slices, IReadOnlyList<Block> Columns);

    /// <summary>Writes column by column.</summary>
    public sealed class Writer : IDisposable
    {
        readonly List<Block> _blocks = [];

        public Writer(string path)
        {
            File = new SharedFile(path);
            File.Append(BitConverter.GetBytes(Mark));
        }

        /// <summary>The file; longer texts may be put there while they are counted.</summary>
        public SharedFile File { get; }

        public void Add(ColumnCounts counts)
        {
            using var buffer = new MemoryStream();
            using (var block = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
                BlockFormat.Write(block, counts, File);
            var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            _blocks.Add(new Block(counts.Column.Name, counts.Column.Kind, counts.Column.IsList, File.Append(bytes), bytes.Length, Checksum(bytes)));
        }

        public void Complete(bool isWeighted, IReadOnlyList<string> slicedBy, IReadOnlyDictionary<string, Tally> slices)
        {
            var rows = slices.OrderBy(slice => slice.Key, StringComparer.Ordinal).Select(slice => new SliceRows(
                slice.Key, slice.Value.Count, (ulong)(slice.Value.Weight >> 64), (ulong)slice.Value.Weight));
            var index = JsonSerializer.SerializeToUtf8Bytes(new Index(Version, isWeighted, slicedBy, [.. rows], _blocks));
            File.Append([.. index, .. BitConverter.GetBytes(index.LongLength), .. BitConverter.GetBytes(Mark)]);
        }

        public void Dispose() => File.Dispose();
    }

    public static Index ReadIndex(SafeFileHandle file, string path)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> ends = stackalloc byte[16];
        if (length >= 24 && RandomAccess.Read(file, ends, length - 16) == 16 && BitConverter.ToUInt64(ends[8..]) == Mark
            && BitConverter.ToInt64(ends) is var indexLength && indexLength > 0 && indexLength <= length - 24)
        {
            try
            {
                if (JsonSerializer.Deserialize<Index>(ReadAll(file, length - 16 - indexLength, indexLength)) is { Version: Version } index)
                    return index;
            }
            catch (JsonException)
            {
                // Said below.
            }
        }

        throw new InvalidDataException($"{path} holds no partial statistics, or such of another version. Expected a file that PartialStatistics saved (version {Version}): compute it again.");
    }

    public static ColumnCounts ReadColumn(SafeFileHandle file, string path, Block block, bool isWeighted)
    {
        var bytes = ReadAll(file, block.Offset, block.Length);
        if (Checksum(bytes) != block.Checksum)
            throw new InvalidDataException($"{path} is damaged: the counts of the column '{block.Name}' are not what was written. Compute it again.");
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return BlockFormat.Read(reader, block.Column, isWeighted, new FileHeap(file));
    }

    static byte[] ReadAll(SafeFileHandle file, long offset, long length)
    {
        var bytes = new byte[length];
        FileHeap.Read(file, offset, bytes);
        return bytes;
    }

    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0u;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
