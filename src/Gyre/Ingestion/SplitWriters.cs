using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>
/// Writes rows to their splits on a thread of its own, while others are read. There, too, the splits are decided that
/// follow from the content of rows.
/// </summary>
sealed class SplitWriters : IDisposable
{
    const int MostWaiting = 4;

    readonly SplitRule _rule;
    readonly ColumnPlan[] _columns;
    readonly int _keys;
    readonly SplitWriter[] _splits;
    readonly BlockingCollection<RowBatch> _full = new(MostWaiting);
    readonly ConcurrentBag<RowBatch> _empty = [];
    readonly CancellationTokenSource _stopped = new();
    readonly Thread _writer;
    RowBatch _batch = new();
    ExceptionDispatchInfo? _failure;

    /// <param name="engine">What writes the files.</param>
    /// <param name="rule">Which split each row belongs to.</param>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="splits">For each split the files for its examples and their origins.</param>
    public SplitWriters(DataEngine engine, SplitRule rule, IReadOnlyList<ColumnPlan> columns, IReadOnlyList<(string Examples, string Origins)> splits)
    {
        _rule = rule;
        var keys = rule.DecidesByContent ? rule.Columns.Select(name => columns.First(column => column.Column.Name == name)).ToList() : [];
        _keys = keys.Count;
        _columns = [.. keys, .. columns.Where(column => !keys.Contains(column))];
        var order = _columns.Select(column => columns.Index().First(each => each.Item == column).Index).ToArray();
        _splits = [.. splits.Select(files => new SplitWriter(engine, columns, order, files.Examples, files.Origins))];
        _writer = new Thread(Write) { IsBackground = true, Name = "splits" };
        _writer.Start();
    }

    /// <summary>Adds the row on which a source stands.</summary>
    /// <param name="split">Its split, or <see cref="SplitRule.Later"/> for the rule to decide by its content.</param>
    /// <param name="source">The source.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    public void Add(int split, RowSource source, int file)
    {
        _batch.Add(source, _columns, _keys, split, file);
        if (_batch.IsFull)
            Send();
    }

    /// <summary>Writes what is left.</summary>
    /// <returns>For each split its rows.</returns>
    public long[] Flush()
    {
        Send();
        _full.CompleteAdding();
        _writer.Join();
        _failure?.Throw();
        return Array.ConvertAll(_splits, split => split.Rows);
    }

    /// <summary>Makes the files appear.</summary>
    public void Complete() => Array.ForEach(_splits, split => split.Complete());

    public void Dispose()
    {
        _stopped.Cancel();
        Array.ForEach(_splits, split => split.Dispose());
        _writer.Join();
        _full.Dispose();
        _stopped.Dispose();
    }

    void Send()
    {
        try
        {
            _full.Add(_batch, _stopped.Token);
        }
        catch (OperationCanceledException)
        {
            _writer.Join();
            _failure?.Throw();
            throw;
        }

        _batch = _empty.TryTake(out var empty) ? empty : new RowBatch();
    }

    void Write()
    {
        try
        {
            foreach (var batch in _full.GetConsumingEnumerable(_stopped.Token))
            {
                Write(batch);

                batch.Clear();
                _empty.Add(batch);
            }
        }
        catch (Exception error)
        {
            // Whoever reads learns of it with the next batch.
            _failure = ExceptionDispatchInfo.Capture(error);
            _stopped.Cancel();
        }
    }

    void Write(RowBatch batch)
    {
        var bytes = batch.Bytes;
        foreach (ref readonly var row in batch.Rows)
        {
            var split = row.Split >= 0 ? row.Split : _rule.SplitOf(bytes[row.Start..row.KeyEnd]);
            _splits[split].Add(new BatchValues(bytes[row.Start..]), row.File, row.Line);
        }
    }
}
