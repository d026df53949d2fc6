using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>Writes the rows of one split as they come: the examples to one file, where each came from to another.</summary>
sealed class SplitWriter : IDisposable
{
    readonly ParquetStream _examples;
    readonly ParquetStream _origins;
    readonly IReadOnlyList<ColumnPlan> _columns;

    /// <param name="engine">What writes the files.</param>
    /// <param name="columns">The columns, each with the type that it is written as.</param>
    /// <param name="examples">The file for the examples.</param>
    /// <param name="origins">The file for their origins.</param>
    public SplitWriter(DataEngine engine, IReadOnlyList<ColumnPlan> columns, string examples, string origins)
    {
        _columns = columns;
        _examples = new ParquetStream(engine, examples, [.. columns.Select(column => column.Written)]);
        _origins = new ParquetStream(engine, origins, [new ChunkColumn("file", ChunkValue.Int32), new ChunkColumn("line", ChunkValue.Int64)]);
    }

    /// <summary>Adds the row on which a source stands. All its values have the types that are written.</summary>
    /// <param name="source">The source.</param>
    /// <param name="file">The position of its file in the list of origins.</param>
    public void Add(RowSource source, int file)
    {
        var chunk = _examples.Chunk;
        for (var index = 0; index < _columns.Count; index++)
        {
            var (plan, target) = (_columns[index], chunk.Columns[index]);
            if (plan.Count < 0)
            {
                target.SetMissing(chunk.Count);
            }
            else if (target.IsList)
            {
                var start = target.BeginList(chunk.Count, plan.Count, out var elements);
                for (var element = 0; element < plan.Count; element++)
                    Set(elements, start + element, source.Value(plan.Field, element));
            }
            else
            {
                Set(target, chunk.Count, source.Value(plan.Field, 0));
            }
        }

        _examples.Advance(1);
        var origin = _origins.Chunk;
        origin.Columns[0].Set(origin.Count, file);
        origin.Columns[1].Set(origin.Count, source.Line);
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
