using System.Runtime.InteropServices;
using System.Text;
using Gyre.Statistics.Counting;

namespace Gyre.Statistics.Describing;

/// <summary>
/// The most frequent texts. Of equal frequency, the one that is greater byte by byte comes first, as in TensorFlow Data
/// Validation. Texts of more than 1,024 bytes stand together under one label, those that are no UTF-8 under another.
/// </summary>
sealed class TextRanking(TextTable texts)
{
    readonly Dictionary<int, byte[]> _read = [];

    /// <param name="counts">How often texts occur.</param>
    /// <param name="frequency">What the ranking goes by.</param>
    /// <param name="threshold">What is less frequent is left out.</param>
    /// <param name="most">How many to list.</param>
    public IReadOnlyList<(string Text, double Frequency)> Of(IdTally counts, Func<Tally, double> frequency, double threshold, int most)
    {
        _read.Clear();
        Tally longTexts = default, noTexts = default;
        var best = new PriorityQueue<int, Candidate>(Comparer<Candidate>.Create(Compare));
        foreach (var (id, tally) in counts.All())
        {
            ref readonly var entry = ref texts.Entries[id];
            if (entry.Traits.HasFlag(TextTraits.InvalidUtf8))
            {
                noTexts.Add(tally);
            }
            else if (entry.Length > TextEntry.LongestKept)
            {
                longTexts.Add(tally);
            }
            else if (most > 0)
            {
                var candidate = new Candidate(frequency(tally), entry.Prefix, id);
                if (candidate.Frequency < threshold)
                    continue;
                if (best.Count < most)
                    best.Enqueue(id, candidate);
                else if (best.TryPeek(out _, out var least) && Compare(candidate, least) > 0)
                    _read.Remove(best.EnqueueDequeue(id, candidate));
            }
        }

        var found = best.UnorderedItems.Select(item => (Text: Encoding.UTF8.GetString(texts.Text(item.Element)), item.Priority.Frequency)).ToList();
        foreach (var (label, tally) in new[] { (TextColumn.LongTexts, longTexts), (TextColumn.NoTexts, noTexts) })
        {
            if (tally.Count > 0 && frequency(tally) >= threshold)
                found.Add((label, frequency(tally)));
        }

        return [.. found.OrderByDescending(item => item.Frequency).ThenByDescending(item => item.Text, TextColumn.Utf8Order).Take(most)];
    }

    /// <summary>Texts are read only where their first eight bytes do not decide.</summary>
    int Compare(Candidate one, Candidate other)
    {
        var byFrequency = one.Frequency.CompareTo(other.Frequency);
        if (byFrequency != 0)
            return byFrequency;
        var byPrefix = one.Prefix.CompareTo(other.Prefix);
        return byPrefix != 0 || one.Id == other.Id ? byPrefix : Read(one.Id).AsSpan().SequenceCompareTo(Read(other.Id));
    }

    byte[] Read(int id)
    {
        if (!_read.TryGetValue(id, out var text))
        {
            text = texts.Text(id);
            if (_read.Count > 10_000)
                _read.Clear();
            _read[id] = text;
        }

        return text;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Candidate(double Frequency, ulong Prefix, int Id);
}
