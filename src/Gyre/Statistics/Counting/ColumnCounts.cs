namespace Gyre.Statistics.Counting;

/// <summary>What is counted of one column, in all slices: the distinct texts once, and for each slice how often they occur.</summary>
sealed class ColumnCounts : IDisposable
{
    readonly SharedFile? _file;

    /// <param name="column">The column.</param>
    /// <param name="weighted">Whether examples have weights.</param>
    /// <param name="file">Where long texts are put; null where none are added one by one.</param>
    public ColumnCounts(CountedColumn column, bool weighted, SharedFile? file)
    {
        (Column, IsWeighted, _file) = (column, weighted, file);
        Texts = column.IsNumber ? null : new TextTable(file, column.Kind == ValueKind.Bytes);
        Slices[SliceKeys.AllExamples] = new SliceCounts(column, isWhole: true, weighted);
    }

    public CountedColumn Column { get; private set; }

    public bool IsWeighted { get; }

    /// <summary>The distinct texts; null for numbers.</summary>
    public TextTable? Texts { get; private set; }

    /// <summary>By the name of the slice.</summary>
    public Dictionary<string, SliceCounts> Slices { get; } = new(StringComparer.Ordinal);

    public SliceCounts Whole => Slices[SliceKeys.AllExamples];

    bool HasNoValue => Whole.NotNumbers.Count == 0 && Whole.Lengths.Sorted().All(length => length.Length == 0);

    public SliceCounts Slice(string name)
    {
        if (!Slices.TryGetValue(name, out var slice))
            Slices[name] = slice = new SliceCounts(Column, isWhole: name == SliceKeys.AllExamples, IsWeighted);
        return slice;
    }

    /// <summary>Adds what was counted elsewhere. A column without any value takes on the other's type.</summary>
    public void Add(ColumnCounts other)
    {
        if (other.Column.IsNumber != Column.IsNumber)
        {
            if (HasNoValue)
                BecomeLike(other.Column);
            else if (other.HasNoValue)
                other.BecomeLike(Column);
        }

        var column = Column.With(other.Column);
        MakeReal(column);
        other.MakeReal(column);
        Column = column;
        var ids = Texts?.Add(other.Texts!) ?? [];
        foreach (var (name, counts) in other.Slices)
            Slice(name).Add(counts, ids);
    }

    /// <summary>Counts words of the short texts, each once with how often it occurs. Those of longer ones were counted as they came.</summary>
    public void CountShortTexts()
    {
        if (Texts is null)
            return;
        Span<byte> buffer = stackalloc byte[TextEntry.LongestInMemory];
        foreach (var slice in Slices.Values)
        {
            foreach (var (id, tally) in slice.Texts!.All())
            {
                ref readonly var entry = ref Texts.Entries[id];
                if (entry.Length > TextEntry.LongestInMemory || !entry.Traits.HasFlag(TextTraits.LikeLanguage))
                    continue;
                Texts.Read(entry, buffer[..entry.Length]);
                slice.Words!.Add(buffer[..entry.Length], tally.Count);
            }
        }
    }

    public void Dispose() => Texts?.Dispose();

    void MakeReal(CountedColumn target)
    {
        if (Column.Kind != ValueKind.Integer || target.Kind != ValueKind.Real)
            return;
        foreach (var slice in Slices.Values)
            slice.MakeReal();
    }

    void BecomeLike(CountedColumn other)
    {
        var lengths = Slices.Select(slice => (slice.Key, slice.Value.Lengths)).ToList();
        Texts?.Dispose();
        Column = Column with { Kind = other.Kind };
        Texts = Column.IsNumber ? null : new TextTable(_file, Column.Kind == ValueKind.Bytes);
        Slices.Clear();
        foreach (var (name, tally) in lengths)
            Slice(name).Lengths.Add(tally);
    }
}
