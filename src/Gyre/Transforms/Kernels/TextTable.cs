using System.Runtime.InteropServices;
using System.Text;

namespace Gyre.Transforms.Kernels;

/// <summary>Known texts by their UTF-8 bytes: an open hash table (FNV-1a), a quarter full to half full.</summary>
sealed class TextTable
{
    /// <summary>The hash of no byte.</summary>
    public const uint FirstHash = 2166136261;

    readonly byte[] _bytes;
    readonly int[] _offsets;
    readonly Slot[] _slots;
    readonly int _mask;

    public TextTable(IReadOnlyList<string> texts)
    {
        _bytes = new byte[texts.Sum(Encoding.UTF8.GetByteCount)];
        _offsets = new int[texts.Count + 1];
        _slots = new Slot[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, texts.Count * 2))];
        _mask = _slots.Length - 1;
        Array.Fill(_slots, new Slot(0, -1));
        for (var id = 0; id < texts.Count; id++)
        {
            _offsets[id + 1] = _offsets[id] + Encoding.UTF8.GetBytes(texts[id], _bytes.AsSpan(_offsets[id]));
            var hash = Hash(TextOf(id));
            var slot = Place(hash) & _mask;
            while (_slots[slot].Id >= 0)
                slot = (slot + 1) & _mask;
            _slots[slot] = new Slot(hash, id);
        }
    }

    public static uint Next(uint hash, byte value) => (hash ^ value) * 16777619;

    public static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = FirstHash;
        foreach (var value in text)
            hash = Next(hash, value);
        return hash;
    }

    /// <summary>Where to begin in a table, of which the lowest bits count: those of the hash of short texts are poor.</summary>
    public static int Place(uint hash) => (int)(hash ^ (hash >> 15));

    /// <summary>The position of a text among the known ones, −1 for any other.</summary>
    public int Find(ReadOnlySpan<byte> text) => Find(text, Hash(text));

    /// <param name="text">The text.</param>
    /// <param name="hash">Its hash: <see cref="Next"/> of all its bytes.</param>
    public int Find(ReadOnlySpan<byte> text, uint hash)
    {
        for (var slot = Place(hash) & _mask; ; slot = (slot + 1) & _mask)
        {
            var (known, id) = _slots[slot];
            if (id < 0 || (known == hash && text.SequenceEqual(TextOf(id))))
                return id;
        }
    }

    ReadOnlySpan<byte> TextOf(int id) => _bytes.AsSpan(_offsets[id]..(_offsets[id + 1]));


    [StructLayout(LayoutKind.Auto)]
    readonly record struct Slot(uint Hash, int Id);
}
