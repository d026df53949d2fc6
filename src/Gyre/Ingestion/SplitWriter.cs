using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>Writes the rows of one split as they come: the examples to one file, where each came from to another.</summary>
sealed class SplitWriter : IDisposable
{
    readonly ParquetStream _examples;
    readonly ParquetStream _origins;
    readonly int[] _order;

    /// <param name="engine">What writes the files.</param>
    /// <param name="columns">The columns, each with the type that it is written as.</param>
    /// <param name="order">For each value of a row, as they come, the position of its column.</param>
    /// <param name="examples">The file for the examples.</param>
    /// <param name="origins">The file for their origins.</param>
    public SplitWriter(DataEngine engine, IReadOnlyList<ColumnPlan> columns, int[] order, string examples, string origins)
    {
        _order = order;
        _examples = new ParquetStream(engine, examples, [.. columns.Select(column => column.Written)]);
        _origins = new ParquetStream(engine, origins, [new ChunkColumn("file", ChunkValue.Int32), new ChunkColumn("line", ChunkValue.Int64)]);
    }

    public long Rows => _examples.Rows;

    /// <summary>Adds a row. All its values have the types that are written.</summary>
    /// <param name="values">Its values.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    /// <param name="line">The line on which it begins.</param>
    public void Add(BatchValues values, int file, long line)
    {
        var chunk = _examples.Chunk;
        foreach (var column in _order)
        {
            var target = chunk.Columns[column];
            var count = values.NextCount();
            if (count < 0)
            {
                target.SetMissing(chunk.Count);
            }
            else if (target.IsList)
            {
                var start = target.BeginList(chunk.Count, count, out var elements);
                for (var element = 0; element < count; element++)
                    Set(elements, start + element, values.NextValue());
            }
            else
            {
                Set(target, chunk.Count, values.NextValue());
            }
        }

        _examples.Advance(1);
        var origin = _origins.Chunk;
        origin.Columns[0].Set(origin.Count, file);
        origin.Columns[1].Set(origin.Count, line);
        _origins.Advance(1);
    }

    /// <summary>Makes the files appear.</summary>
    public void Complete()
    {
        _examples.Complete();
        _origins.Complete();
    }

    public void Dispose()
    {
        _examples.Dispose();
        _origins.Dispose();
    }

    static void Set(ChunkColumnBuffer target, int row, ReadOnlySpan<byte> value)
    {
        switch (target.Value)
        {
            case ChunkValue.Int64:
                target.Set(row, NumberText.Integer(value));
                break;
            case ChunkValue.Double:
                target.Set(row, NumberText.Real(value));
                break;
            default:
                target.SetText(row, value);
                break;
        }
    }
}
