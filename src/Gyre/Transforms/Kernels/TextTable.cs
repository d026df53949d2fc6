using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Gyre.Transforms.Kernels;

/// <summary>Known texts by their UTF-8 bytes: an open hash table, a quarter full to half full.</summary>
sealed class TextTable
{
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
        Array.Fill(_slots, new Slot(default, -1));
        for (var id = 0; id < texts.Count; id++)
        {
            _offsets[id + 1] = _offsets[id] + Encoding.UTF8.GetBytes(texts[id], _bytes.AsSpan(_offsets[id]));
            var key = TextKey.Of(TextOf(id));
            var slot = (int)key.Hash & _mask;
            while (_slots[slot].Id >= 0)
                slot = (slot + 1) & _mask;
            _slots[slot] = new Slot(key, id);
        }
    }

    /// <summary>The position of a text among the known ones, −1 for any other.</summary>
    public int Find(ReadOnlySpan<byte> text) => Find(text, TextKey.Of(text));

    /// <param name="text">The text.</param>
    /// <param name="key">Its key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, TextKey key)
    {
        var slots = _slots;
        for (var slot = (int)key.Hash & _mask; ; slot = (slot + 1) & _mask)
        {
            ref readonly var known = ref slots[slot];
            if (known.Id < 0 || (known.Key == key && (key.IsWhole || text.SequenceEqual(TextOf(known.Id)))))
                return known.Id;
        }
    }

    ReadOnlySpan<byte> TextOf(int id) => _bytes.AsSpan(_offsets[id]..(_offsets[id + 1]));

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Slot(TextKey Key, int Id);
}
