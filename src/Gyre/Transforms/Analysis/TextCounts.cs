using System.Collections.Concurrent;
using Gyre.Transforms.Kernels;

namespace Gyre.Transforms.Analysis;

/// <summary>Counts texts in UTF-8. The empty one counts as missing and is left out.</summary>
sealed class TextCounts
{
    const int FirstSlots = 64;

    readonly IReadOnlyList<byte[]> _known;
    readonly long[] _knownCounts;

    /// <summary>An open hash table of positions among the entries plus 1, at most half full; 0 where there is none.</summary>
    int[] _slots = new int[FirstSlots];
    Entry[] _entries = new Entry[FirstSlots / 2];
    int _count;

    public TextCounts()
        : this([])
    {
    }

    TextCounts(IReadOnlyList<byte[]> known) => (_known, _knownCounts) = (known, new long[known.Count]);

    public void Add(ReadOnlySpan<byte> text, long count = 1) => Add(text, TextKey.Of(text), count);

    /// <param name="text">The text.</param>
    /// <param name="key">Its key.</param>
    /// <param name="count">How often it is there.</param>
    public void Add(ReadOnlySpan<byte> text, TextKey key, long count = 1)
    {
        if (!text.IsEmpty)
            Of(text, key).Count += count;
    }

    /// <summary>Counts one of the texts that are known by number.</summary>
    public void AddKnown(long number) => _knownCounts[number]++;

    ref Entry Of(ReadOnlySpan<byte> text, TextKey key, byte[]? own = null)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)key.Hash & mask; ; slot = (slot + 1) & mask)
        {
            var position = _slots[slot] - 1;
            if (position < 0)
            {
                if (_count == _entries.Length)
                {
                    Grow();
                    return ref Of(text, key, own);
                }

                _slots[slot] = ++_count;
                ref var added = ref _entries[_count - 1];
                added = new Entry { Key = key, Text = own ?? text.ToArray() };
                return ref added;
            }

            ref var entry = ref _entries[position];
            if (entry.Key == key && (key.IsWhole || text.SequenceEqual(entry.Text)))
                return ref entry;
        }
    }

    void Grow()
    {
        Array.Resize(ref _entries, checked(_entries.Length * 2));
        _slots = new int[checked(_entries.Length * 2)];
        var mask = _slots.Length - 1;
        for (var i = 0; i < _count; i++)
        {
            var slot = (int)_entries[i].Key.Hash & mask;
            while (_slots[slot] > 0)
                slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    void AddTo(TextCounts all)
    {
        foreach (ref var entry in _entries.AsSpan(0, _count))
            all.Of(entry.Text, entry.Key, entry.Text).Count += entry.Count;
        for (var i = 0; i < _knownCounts.Length; i++)
        {
            if (_knownCounts[i] > 0)
                all.Of(_known[i], TextKey.Of(_known[i]), _known[i]).Count += _knownCounts[i];
        }
    }

    struct Entry
    {
        public TextKey Key;
        public byte[] Text;
        public long Count;
    }

    /// <summary>Counts of several threads, each of which has its own until it gives it back. Sums do not depend on who counted.</summary>
    public sealed class Pool
    {
        readonly ConcurrentBag<TextCounts> _idle = [];
        IReadOnlyList<byte[]> _known = [];

        public TextCounts Rent() => _idle.TryTake(out var counts) ? counts : new TextCounts(_known);

        public void Return(TextCounts counts) => _idle.Add(counts);

        /// <summary>From now on these texts may be counted by their numbers, too. All counts have been returned.</summary>
        public void Know(IReadOnlyList<byte[]> texts)
        {
            var all = new TextCounts(texts);
            while (_idle.TryTake(out var part))
                part.AddTo(all);
            _known = texts;
            _idle.Add(all);
        }

        /// <summary>All texts that were counted, in no order, with the sums of their counts.</summary>
        public IReadOnlyList<(byte[] Text, long Count)> Merge()
        {
            var all = new TextCounts();
            foreach (var part in _idle)
                part.AddTo(all);
            return Array.ConvertAll(all._entries[..all._count], entry => (entry.Text, entry.Count));
        }
    }
}

/// <summary>Texts as UTF-8 bytes, also those not yet copied out of where they stand.</summary>
sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)TextKey.Of(alternate).Hash;

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
