using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
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
            var at = (int)(TextTable.Mix(low ^ BitOperations.RotateLeft(high, 23)) >> 33) & mask;
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

    void Count(ref Entry entry)
    {
        entry.Occurrences += _times;
        if (entry.LastText == _text)
            return;
        entry.LastText = _text;
        entry.Texts += _times;
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

    readonly struct Taker(WordTally tally) : WordScan.ITaker
    {
        const ulong SmallLetters = 0x2020202020202020;

        public void TakeAscii(ReadOnlySpan<byte> text, int start, int length)
        {
            tally.Measure(length);
            if (length <= LongestInKeys)
            {
                var (low, high) = Load(text, start, length);
                tally.Count(ref tally.Find(low, high));
            }
            else if (length <= LongestListed)
            {
                var word = Encoding.ASCII.GetString(text.Slice(start, length)).ToLowerInvariant();
                tally.Count(ref CollectionsMarshal.GetValueRefOrAddDefault(tally._longWords, word, out _));
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

        /// <summary>Letters and digits in lower case: of letters the bit 0x20 is set, digits have it already.</summary>
        static (ulong Low, ulong High) Load(ReadOnlySpan<byte> text, int start, int length)
        {
            ulong low, high;
            if (start + LongestInKeys <= text.Length)
            {
                low = BinaryPrimitives.ReadUInt64LittleEndian(text[start..]);
                high = length <= 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(text[(start + 8)..]);
            }
            else
            {
                (low, high) = TextTable.Padded(text.Slice(start, length));
            }

            return length <= 8
                ? ((low | SmallLetters) & Low(length), 0)
                : (low | SmallLetters, (high | SmallLetters) & Low(length - 8));
        }

        /// <summary>A mask of the first bytes.</summary>
        static ulong Low(int bytes) => bytes == 8 ? ulong.MaxValue : (1UL << (8 * bytes)) - 1;
    }
}
