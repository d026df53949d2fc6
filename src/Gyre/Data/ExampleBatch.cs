namespace Gyre.Data;

/// <summary>The type of a column of examples.</summary>
public enum ColumnType
{
    /// <summary>Text in UTF-8; the empty text counts as missing.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Integer,

    /// <summary>Real numbers of double precision.</summary>
    Real,

    /// <summary>Bytes that are not text, such as pictures.</summary>
    Bytes,
}

/// <summary>The name and type of a column of examples.</summary>
public sealed record ExampleColumn(string Name, ColumnType Type)
{
    /// <summary>Whether an example has any number of values; an empty list is there, a missing one is not.</summary>
    public bool IsList { get; init; }

    /// <summary>The type of the column in a Parquet file of examples.</summary>
    internal string SqlType => (Type switch
    {
        ColumnType.Integer => "BIGINT",
        ColumnType.Real => "DOUBLE",
        ColumnType.Bytes => "BLOB",
        _ => "VARCHAR",
    }) + (IsList ? "[]" : "");
}

/// <summary>Some consecutive examples, column by column.</summary>
public sealed class ExampleBatch
{
    readonly IReadOnlyDictionary<string, Array> _columns;
    readonly IReadOnlyDictionary<string, Utf8Column> _utf8;

    /// <param name="rows">The number of examples.</param>
    /// <param name="columns">
    /// For each text column an array of <see cref="string"/> (null where missing), for each number column one of
    /// <see cref="double"/> (NaN where missing), for each column of bytes one of byte arrays; for each column of lists an
    /// array of arrays of these (null where missing).
    /// </param>
    public ExampleBatch(int rows, IReadOnlyDictionary<string, Array> columns)
        : this(rows, columns, new Dictionary<string, Utf8Column>(StringComparer.Ordinal))
    {
    }

    /// <param name="rows">The number of examples.</param>
    /// <param name="columns">The columns in arrays, see the other constructor.</param>
    /// <param name="utf8">Those columns of texts that are in UTF-8; they become strings when somebody asks for strings.</param>
    internal ExampleBatch(int rows, IReadOnlyDictionary<string, Array> columns, IReadOnlyDictionary<string, Utf8Column> utf8)
    {
        if (columns.FirstOrDefault(column => column.Value.Length != rows) is { Key: not null } odd)
            throw new ArgumentException($"The column '{odd.Key}' has {odd.Value.Length} values. Expected {rows}.", nameof(columns));
        Rows = rows;
        _columns = columns;
        _utf8 = utf8;
    }

    public int Rows { get; }

    public IEnumerable<string> Columns => _columns.Keys.Union(_utf8.Keys, StringComparer.Ordinal);

    /// <summary>The texts of a column, null where missing; numbers are written in their shortest round-trip form.</summary>
    public string?[] Text(string column) => Column(column) switch
    {
        string?[] texts => texts,
        double[] numbers => Array.ConvertAll(numbers, number => double.IsNaN(number) ? null : number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        var other => throw Misread(column, other, "one text or number in each example"),
    };

    /// <summary>The same in UTF-8, the empty text where missing.</summary>
    internal Utf8Column Utf8(string column) => !_columns.ContainsKey(column) && _utf8.TryGetValue(column, out var texts)
        ? texts
        : Column(column) is double[] numbers ? Utf8Column.Of(numbers) : Utf8Column.Of(Text(column));

    /// <summary>The numbers of a column, NaN where missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds texts, bytes or lists.</exception>
    public double[] Number(string column) => Values<double[]>(column, "one number in each example");

    /// <summary>The bytes of a column, null where missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public byte[]?[] Bytes(string column) => Values<byte[]?[]>(column, "bytes in each example");

    /// <summary>The lists of texts of a column, null where missing; a list may be empty.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public string[]?[] TextLists(string column) => Values<string[]?[]>(column, "lists of texts");

    /// <summary>The lists of numbers of a column, null where missing; a list may be empty.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public double[]?[] NumberLists(string column) => Values<double[]?[]>(column, "lists of numbers");

    /// <summary>The lists of bytes of a column, null where missing; a list may be empty.</summary>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public byte[][]?[] BytesLists(string column) => Values<byte[][]?[]>(column, "lists of bytes");

    /// <summary>The same examples with one more column, or another one in its place.</summary>
    internal ExampleBatch With(string column, Array values) =>
        new(Rows, new Dictionary<string, Array>(_columns, StringComparer.Ordinal) { [column] = values }, _utf8);

    /// <summary>The first of the examples, or all if there are no more.</summary>
    internal ExampleBatch First(int rows)
    {
        if (rows >= Rows)
            return this;
        return new ExampleBatch(
            rows,
            _columns.ToDictionary(column => column.Key, column => FirstOf(column.Value), StringComparer.Ordinal),
            _utf8.ToDictionary(column => column.Key, column => new Utf8Column(column.Value.Bytes, column.Value.Offsets[..(rows + 1)]), StringComparer.Ordinal));

        Array FirstOf(Array values)
        {
            var first = Array.CreateInstanceFromArrayType(values.GetType(), rows);
            Array.Copy(values, first, rows);
            return first;
        }
    }

    TArray Values<TArray>(string column, string expected)
        where TArray : class => Column(column) as TArray ?? throw Misread(column, Column(column), expected);

    static InvalidOperationException Misread(string column, Array values, string expected) => new(
        $"The column '{column}' holds {Describe(values)}. Expected {expected}: read it as what it is, or correct the data.");

    static string Describe(Array values) => values switch
    {
        string?[] => "texts",
        double[] => "numbers",
        byte[]?[] => "bytes",
        string[]?[] => "lists of texts",
        double[]?[] => "lists of numbers",
        _ => "lists of bytes",
    };

    Array Column(string name) => _columns.TryGetValue(name, out var values) ? values
        : _utf8.TryGetValue(name, out var texts) ? texts.ToTexts()
        : throw new KeyNotFoundException($"There is no column '{name}' among {string.Join(", ", Columns)}.");
}
