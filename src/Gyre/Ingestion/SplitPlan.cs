using System.Text.Json.Nodes;
using Gyre.Pipelines;

namespace Gyre.Ingestion;

/// <summary>Into which splits rows are divided, and by what. Made by the methods of <see cref="Split"/>.</summary>
public abstract record SplitPlan : IParameter
{
    private protected SplitPlan()
    {
    }

    /// <summary>The names of the splits, in order.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>The columns that it names itself.</summary>
    internal virtual IReadOnlyList<string> Columns => [];

    /// <summary>Whether the splits may be decided by columns of the user's choice (<c>SplitBy</c>).</summary>
    internal virtual bool TakesSplitBy => false;

    /// <summary>Why several spans cannot be divided so each on its own; null when they can.</summary>
    internal virtual string? WhyOneSpan => null;

    JsonNode IParameter.ToParameter() => ToParameter();

    private protected abstract JsonNode ToParameter();

    /// <summary>A rule that divides the rows of one ingestion.</summary>
    /// <param name="columns">All columns of the rows.</param>
    /// <param name="splitBy">The columns of the user's choice; null for all.</param>
    internal abstract SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy);

    /// <summary>Everything that is wrong with the plan by itself.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Names.Count == 0)
            yield return "There are no splits. Expected at least one, for example Split.ByHash((\"train\", 9), (\"eval\", 1)).";
        foreach (var name in Names.Where(name => name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
            yield return $"A split is named '{name}'. Expected letters, digits, '-' and '_', for it names a directory.";
        foreach (var same in Names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"{same.Count()} splits are named '{same.Key}'. Expected different names.";
        foreach (var column in Columns.Where(column => column.Length == 0))
            yield return "The splits are decided by a column without a name. Expected the name of a column.";
        foreach (var problem in OwnProblems())
            yield return problem;
    }

    private protected virtual IEnumerable<string> OwnProblems() => [];
}

/// <summary>Splits with shares of the rows.</summary>
abstract record SharedSplits(IReadOnlyList<Split> Shares) : SplitPlan
{
    public override IReadOnlyList<string> Names { get; } = [.. Shares.Select(split => split.Name)];

    /// <summary>For each bucket the split that it belongs to.</summary>
    protected int[] SplitOfBucket => [.. Shares.SelectMany((split, index) => Enumerable.Repeat(index, split.Buckets))];

    private protected JsonArray SharesJson => new([.. Shares.Select(split => (JsonNode)new JsonObject { ["buckets"] = split.Buckets, ["name"] = split.Name })]);

    private protected override IEnumerable<string> OwnProblems() => Shares.Where(split => split.Buckets is < 1 or > 1_000_000)
        .Select(split => $"The split '{split.Name}' has {split.Buckets} buckets. Expected 1 to 1,000,000.");
}

/// <summary>Splits by a digest of the row, or of some of its columns.</summary>
sealed record HashSplits(IReadOnlyList<Split> Shares) : SharedSplits(Shares)
{
    internal override bool TakesSplitBy => true;

    private protected override JsonNode ToParameter() => SharesJson;

    // By name, so that the order of columns in the file does not decide.
    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) =>
        new HashRule([.. (splitBy ?? columns).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], SplitOfBucket);
}

/// <summary>Splits by moments.</summary>
sealed record TimeSplits(string Column, IReadOnlyList<TimeSplit> Ends) : SplitPlan
{
    public override IReadOnlyList<string> Names { get; } = [.. Ends.Select(split => split.Name)];

    internal override IReadOnlyList<string> Columns => [Column];

