using System.Text.Json.Nodes;

namespace Gyre.Transforms.Analysis;

/// <summary>In how many examples each id occurs, and how many examples there are.</summary>
sealed record FittedDocuments(IReadOnlyList<long> With, long Count) : Fitted
{
    public override bool IsEmpty => With.Count == 0;

    public override JsonObject ToJson() => new() { ["count"] = Count, ["ids"] = With.Count };

    public override string ToString() => FormattableString.Invariant($"{With.Count} ids in {Count} examples");
}

/// <summary>Counts examples by the ids that occur in them.</summary>
sealed class DocumentsAnalyzer : Analyzer
{
    readonly List<long> _with = [];
    long _count;

    public override Observer Begin(AnalyzedBatch batch) => new Counting();

    public override void End(Observer observer)
    {
        var seen = (Counting)observer;
        _count += seen.Count;
        Add(seen.With);
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_with.Count);
        foreach (var with in _with)
            writer.Write(with);
    }

    public override void Merge(BinaryReader reader)
    {
        _count += reader.ReadInt64();
        var with = new long[reader.ReadInt32()];
        for (var id = 0; id < with.Length; id++)
            with[id] = reader.ReadInt64();
        Add(with);
    }

    public override Fitted Result() => new FittedDocuments([.. _with], _count);

    void Add(IReadOnlyList<long> with)
    {
        while (_with.Count < with.Count)
            _with.Add(0);
        for (var id = 0; id < with.Count; id++)
            _with[id] += with[id];
    }

    sealed class Counting : Observer
    {
        public List<long> With { get; } = [];

        public long Count { get; private set; }

        public override void See(AnalyzedValues values)
        {
            var distinct = new HashSet<long>();
            for (var i = 0; i < values.Examples; i++)
            {
                Count++;
                distinct.Clear();
                foreach (var id in values.Ids(0, i))
                {
                    if (id < 0 || !distinct.Add(id))
                        continue;
                    while (With.Count <= id)
                        With.Add(0);
                    With[(int)id]++;
                }
            }
        }
    }
}
