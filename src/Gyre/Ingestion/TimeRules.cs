namespace Gyre.Ingestion;

/// <summary>A rule that goes by the moment in one column.</summary>
abstract class MomentRule(string column) : SplitRule
{
    /// <summary>The moment of the row, or null when it was refused.</summary>
    protected Moment? Found { get; private set; }

    public override IReadOnlyList<string> Columns { get; } = [column];

    public override void Add(ReadOnlySpan<byte> value)
    {
        Found = Moment.Parse(value);
        if (Found is null)
            Refusal = $"'{System.Text.Encoding.UTF8.GetString(value[..Math.Min(value.Length, 40)])}' in column '{column}', by which the splits are made. Expected {Moment.Expected}: correct the value";
    }

    public override void AddMissing()
    {
        Found = null;
        Refusal = $"no value in column '{column}', by whose time the splits are made. Expected {Moment.Expected}: add the value, or leave such rows out with RequireValues";
    }

    protected void RefuseKind(bool isDate) =>
        Refusal = $"a {(isDate ? "number" : "date")} in column '{column}', where {(isDate ? "dates" : "numbers")} are compared. Expected {(isDate ? "an ISO date such as 2015-03-01" : "a number")}: correct the value, or the ends of the splits";
}

/// <summary>Sends rows to splits by moments at which splits end.</summary>
sealed class TimeRule(string column, IReadOnlyList<Moment> ends) : MomentRule(column)
{
    public override int Decide()
    {
        if (Found is not { } moment)
            return Refused;
        for (var split = 0; split < ends.Count; split++)
        {
            if (ends[split].IsDate != moment.IsDate)
            {
                RefuseKind(ends[split].IsDate);
                return Refused;
            }

            if (moment.Order < ends[split].Order)
                return split;
        }

        return ends.Count;
    }
}

/// <summary>Sends the oldest rows to the first split and the newest to the last.</summary>
sealed class TimeShareRule(string column, IReadOnlyList<int> shares) : MomentRule(column)
{
    readonly List<long> _moments = [];
    bool? _isDate;

    public override bool IsLate => true;

    public override int Decide()
    {
        if (Found is not { } moment)
            return Refused;
        _isDate ??= moment.IsDate;
        if (_isDate != moment.IsDate)
        {
            RefuseKind(_isDate.Value);
            return Refused;
        }

        _moments.Add(moment.Order);
        return Later;
    }

    public override int[] DecideAll()
    {
        // For each split but the last the first moment that belongs to the next.
        var ends = new List<long>();
        var ordered = _moments.Order().ToList();
        long before = 0;
        foreach (var share in shares.SkipLast(1))
        {
            before += share;
            ends.Add(End(ordered, before));
        }

        return [.. _moments.Select(moment => ends.FindIndex(end => moment < end) is var split and >= 0 ? split : ends.Count)];
    }

    /// <summary>The moment at which to cut so that the rows before it are nearest to a share; of two that are as near the later.</summary>
    long End(List<long> ordered, long before)
    {
        var target = (double)ordered.Count * before / shares.Sum(share => (long)share);
        var at = Math.Clamp((int)target, 0, ordered.Count - 1);
        var moment = ordered[at];
        var (first, behind) = (First(ordered, moment), First(ordered, moment, behind: true));
        if (behind == ordered.Count)
            return first > 0 ? moment : long.MaxValue;
        return first > 0 && target - first < behind - target ? moment : ordered[behind];
    }

    /// <summary>The position of the first row of a moment, or of the first behind it.</summary>
    static int First(List<long> ordered, long moment, bool behind = false)
    {
        var (low, high) = (0, ordered.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ordered[middle] < moment || (behind && ordered[middle] == moment))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
