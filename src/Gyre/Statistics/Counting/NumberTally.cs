namespace Gyre.Statistics.Counting;

/// <summary>
/// Counts numbers as they come. Few distinct ones are counted in a small table; when there are more, they are buffered,
/// sorted and merged into a run, so that memory grows with the distinct numbers (16 bytes each), not with the examples.
/// </summary>
sealed class NumberTally(bool weighted)
{
    const int MostInTable = 1 << 14;
    const int BufferLength = 1 << 20;

    readonly List<NumberRun> _runs = [];
    long[] _slots = new long[16];
    Tally[] _tallies = new Tally[16];
    int _distinct;
    bool _isBuffering;
    long[] _buffer = [];
    Int128[]? _bufferWeights;
    int _buffered;

    /// <param name="key">A number.</param>
    /// <param name="examples">Those in which it stands.</param>
    public void Add(long key, Tally examples)
    {
        if (!_isBuffering)
        {
            AddToTable(key, examples);
            return;
        }

        for (var i = 0; i < examples.Count; i++)
            Buffer(key, i == 0 ? examples.Weight : 0);
    }

    /// <summary>All that was counted; the tally is empty afterwards.</summary>
    public NumberRun Take()
    {
        Flush();
        var run = _isBuffering ? NumberRun.Empty(weighted) : TakeTable();
        for (var i = _runs.Count - 1; i >= 0; i--)
            run = NumberRun.Merge(run, _runs[i]);
        _runs.Clear();
        (_buffer, _bufferWeights) = ([], null);
        return run;
    }

    void AddToTable(long key, Tally examples)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 33) & mask;
        while (_tallies[slot].Count != 0 && _slots[slot] != key)
            slot = (slot + 1) & mask;
        if (_tallies[slot].Count == 0)
        {
            _slots[slot] = key;
            _distinct++;
        }

        _tallies[slot].Add(examples);
        if (_distinct * 2 <= _slots.Length)
            return;
        if (_distinct > MostInTable)
        {
            _runs.Add(TakeTable());
            _isBuffering = true;
            _buffer = new long[1 << 12];
            _bufferWeights = weighted ? new Int128[1 << 12] : null;
        }
        else
        {
            Grow();
        }
    }

    void Grow()
    {
        var (keys, tallies) = (_slots, _tallies);
        _slots = new long[keys.Length * 2];
        _tallies = new Tally[keys.Length * 2];
        _distinct = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (tallies[i].Count > 0)
                AddToTable(keys[i], tallies[i]);
        }
    }

    NumberRun TakeTable()
    {
        var order = Enumerable.Range(0, _slots.Length).Where(slot => _tallies[slot].Count > 0).OrderBy(slot => _slots[slot]).ToArray();
        var run = new NumberRun(
            Array.ConvertAll(order, slot => _slots[slot]),
            Array.ConvertAll(order, slot => _tallies[slot].Count),
            weighted ? Array.ConvertAll(order, slot => _tallies[slot].Weight) : null);
        (_slots, _tallies, _distinct) = (new long[16], new Tally[16], 0);
        return run;
    }

    void Buffer(long key, Int128 weight)
    {
        if (_buffered == _buffer.Length)
        {
            if (_buffered == BufferLength)
            {
                Flush();
            }
            else
            {
                Array.Resize(ref _buffer, _buffered * 2);
                if (weighted)
                    Array.Resize(ref _bufferWeights, _buffered * 2);
            }
        }

        _buffer[_buffered] = key;
        if (weighted)
            _bufferWeights![_buffered] = weight;
        _buffered++;
    }

    /// <summary>Runs are kept so that each is at least twice as long as the next: every number is merged a few times only.</summary>
    void Flush()
    {
        if (_buffered == 0)
            return;
        _runs.Add(NumberRun.Of(_buffer, _buffered, _bufferWeights));
        _buffered = 0;
        while (_runs.Count > 1 && _runs[^2].Keys.Length < 2 * _runs[^1].Keys.Length)
        {
            _runs[^2] = NumberRun.Merge(_runs[^2], _runs[^1]);
            _runs.RemoveAt(_runs.Count - 1);
        }
    }
}
