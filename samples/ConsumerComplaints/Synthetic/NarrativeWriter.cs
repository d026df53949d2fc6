using System.Numerics;
using System.Text;
using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>Composes narratives out of the grammar's sentences. Not thread-safe.</summary>
sealed class NarrativeWriter
{
    // Lengths in characters are log-normal about; with these figures the mean is near 1,000, as among the real ones.
    const double MedianLength = 730;
    const double LengthDeviation = 0.7;
    const double ShortestTarget = 40, LongestTarget = 9_000;

    // For each telling word that a narrative uses, the share of sentences that bear it: long stories repeat themselves.
    const double ShareOfOneWord = 0.2, LargestShare = 0.8;

    readonly Grammar _grammar = Grammar.Read("Narratives.txt", "TellingWords.txt");
    readonly Dictionary<string, Pool> _pools;
    readonly StringBuilder _text = new();

    public NarrativeWriter() =>
        _pools = _grammar.Lists.ToDictionary(name => name, name => new Pool(_grammar.List(name)), StringComparer.Ordinal);

    public string Write(string product, string issue, string company, Dice dice)
    {
        foreach (var pool in _pools.Values)
            pool.StartAnew();
        _text.Clear();
        var target = Math.Clamp(MedianLength * Math.Exp(LengthDeviation * dice.Normal()), ShortestTarget, LongestTarget);
        var words = DrawWords(product, dice);
        var share = Math.Min(LargestShare, ShareOfOneWord * words.Length);
        Add("open " + product, dice, company);
        for (var (due, next) = (dice.Unit(), 0); _text.Length < target;)
        {
            // Their turns come at even distances, so that how often a word stands in a story follows from its length.
            due += share;
            if (due >= 1)
                Add(words[next++ % words.Length], dice, company);
            else
                Add(NeutralList(product, issue, dice), dice, company);
            due -= Math.Floor(due);
        }

        if (dice.Chance(0.4))
            Add("close", dice, company);
        var text = _text.ToString();
        return dice.Chance(0.015) ? text.ToUpperInvariant() : text;
    }

    string NeutralList(string product, string issue, Dice dice) =>
        dice.Chance(0.1) && _pools.ContainsKey("issue " + issue) ? "issue " + issue : dice.Chance(0.5) ? "body " + product : "common";

    /// <summary>The lists of the telling words that the narrative is to use.</summary>
    static string[] DrawWords(string product, Dice dice)
    {
        var words = DisputeFormula.Words.Where(word => dice.Chance(word.UseIn(product))).Select(word => "word " + word.Text).ToArray();
        dice.Shuffle<string>(words);
        return words;
    }

    void Add(string list, Dice dice, string company)
    {
        if (_text.Length > 0)
            _text.Append(' ');
        var start = _text.Length;
        _grammar.Write(_text, _pools[list].Draw(dice), dice, company);
        _text[start] = char.ToUpperInvariant(_text[start]);
    }

    /// <summary>Sentences of which none comes twice before all have come.</summary>
    sealed class Pool(IReadOnlyList<Phrase> phrases)
    {
        ulong _used;

        public void StartAnew() => _used = 0;

        public Phrase Draw(Dice dice)
        {
            if (BitOperations.PopCount(_used) == phrases.Count)
                _used = 0;
            var position = dice.Below(phrases.Count);
            while ((_used & (1UL << position)) != 0)
                position = (position + 1) % phrases.Count;
            _used |= 1UL << position;
            return phrases[position];
        }
    }
}
