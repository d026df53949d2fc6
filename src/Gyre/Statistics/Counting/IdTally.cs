using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>How often each of a column's distinct texts occurs in a slice.</summary>
abstract class IdTally
{
    /// <summary>Counts by position, where nearly every text occurs; by key, where a slice holds few of them.</summary>
    public static IdTally For(bool isWhole, bool weighted) => isWhole ? new Dense(weighted) : new Sparse();

    public abstract void Add(int id, Tally examples);

    /// <summary>The texts that occur, ascending by number.</summary>
    public abstract IEnumerable<(int Id, Tally Tally)> All();

    sealed class Dense(bool weighted) : IdTally
    {
        long[] _counts = new long[16];
        Int128[] _weights = weighted ? new Int128[16] : [];

        public override void Add(int id, Tally examples)
        {
            if (id >= _counts.Length)
            {
                var length = Math.Max(id + 1, _counts.Length * 2);
                Array.Resize(ref _counts, length);
                if (weighted)
                    Array.Resize(ref _weights, length);
            }

            _counts[id] += examples.Count;
            if (weighted)
                _weights[id] += examples.Weight;
        }

        public override IEnumerable<(int Id, Tally Tally)> All()
        {
            for (var id = 0; id < _counts.Length; id++)
            {
                if (_counts[id] > 0)
                    yield return (id, new Tally(_counts[id], weighted ? _weights[id] : 0));
            }
        }
    }

    sealed class Sparse : IdTally
    {
        readonly Dictionary<int, Tally> _tallies = [];

        public override void Add(int id, Tally examples) =>
            CollectionsMarshal.GetValueRefOrAddDefault(_tallies, id, out _).Add(examples);

        public override IEnumerable<(int Id, Tally Tally)> All() => _tallies.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));
    }
}
