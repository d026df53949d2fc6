using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Gyre.Transforms;

/// <summary>Counts texts in UTF-8. The empty one counts as missing and is left out.</summary>
sealed class TextCounts
{
    readonly Dictionary<byte[], long> _counts = new(Utf8Comparer.Instance);
    readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public TextCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    public void Add(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
            CollectionsMarshal.GetValueRefOrAddDefault(_lookup, text, out _)++;
    }

    /// <summary>Counts of several threads, each of which has its own until it gives it back. Sums do not depend on who counted.</summary>
    public sealed class Pool
    {
        readonly ConcurrentBag<TextCounts> _idle = [];

        public TextCounts Rent() => _idle.TryTake(out var counts) ? counts : new TextCounts();

        public void Return(TextCounts counts) => _idle.Add(counts);

        /// <summary>The sums of all that was counted.</summary>
        public IReadOnlyDictionary<byte[], long> Merge()
        {
            var all = new TextCounts();
            foreach (var part in _idle)
            {
                foreach (var (text, count) in part._counts)
                    CollectionsMarshal.GetValueRefOrAddDefault(all._counts, text, out _) += count;
            }

            return all._counts;
        }
    }

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
}
