namespace Gyre.Statistics.Counting;

/// <summary>What is counted of one column in one slice.</summary>
sealed class SliceCounts
{
    readonly NumberTally? _tally;
    NumberRun? _run;

    public SliceCounts(CountedColumn column, bool isWhole, bool weighted)
    {
        if (column.IsNumber)
            _tally = new NumberTally(weighted);
        else
            (Texts, Words) = (IdTally.For(isWhole, weighted), new WordTally());
    }

    /// <summary>For reading files.</summary>
    public SliceCounts(LengthTally lengths, Tally notNumbers, NumberRun? run, IdTally? texts, WordTally? words) =>
        (Lengths, NotNumbers, _run, Texts, Words) = (lengths, notNumbers, run, texts, words);

    /// <summary>How many values examples have.</summary>
    public LengthTally Lengths { get; } = new();

    /// <summary>Values that are NaN.</summary>
    public Tally NotNumbers { get; private set; }

    public IdTally? Texts { get; }

    public WordTally? Words { get; }

    public void AddNumber(long key, Tally examples) => _tally!.Add(key, examples);

    public void AddNotNumber(Tally examples)
    {
        var nan = NotNumbers;
        nan.Add(examples);
        NotNumbers = nan;
    }

    /// <summary>The numbers; after this no more are added one by one.</summary>
    public NumberRun Numbers() => _run ??= _tally!.Take();

    /// <summary>Adds what another counted of the same column.</summary>
    /// <param name="other">The other.</param>
    /// <param name="ids">What its texts are called here.</param>
    public void Add(SliceCounts other, int[] ids)
    {
        Lengths.Add(other.Lengths);
        AddNotNumber(other.NotNumbers);
        if (Texts is null)
        {
            _run = NumberRun.Merge(Numbers(), other.Numbers());
            return;
        }

        foreach (var (id, tally) in other.Texts!.All())
            Texts.Add(ids[id], tally);
        Words!.Add(other.Words!);
    }

    /// <summary>Numbers counted as whole ones become real ones.</summary>
    public void MakeReal() => _run = Numbers().ToReal();
}
