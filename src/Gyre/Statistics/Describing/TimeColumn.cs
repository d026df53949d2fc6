using System.Text;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Describing;

/// <summary>Finds columns of texts that are dates or times.</summary>
static class TimeColumn
{
    /// <summary>The domain, the share of values in it, the earliest and the latest; nothing when it is no such column.</summary>
    public static IReadOnlyList<CustomStatistic> CustomOf(TextTable texts, IdTally counts, long values, StatisticsOptions options)
    {
        var matching = new long[TimeFormats.All.Count];
        var misses = 0L;
        Span<byte> buffer = stackalloc byte[TimeFormats.Longest];
        foreach (var (id, tally) in counts.All())
        {
            ref readonly var entry = ref texts.Entries[id];
            var before = misses;
            misses += tally.Count;
            if (entry.Length is 0 or > TimeFormats.Longest)
                continue;
            texts.Read(entry, buffer[..entry.Length]);
            if (TimeFormats.Count(buffer[..entry.Length], tally.Count, matching))
                misses = before;
            if (values - misses < TimeFormats.LeastShare * values)
                return [];
        }

        var best = Array.IndexOf(matching, matching.Max());
        if (matching[best] < TimeFormats.LeastShare * values)
            return [];
        var format = TimeFormats.All[best];
        var result = new List<CustomStatistic>
        {
            new() { Name = CustomNames.Domain(options), Str = $"time_domain {{string_format: '{format}'}}" },
            new() { Name = CustomNames.TimeShare, Num = (double)matching[best] / values },
        };
        (long Key, string Text)? earliest = null, latest = null;
        foreach (var (id, _) in counts.All())
        {
            if (texts.Entries[id].Length is 0 or > TimeFormats.Longest)
                continue;
            var text = texts.Text(id);
            if (TimeFormats.Parse(format, text) is not { } key)
                continue;
            if (earliest is null || key < earliest.Value.Key)
                earliest = (key, Encoding.UTF8.GetString(text));
            if (latest is null || key > latest.Value.Key)
                latest = (key, Encoding.UTF8.GetString(text));
        }

        if (earliest is not null)
            result.Add(new CustomStatistic { Name = CustomNames.Earliest, Str = earliest.Value.Text });
        if (latest is not null)
            result.Add(new CustomStatistic { Name = CustomNames.Latest, Str = latest.Value.Text });
        return result;
    }
}
