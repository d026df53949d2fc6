using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Gyre.Statistics.Counting;

/// <summary>How often a word occurs, and in how many texts.</summary>
[StructLayout(LayoutKind.Auto)]
record struct WordCount(long Occurrences, long Texts);

/// <summary>Counts the words of free texts. Words of more than 64 bytes are counted, but not told apart.</summary>
sealed class WordTally
{
    public const int LongestListed = 64;
    const int LongestInKeys = TextEntry.LongestInKeys;

    readonly Dictionary<string, Entry> _longWords = new(StringComparer.Ordinal);
    readonly Dictionary<long, long> _wordsPerText = [];
    readonly long[] _lengths = new long[LongestListed + 1];
    Entry[] _entries = new Entry[64];
    int _distinct;
    long _text;
    long _wordsOfText;
    long _times;

    public bool IsEmpty => _wordsPerText.Count == 0;

    /// <summary>How many distinct words there are, of at most 64 bytes.</summary>
    public long Distinct => _distinct + _longWords.Count;

    /// <summary>How many words have each number of characters; the last place is for that many and more.</summary>
    public ReadOnlySpan<long> Lengths => _lengths;

    /// <summary>How many texts have each number of words, ascending.</summary>
    public IReadOnlyList<(long Words, long Texts)> WordsPerText => [.. _wordsPerText.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];

    /// <param name="text">Valid UTF-8.</param>
    /// <param name="times">How often the text occurs.</param>
    public void Add(ReadOnlySpan<byte> text, long times)
    {
        _text++;
        (_wordsOfText, _times) = (0, times);
        var taker = new Taker(this);
        WordScan.Run(text, ref taker);
        CollectionsMarshal.GetValueRefOrAddDefault(_wordsPerText, _wordsOfText, out _) += times;
    }

    public void Add(WordTally other)
    {
        foreach (var (word, count) in other.All())
            Restore(word, count);
        foreach (var (words, texts) in other._wordsPerText)
            CollectionsMarshal.GetValueRefOrAddDefault(_wordsPerText, words, out _) += texts;
        for (var i = 0; i < _lengths.Length; i++)
            _lengths[i] += other._lengths[i];
    }

    /// <summary>Takes what another tally had written down; for reading files.</summary>
    public void Restore(string word, WordCount count)
    {
        ref var entry = ref Find(word);
        entry.Occurrences += count.Occurrences;
        entry.Texts += count.Texts;
    }

    public void Restore(ReadOnlySpan<long> lengths, IEnumerable<(long Words, long Texts)> wordsPerText)
    {
        lengths.CopyTo(_lengths);
        foreach (var (words, texts) in wordsPerText)
            _wordsPerText[words] = texts;
    }

    /// <summary>The words, in no order that means anything.</summary>
    public IEnumerable<(string Word, WordCount Count)> All()
    {
        foreach (var entry in _entries)
        {
            if (entry.Occurrences > 0)
                yield return (WordOf(entry), new WordCount(entry.Occurrences, entry.Texts));
        }

        foreach (var (word, entry) in _longWords)
            yield return (word, new WordCount(entry.Occurrences, entry.Texts));
    }

    static string WordOf(Entry entry)
    {
        Span<ulong> keys = [entry.Low, entry.High];
        var bytes = MemoryMarshal.AsBytes(keys);
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    ref Entry Find(string word)
    {
        Span<byte> bytes = stackalloc byte[LongestInKeys];
        if (!Encoding.UTF8.TryGetBytes(word, bytes, out var length))
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_longWords, word, out _);
        var (low, high) = TextTable.Padded(bytes[..length]);
        return ref Find(low, high);
    }

