using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gyre.Statistics.Counting;

// Entries are passed by reference and only their fields are read, so nothing is copied behind the scenes.
#pragma warning disable RCS1242

/// <summary>
/// The distinct texts of a column, numbered as they come. Texts of up to 64 bytes are held and compared whole, longer ones
/// are told apart by their length and 128 bits of SHA-256: no two different texts of one length are known, or expected, to
/// share those. Texts of up to 1,024 bytes are kept, outside memory where they are longer than 64.
/// </summary>
/// <param name="file">Where longer texts are put; null where none are added one by one.</param>
/// <param name="mayBeBytes">Whether values may be no valid UTF-8.</param>
sealed class TextTable(SharedFile? file, bool mayBeBytes) : IDisposable
{
    const int PlaceBits = 40;

    readonly List<ITextHeap> _heaps = file is null ? [] : [new TextSpill(file)];
    TextEntry[] _entries = new TextEntry[16];
    int[] _slots = new int[32];
    TextSpill? _moved;
    byte[] _memory = [];
    int _memoryUsed;

    public int Count { get; private set; }

    public ReadOnlySpan<TextEntry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The number of a text.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        var probe = Probe(text);
        ref var slot = ref Slot(probe, text);
        return slot != 0 ? slot - 1 : Insert(ref slot, probe with { Prefix = PrefixOf(text), Traits = TraitsOf(text) }, text);
    }

    /// <summary>The numbers that the other table's texts have in this one, by those that they have there; its heaps are taken over.</summary>
    public int[] Add(TextTable other)
    {
        var numbers = new int[other.Count];
        var firstHeap = _heaps.Count;
        _heaps.AddRange(other._heaps);
        Span<byte> buffer = stackalloc byte[TextEntry.LongestInMemory];
        for (var i = 0; i < other.Count; i++)
        {
            ref readonly var entry = ref other._entries[i];
            var text = entry.Length <= TextEntry.LongestInMemory ? buffer[..entry.Length] : default;
            if (!text.IsEmpty)
                other.Read(entry, text);
            ref var slot = ref Slot(entry, text);
            numbers[i] = slot != 0 ? slot - 1 : Insert(ref slot, Moved(entry, firstHeap), text);
        }

        other._heaps.Clear();
        return numbers;
    }

    /// <summary>Takes a text that another table had written down; for reading files.</summary>
    public void Restore(ReadOnlySpan<TextEntry> entries, byte[] memory, ITextHeap heap)
    {
        _heaps.Add(heap);
        (_entries, Count) = (entries.ToArray(), entries.Length);
        (_memory, _memoryUsed) = (memory, memory.Length);
        _slots = []; // Made when it is needed: most tables that were read are only looked at.
        foreach (ref var entry in _entries.AsSpan())
            entry = Moved(entry, _heaps.Count - 1);
    }

    public bool IsKept(int number) => _entries[number].Length <= TextEntry.LongestKept;

    /// <summary>A text that is kept.</summary>
    public byte[] Text(int number)
    {
        var text = new byte[_entries[number].Length];
        Read(_entries[number], text);
        return text;
    }

    /// <param name="entry">That of a text which is kept.</param>
    /// <param name="text">Takes the text; as long as it is.</param>
    public void Read(in TextEntry entry, Span<byte> text)
    {
        if (entry.Length <= TextEntry.LongestInKeys)
        {
            Span<ulong> keys = [entry.Key0, entry.Key1];
            MemoryMarshal.AsBytes(keys)[..entry.Length].CopyTo(text);
        }
        else if (entry.Length <= TextEntry.LongestInMemory)
        {
            _memory.AsSpan((int)entry.Place, entry.Length).CopyTo(text);
        }
        else
        {
            HeapOf(entry).Read(OffsetOf(entry), text);
        }
    }

    /// <summary>Where a longer text that is kept lies in a file; it is written there if it lies elsewhere.</summary>
    public long OffsetIn(SharedFile target, in TextEntry entry)
    {
        if (HeapOf(entry) is TextSpill spill && spill.File == target)
            return OffsetOf(entry);
        Span<byte> text = stackalloc byte[entry.Length];
        Read(entry, text);
        _moved ??= new TextSpill(target);
        return _moved.Append(text);
    }

    public void Dispose()
    {
        foreach (var heap in _heaps)
            heap.Dispose();
        _moved?.Dispose();
    }

    ITextHeap HeapOf(in TextEntry entry) => _heaps[(int)(entry.Place >> PlaceBits)];

    static long OffsetOf(in TextEntry entry) => entry.Place & ((1L << PlaceBits) - 1);

    /// <summary>What identifies a text.</summary>
    static TextEntry Probe(ReadOnlySpan<byte> text)
    {
        var entry = new TextEntry { Length = text.Length };
        if (text.Length <= TextEntry.LongestInKeys)
        {
            (entry.Key0, entry.Key1) = Padded(text);
        }
        else if (text.Length <= TextEntry.LongestInMemory)
        {
            entry.Key0 = Hash(text);
        }
        else
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text, digest);
            entry.Key0 = BinaryPrimitives.ReadUInt64LittleEndian(digest);
            entry.Key1 = BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]);
        }

        return entry;
    }

    /// <summary>Up to 16 bytes as two numbers, padded with zeros.</summary>
    internal static (ulong Low, ulong High) Padded(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt64LittleEndian(text);
            return (low, text.Length == 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]) >> (8 * (16 - text.Length)));
        }

        if (text.Length >= 4)
            return (BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << (8 * (text.Length - 4))), 0);
        ulong bytes = 0;
        for (var i = 0; i < text.Length; i++)
            bytes |= (ulong)text[i] << (8 * i);
        return (bytes, 0);
    }

    /// <summary>A mixture of all bytes; equal texts have equal ones, and different ones are compared.</summary>
    static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        var at = 0;
        for (; at + 8 <= text.Length; at += 8)
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text[at..]));
        return Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15UL, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low;
    }

    internal static ulong PrefixOf(ReadOnlySpan<byte> text) => BinaryPrimitives.ReverseEndianness(Padded(text[..Math.Min(8, text.Length)]).Low);

    TextTraits TraitsOf(ReadOnlySpan<byte> text) =>
        mayBeBytes && !System.Text.Unicode.Utf8.IsValid(text) ? TextTraits.InvalidUtf8
        : FreeText.IsLikeLanguage(text) ? TextTraits.LikeLanguage
        : TextTraits.None;

    ref int Slot(in TextEntry probe, ReadOnlySpan<byte> text)
    {
        if (_slots.Length == 0)
            Index();
        var mask = _slots.Length - 1;
        var at = Start(probe) & mask;
        while (_slots[at] != 0)
        {
            ref readonly var entry = ref _entries[_slots[at] - 1];
            if (entry.Key0 == probe.Key0 && entry.Key1 == probe.Key1 && entry.Length == probe.Length && IsSame(entry, text))
                break;
            at = (at + 1) & mask;
        }

        return ref _slots[at];
    }

    ref int Free(in TextEntry entry)
    {
        var mask = _slots.Length - 1;
        var at = Start(entry) & mask;
        while (_slots[at] != 0)
            at = (at + 1) & mask;
        return ref _slots[at];
    }

    static int Start(in TextEntry entry) => (int)(Mix(entry.Key0 ^ Mix(entry.Key1 ^ (ulong)entry.Length)) >> 33);

    bool IsSame(in TextEntry entry, ReadOnlySpan<byte> text) =>
        entry.Length is <= TextEntry.LongestInKeys or > TextEntry.LongestInMemory
        || _memory.AsSpan((int)entry.Place, entry.Length).SequenceEqual(text);

    int Insert(ref int slot, TextEntry entry, ReadOnlySpan<byte> text)
    {
        if (entry.Length is > TextEntry.LongestInKeys and <= TextEntry.LongestInMemory)
            entry.Place = Remember(text);
        else if (entry.Length is > TextEntry.LongestInMemory and <= TextEntry.LongestKept && !text.IsEmpty)
            entry.Place = ((TextSpill)_heaps[0]).Append(text);
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(16, Count * 2));
        _entries[Count++] = entry;
        slot = Count;
        if (Count * 2 > _slots.Length)
            Index();
        return Count - 1;
    }

    static TextEntry Moved(TextEntry entry, int firstHeap)
    {
        if (entry.Length is > TextEntry.LongestInMemory and <= TextEntry.LongestKept)
            entry.Place += (long)firstHeap << PlaceBits;
        return entry;
    }

    int Remember(ReadOnlySpan<byte> text)
    {
        if (_memoryUsed + text.Length > _memory.Length)
            Array.Resize(ref _memory, Math.Min(Array.MaxLength, Math.Max(1024, _memory.Length * 2)));
        text.CopyTo(_memory.AsSpan(_memoryUsed));
        _memoryUsed += text.Length;
        return _memoryUsed - text.Length;
    }

    void Index()
    {
        _slots = new int[Math.Max(32, (int)BitOperations.RoundUpToPowerOf2((uint)Count * 2))];
        for (var i = 0; i < Count; i++)
            Free(_entries[i]) = i + 1;
    }
}