    private protected override JsonNode ToParameter() => new JsonObject
    {
        ["byTime"] = Column,
        ["splits"] = new JsonArray([.. Ends.Select(split => (JsonNode)new JsonObject { ["name"] = split.Name, ["until"] = split.Until })]),
    };

    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) =>
        new TimeRule(Column, [.. Ends.Where(split => split.Until is not null).Select(split => Moment.Parse(split.Until!)!.Value)]);

    private protected override IEnumerable<string> OwnProblems()
    {
        foreach (var split in Ends.SkipLast(1).Where(split => split.Until is null))
            yield return $"The split '{split.Name}' has no end. Expected one for every split but the last, for example (\"{split.Name}\", \"2015-01-01\").";
        if (Ends is [.., { Until: not null } last])
            yield return $"The last split '{last.Name}' ends at '{last.Until}', so that later rows have no split. Expected null: (\"{last.Name}\", null).";
        var ends = Ends.Where(split => split.Until is not null).Select(split => (split.Name, Text: split.Until!, Moment: Moment.Parse(split.Until!))).ToList();
        foreach (var (name, text, _) in ends.Where(end => end.Moment is null))
            yield return $"The split '{name}' ends at '{text}'. Expected {Moment.Expected}.";
        foreach (var (first, second) in ends.Zip(ends.Skip(1)).Where(pair => pair is { First.Moment: not null, Second.Moment: not null }))
        {
            if (first.Moment!.Value.IsDate != second.Moment!.Value.IsDate)
                yield return $"'{first.Name}' ends at '{first.Text}' and '{second.Name}' at '{second.Text}', a date and a number. Expected ends of one kind.";
            else if (first.Moment.Value.Order >= second.Moment.Value.Order)
                yield return $"'{first.Name}' ends at '{first.Text}', which is not before '{second.Text}', where '{second.Name}' ends. Expected ends that rise.";
        }
    }
}

/// <summary>Splits by shares of the time.</summary>
sealed record TimeShareSplits(string Column, IReadOnlyList<Split> Shares) : SharedSplits(Shares)
{
    internal override IReadOnlyList<string> Columns => [Column];

    internal override string WhyOneSpan => "Split.ByTimeShares takes the newest rows of all, which is not the newest of each span. Split by moments with Split.ByTime, or read one span";

    private protected override JsonNode ToParameter() => new JsonObject { ["byTimeShares"] = Column, ["splits"] = SharesJson };

    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) => new TimeShareRule(Column, [.. Shares.Select(split => split.Buckets)]);
}

/// <summary>Splits with the same share of every class.</summary>
sealed record StratifiedSplits(string Column, IReadOnlyList<Split> Shares) : SharedSplits(Shares)
{
    internal override IReadOnlyList<string> Columns => [Column];

    private protected override JsonNode ToParameter() => new JsonObject { ["stratified"] = Column, ["splits"] = SharesJson };

    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) =>
        new StratifiedRule(Column, [.. columns.Order(StringComparer.Ordinal)], [.. Shares.Select(split => split.Buckets)]);
}

/// <summary>Splits that the source has already.</summary>
sealed record FolderSplits(IReadOnlyList<FolderSplit> Folders) : SplitPlan
{
    public override IReadOnlyList<string> Names { get; } = [.. Folders.Select(split => split.Name)];

    private protected override JsonNode ToParameter() => new JsonObject
    {
        ["fromFolders"] = new JsonArray([.. Folders.Select(split => (JsonNode)new JsonObject { ["name"] = split.Name, ["pattern"] = split.Pattern })]),
    };

    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) => new FolderRule();

    private protected override IEnumerable<string> OwnProblems()
    {
        foreach (var split in Folders.Where(split => split.Pattern.Length == 0))
            yield return $"The split '{split.Name}' has no pattern. Expected the path of its files below that of the component, for example \"{split.Name}/*.csv\".";
        foreach (var split in Folders.Where(split => Path.IsPathRooted(split.Pattern)))
            yield return $"The split '{split.Name}' is made of '{split.Pattern}', an absolute path. Expected a path below that of the component.";
    }
}

/// <summary>Splits as TFX makes them.</summary>
/// <param name="Shares">The splits.</param>
/// <param name="Feature">The partition feature; null for the whole example.</param>
sealed record TfxSplits(IReadOnlyList<Split> Shares, string? Feature) : SharedSplits(Shares)
{
    internal override IReadOnlyList<string> Columns => Feature is null ? [] : [Feature];

    private protected override JsonNode ToParameter() => new JsonObject { ["byTfx"] = Feature, ["splits"] = SharesJson };

    internal override SplitRule NewRule(IReadOnlyList<string> columns, IReadOnlyList<string>? splitBy) => new TfxRule(Feature, SplitOfBucket);
}
