using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Gyre.Transforms.Analysis;

/// <summary>Counts texts in UTF-8. The empty one counts as missing and is left out.</summary>
sealed class TextCounts
{
    readonly Dictionary<byte[], long> _counts = new(Utf8Comparer.Instance);
    readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    readonly IReadOnlyList<byte[]> _known;
    readonly long[] _knownCounts;

    TextCounts(IReadOnlyList<byte[]> known)
    {
        _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        _known = known;
        _knownCounts = new long[known.Count];
    }

    public void Add(ReadOnlySpan<byte> text, long count = 1)
    {
        if (!text.IsEmpty)
            CollectionsMarshal.GetValueRefOrAddDefault(_lookup, text, out _) += count;
    }

    /// <summary>Counts one of the texts that are known by number.</summary>
    public void AddKnown(long number) => _knownCounts[number]++;

    void AddTo(TextCounts all)
    {
        foreach (var (text, count) in _counts)
            CollectionsMarshal.GetValueRefOrAddDefault(all._counts, text, out _) += count;
        for (var i = 0; i < _knownCounts.Length; i++)
        {
            if (_knownCounts[i] > 0)
                CollectionsMarshal.GetValueRefOrAddDefault(all._counts, _known[i], out _) += _knownCounts[i];
        }
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

        /// <summary>The sums of all that was counted.</summary>
        public IReadOnlyDictionary<byte[], long> Merge()
        {
            var all = new TextCounts([]);
            foreach (var part in _idle)
                part.AddTo(all);
            return all._counts;
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

    // FNV-1a: tokens are a few bytes long.
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = 2166136261u;
        foreach (var value in alternate)
            hash = (hash ^ value) * 16777619u;
        return (int)hash;
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