    ref Entry Find(ulong low, ulong high)
    {
        while (true)
        {
            var mask = _entries.Length - 1;
            var at = Start(low, high) & mask;
            while (_entries[at].Low != 0)
            {
                if (_entries[at].Low == low && _entries[at].High == high)
                    return ref _entries[at];
                at = (at + 1) & mask;
            }

            if (_distinct * 2 <= mask)
            {
                _distinct++;
                (_entries[at].Low, _entries[at].High) = (low, high);
                return ref _entries[at];
            }

            Grow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Start(ulong low, ulong high) => (int)(TextTable.Mix(low ^ BitOperations.RotateLeft(high, 23)) >> 33);

    /// <summary>Makes room for so many more words, so that entries stay where they are meanwhile.</summary>
    void Reserve(int words)
    {
        while ((_distinct + words) * 2 > _entries.Length)
            Grow();
    }

    void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 2];
        _distinct = 0;
        foreach (var entry in old)
        {
            if (entry.Low != 0)
                Find(entry.Low, entry.High) = entry;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Count(ref Entry entry)
    {
        entry.Occurrences += _times;
        entry.Texts += entry.LastText == _text ? 0 : _times;
        entry.LastText = _text;
    }

    void Measure(int characters)
    {
        _wordsOfText++;
        _lengths[Math.Min(characters, LongestListed)] += _times;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        /// <summary>Up to 16 bytes of the word, padded with zeros; no word begins with a zero.</summary>
        public ulong Low;
        public ulong High;
        public long Occurrences;
        public long Texts;
        public long LastText;
    }

    /// <summary>A word on its way into the table.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Key
    {
        public ulong Low;
        public ulong High;

        /// <summary>Where its entry is, most often.</summary>
        public int At;
    }

    readonly struct Taker(WordTally tally) : WordScan.ITaker
    {
        /// <summary>Of letters it makes small ones; digits have that bit already.</summary>
        const byte SmallLetter = 0x20;

        /// <summary>From the sixteenth place but n on, a mask of the first n bytes.</summary>
        static ReadOnlySpan<byte> Masks =>
            [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        /// <summary>Entries lie all over memory: those of all words are asked for before the first is looked at.</summary>
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public unsafe void TakeAscii(ReadOnlySpan<byte> text, ReadOnlySpan<int> turns)
        {
            Span<Key> keys = stackalloc Key[WordScan.MostWords];
            tally.Reserve(turns.Length / 2);
            tally._wordsOfText += turns.Length / 2;
            var (entries, lengths, times) = (tally._entries, tally._lengths, tally._times);
            var count = 0;
            for (var turn = 0; turn + 1 < turns.Length; turn += 2)
            {
                var (start, length) = (turns[turn], turns[turn + 1] - turns[turn]);
                lengths[Math.Min(length, LongestListed)] += times;
                if (length > LongestInKeys)
                {
                    TakeLong(text.Slice(start, length));
                    continue;
                }

                var word = Load(text, start, length).AsUInt64();
                ref var key = ref keys[count++];
                (key.Low, key.High) = (word[0], word[1]);
                key.At = Start(key.Low, key.High) & (entries.Length - 1);
                if (Sse.IsSupported)
                    Sse.Prefetch0(Unsafe.AsPointer(ref entries[key.At]));
            }

            foreach (ref readonly var key in keys[..count])
            {
                ref var entry = ref entries[key.At];
                if (((entry.Low ^ key.Low) | (entry.High ^ key.High)) != 0)
                    entry = ref tally.Find(key.Low, key.High);
                tally.Count(ref entry);
            }
        }

        public void Take(ReadOnlySpan<byte> word, int characters)
        {
            tally.Measure(characters);
            if (word.Length <= LongestInKeys)
            {
                var (low, high) = TextTable.Padded(word);
                tally.Count(ref tally.Find(low, high));
            }
            else if (word.Length <= LongestListed)
            {
                tally.Count(ref CollectionsMarshal.GetValueRefOrAddDefault(tally._longWords, Encoding.UTF8.GetString(word), out _));
            }
        }

        void TakeLong(ReadOnlySpan<byte> word)
        {
            if (word.Length <= LongestListed)
                tally.Count(ref CollectionsMarshal.GetValueRefOrAddDefault(tally._longWords, Encoding.ASCII.GetString(word).ToLowerInvariant(), out _));
        }

        /// <summary>Up to sixteen letters and digits in lower case, padded with zeros.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<byte> Load(ReadOnlySpan<byte> text, int start, int length)
        {
            Vector128<byte> bytes;
            if (start + LongestInKeys <= text.Length)
            {
                bytes = Vector128.Create(text.Slice(start, LongestInKeys));
            }
            else
            {
                var (low, high) = TextTable.Padded(text.Slice(start, length));
                bytes = Vector128.Create(low, high).AsByte();
            }

            return (bytes | Vector128.Create(SmallLetter)) & Vector128.Create(Masks.Slice(LongestInKeys - length, LongestInKeys));
        }
    }
}
