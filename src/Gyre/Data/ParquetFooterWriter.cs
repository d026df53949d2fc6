namespace Gyre.Data;

/// <summary>Writes what a Parquet file says of itself at its end (see <c>parquet.thrift</c> of Apache Parquet), what <see cref="ParquetFooter"/> reads.</summary>
sealed class ParquetFooterWriter
{
    const int Required = 0;
    const int Optional = 1;
    const int Repeated = 2;
    const int Utf8 = 0;
    const int ListOfOthers = 3;

    readonly ByteBuffer _bytes = new();
    readonly ThriftWriter _thrift;

    ParquetFooterWriter() => _thrift = new ThriftWriter(_bytes);

    /// <summary>The footer, without its length and what the file ends with.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="groups">For each row group the number of its rows, and of each column what became of it.</param>
    public static ByteBuffer Write(IReadOnlyList<ParquetChunkBuffer> columns, IReadOnlyList<(int Rows, WrittenChunk[] Chunks)> groups)
    {
        var footer = new ParquetFooterWriter();
        var thrift = footer._thrift;
        var outer = thrift.Begin();
        thrift.Int(1, 1);
        footer.Schema(columns);
        thrift.Long(3, groups.Sum(group => (long)group.Rows));
        thrift.List(4, ThriftType.Struct, groups.Count);
        foreach (var (rows, chunks) in groups)
            footer.Group(columns, rows, chunks);
        thrift.Text(6, "Gyre");
        thrift.End(outer);
        return footer._bytes;
    }

    void Schema(IReadOnlyList<ParquetChunkBuffer> columns)
    {
        _thrift.List(2, ThriftType.Struct, 1 + columns.Sum(column => column.IsList ? 3 : 1));
        Element("schema", Required, children: columns.Count);
        foreach (var column in columns)
        {
            var (name, type) = (column.Column.Name, TypeOf(column.Column.Type));
            if (column.IsList)
            {
                Element(name, Required, children: 1, converted: ListOfOthers);
                Element("list", Repeated, children: 1);
                Element("element", Required, type);
            }
            else
            {
                Element(name, column.IsOptional ? Optional : Required, type, converted: column.Column.Type == ParquetType.Text ? Utf8 : null);
            }
        }
    }

    void Element(string name, int repetition, int? type = null, int? children = null, int? converted = null)
    {
        var outer = _thrift.Begin();
        if (type is { } known)
            _thrift.Int(1, known);
        _thrift.Int(3, repetition);
        _thrift.Text(4, name);
        if (children is { } count)
            _thrift.Int(5, count);
        if (converted is { } meaning)
            _thrift.Int(6, meaning);
        _thrift.End(outer);
    }

    void Group(IReadOnlyList<ParquetChunkBuffer> columns, int rows, WrittenChunk[] chunks)
    {
        var outer = _thrift.Begin();
        _thrift.List(1, ThriftType.Struct, chunks.Length);
        for (var column = 0; column < chunks.Length; column++)
            Chunk(columns[column], chunks[column]);
        _thrift.Long(2, chunks.Sum(chunk => chunk.Length));
        _thrift.Long(3, rows);
        _thrift.End(outer);
    }

    void Chunk(ParquetChunkBuffer column, WrittenChunk chunk)
    {
        var outer = _thrift.Begin();
        _thrift.Long(2, chunk.Start);
        var own = _thrift.Begin(3);
        _thrift.Int(1, TypeOf(column.Column.Type));
        int[] encodings = chunk.HasDictionary ? [0, 3, 8] : [0, 3];
        _thrift.List(2, ThriftType.Int, encodings.Length);
        foreach (var encoding in encodings)
            _thrift.Number(encoding);
        string[] path = column.IsList ? [column.Column.Name, "list", "element"] : [column.Column.Name];
        _thrift.List(3, ThriftType.Binary, path.Length);
        foreach (var part in path)
            _thrift.Text(part);
        _thrift.Int(4, 0);
        _thrift.Long(5, chunk.Values);
        _thrift.Long(6, chunk.Length);
        _thrift.Long(7, chunk.Length);
        _thrift.Long(9, chunk.DataStart);
        if (chunk.HasDictionary)
            _thrift.Long(11, chunk.Start);
        _thrift.End(own);
        _thrift.End(outer);
    }

    static int TypeOf(ParquetType type) => type switch
    {
        ParquetType.IntegerList => 1,
        ParquetType.Integer => 2,
        ParquetType.Float => 4,
        ParquetType.Double => 5,
        _ => 6,
    };
}
