using System.Text;

namespace Gyre.Statistics.Sketches;

/// <summary>
/// Counts the texts that are frequent, after Misra and Gries ("Finding repeated elements", 1982), merged as Agarwal and
/// others ("Mergeable summaries", 2012): when there are more counters than fit, all are lowered by the greatest that must
/// go. So a count is never too high, and too low by no more than what was subtracted in all, which is at most n / size.
/// </summary>
sealed class FrequentTexts
{
    readonly int _size;
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    char[] _buffer = new char[1024];

    /// <param name="size">How many texts are counted.</param>
    public FrequentTexts(int size)
    {
        _size = size;
        _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All texts taken.</summary>
    public long Count { get; private set; }

    /// <summary>No count is short by more than this; a text that is not listed stands at most so often.</summary>
    public long CountError { get; private set; }

    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _buffer.Length)
            _buffer = new char[utf8.Length];
        var text = _buffer.AsSpan(0, Encoding.UTF8.GetChars(utf8, _buffer));
        Count++;
        _lookup[text] = _lookup.TryGetValue(text, out var count) ? count + 1 : 1;
        if (_counts.Count >= 2 * _size)
            Lower();
    }

    public void Merge(FrequentTexts other)
    {
        if (other._size != _size)
            throw new ArgumentException($"A sketch of size {other._size} cannot be merged into one of size {_size}. Expected equal sizes.", nameof(other));
        Count += other.Count;
        CountError += other.CountError;
        foreach (var (text, count) in other._counts)
            _counts[text] = _counts.GetValueOrDefault(text) + count;
        if (_counts.Count >= 2 * _size)
            Lower();
    }

    /// <summary>The most frequent texts first; of equal ones the one that is greater byte by byte.</summary>
    public IReadOnlyList<(string Text, long Count)> Top(int most) =>
        [.. _counts.Select(item => (Text: item.Key, Count: item.Value)).OrderByDescending(item => item.Count).ThenByDescending(item => item.Text, TextColumn.Utf8Order).Take(most)];

    public void Write(BinaryWriter writer)
    {
        writer.Write(_size);
        writer.Write(Count);
        writer.Write(CountError);
        writer.Write(_counts.Count);
        foreach (var (text, count) in _counts.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            writer.Write(text);
            writer.Write(count);
        }
    }

    public static FrequentTexts Read(BinaryReader reader)
    {
        var result = new FrequentTexts(reader.ReadInt32()) { Count = reader.ReadInt64(), CountError = reader.ReadInt64() };
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var text = reader.ReadString();
            result._counts.Add(text, reader.ReadInt64());
        }

        return result;
    }

    /// <summary>
    /// Subtracts the (size + 1)-th greatest count from all. At least size + 1 counters lose that much, so a loss of e
    /// takes e·(size + 1) texts, and losses together stay below n / size.
    /// </summary>
    void Lower()
    {
        var loss = _counts.Values.OrderDescending().ElementAt(_size);
        CountError += loss;
        foreach (var (text, count) in _counts.ToList())
        {
            if (count > loss)
                _counts[text] = count - loss;
            else
                _counts.Remove(text);
        }
    }
}
