using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>Shows how a schema's text would change, as TFX's <c>DiffRegion</c>s: what is equal far from any change is hidden.</summary>
sealed class SchemaTextDifference(Schema baseline)
{
    readonly string[] _lines = LinesOf(baseline);

    /// <summary>The regions in order; none when nothing changes.</summary>
    public IReadOnlyList<DiffRegion> RegionsOf(Schema changed) => LineDifference.Regions(_lines, LinesOf(changed));

    static string[] LinesOf(Schema schema) => TextPrinter.Print(schema).Split('\n');
}

/// <summary>Compares two lists of lines by the shortest edit script (E. Myers, 1986).</summary>
static class LineDifference
{
    /// <summary>How many equal lines are shown beside a change.</summary>
    const int Context = 3;

    /// <summary>Beyond this many edits, the middle counts as changed as a whole: it is no small correction then.</summary>
    const int MostEdits = 600;

    public static IReadOnlyList<DiffRegion> Regions(string[] left, string[] right)
    {
        if (left.AsSpan().SequenceEqual(right))
            return [];
        var regions = new List<DiffRegion>();
        var (leftAt, rightAt) = (0, 0);
        foreach (var (leftStart, rightStart, length) in Matches(left, right).Append((left.Length, right.Length, 0)))
        {
            AddChange(regions, left, right, leftAt..leftStart, rightAt..rightStart);
            AddEqual(regions, left, leftStart, rightStart, length, isFirst: leftStart == 0, isLast: leftStart + length == left.Length);
            (leftAt, rightAt) = (leftStart + length, rightStart + length);
        }

        return regions;
    }

    static void AddChange(List<DiffRegion> regions, string[] left, string[] right, Range removed, Range added)
    {
        var (gone, come) = (left[removed], right[added]);
        if (gone.Length > 0 && come.Length > 0)
        {
            var changed = new ChangedRegion { LeftStart = removed.Start.Value, RightStart = added.Start.Value };
            changed.LeftContents.AddRange(gone);
            changed.RightContents.AddRange(come);
            regions.Add(new DiffRegion { Changed = changed });
        }
        else if (gone.Length > 0)
        {
            regions.Add(new DiffRegion { Removed = new OneSideRegion { Start = removed.Start.Value, Contents = { gone } } });
        }
        else if (come.Length > 0)
        {
            regions.Add(new DiffRegion { Added = new OneSideRegion { Start = added.Start.Value, Contents = { come } } });
        }
    }

    static void AddEqual(List<DiffRegion> regions, string[] left, int leftStart, int rightStart, int length, bool isFirst, bool isLast)
    {
        if (length == 0)
            return;
        var (head, tail) = (isFirst ? 0 : Math.Min(Context, length), isLast ? 0 : Math.Min(Context, length));
        if (head + tail >= length)
            (head, tail) = (length, 0);
        Show(0, head);
        if (length - head - tail is > 0 and var size)
            regions.Add(new DiffRegion { Hidden = new HiddenRegion { LeftStart = leftStart + head, RightStart = rightStart + head, Size = size } });
        Show(length - tail, tail);

        void Show(int offset, int count)
        {
            if (count > 0)
                regions.Add(new DiffRegion { Unchanged = new UnchangedRegion { LeftStart = leftStart + offset, RightStart = rightStart + offset, Contents = { left.Skip(leftStart + offset).Take(count) } } });
        }
    }

    /// <summary>Runs of equal lines, in order.</summary>
    static List<(int Left, int Right, int Length)> Matches(string[] left, string[] right)
    {
        var start = left.AsSpan().CommonPrefixLength(right, StringComparer.Ordinal);
        var end = 0;
        while (end < Math.Min(left.Length, right.Length) - start && left[^(end + 1)] == right[^(end + 1)])
            end++;
        var matches = new List<(int Left, int Right, int Length)> { (0, 0, start) };
        foreach (var (x, y) in Common(left[start..^end], right[start..^end]))
        {
            if (matches[^1] is var last && last.Left + last.Length == start + x && last.Right + last.Length == start + y)
                matches[^1] = last with { Length = last.Length + 1 };
            else
                matches.Add((start + x, start + y, 1));
        }

        matches.Add((left.Length - end, right.Length - end, end));
        return matches;
    }

    static List<(int X, int Y)> Common(string[] left, string[] right)
    {
        var furthest = new Dictionary<int, int> { [1] = 0 };
        var trace = new List<Dictionary<int, int>>();
        for (var edits = 0; edits <= Math.Min(left.Length + right.Length, MostEdits); edits++)
        {
            trace.Add(new Dictionary<int, int>(furthest));
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var down = diagonal == -edits || (diagonal != edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
                var x = down ? furthest[diagonal + 1] : furthest[diagonal - 1] + 1;
                while (x < left.Length && x - diagonal < right.Length && left[x] == right[x - diagonal])
                    x++;
                furthest[diagonal] = x;
                if (x >= left.Length && x - diagonal >= right.Length)
                    return Backtrack(trace, left.Length, right.Length);
            }
        }

        return [];
    }

    static List<(int X, int Y)> Backtrack(List<Dictionary<int, int>> trace, int x, int y)
    {
        var common = new List<(int X, int Y)>();
        for (var edits = trace.Count - 1; edits >= 0; edits--)
        {
            var (furthest, diagonal) = (trace[edits], x - y);
            var down = diagonal == -edits || (diagonal != edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
            var previous = down ? diagonal + 1 : diagonal - 1;
            var fromX = furthest[previous];
            var fromY = fromX - previous;
            while (x > Math.Max(fromX, 0) && y > Math.Max(fromY, 0))
                common.Add((--x, --y));
            if (edits > 0)
                (x, y) = (fromX, fromY);
        }

        common.Reverse();
        return common;
    }
}
