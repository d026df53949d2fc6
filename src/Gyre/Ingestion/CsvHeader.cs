using System.Text;

namespace Gyre.Ingestion;

/// <summary>The first line of a CSV file and which of its columns are wanted.</summary>
/// <param name="File">The file's name in messages.</param>
/// <param name="Names">The names in the header, in order.</param>
sealed record CsvHeader(string File, IReadOnlyList<string> Names)
{
    /// <summary>Reads the header, which must be the first record.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is no text.</exception>
    public static CsvHeader Read(CsvScanner scanner, string file)
    {
        if (!scanner.Next(out var isSound))
            throw new InvalidDataException($"{file} is empty. Expected a header line with column names, then one line per row: check how the file was made.");
        if (!isSound)
        {
            var (line, position) = scanner.PlaceOfFault();
            throw new InvalidDataException($"{file}:{line}:{position}: the header has {scanner.Fault}.");
        }

        if (scanner.PlaceOfInvalidUtf8() is { } place)
            throw new InvalidDataException($"{file}:{place.Line}:{place.Position}: the header is no valid UTF-8. Expected a CSV file in UTF-8; if it is one in another encoding, convert it, for example with 'iconv -f LATIN1 -t UTF-8'.");
        var names = new string[scanner.FieldCount];
        for (var field = 0; field < names.Length; field++)
            names[field] = Name(scanner, field, file);
        return new CsvHeader(file, names);
    }

    static string Name(CsvScanner scanner, int field, string file)
    {
        var name = Encoding.UTF8.GetString(scanner.Value(field));
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw new InvalidDataException($"{file}:1: the name of column {field + 1} holds a zero byte. Expected a text file: it may be in UTF-16 (convert it with 'iconv -f UTF-16 -t UTF-8') or no CSV at all.")
            : name;
    }

    /// <summary>All columns of the header, as they are.</summary>
    public IReadOnlyList<Column> AllColumns() => [.. Names.Select(Column.Named)];

    /// <summary>Finds the wanted columns by their names.</summary>
    /// <returns>For each wanted column its position in the header.</returns>
    /// <exception cref="InvalidDataException">Some are not there, or are there twice; the message names all of them.</exception>
    public int[] Bind(IReadOnlyList<Column> columns)
    {
        var problems = new List<string>();
        var positions = columns.Select(column => Find(column, problems)).ToArray();
        problems.AddRange(columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1)
            .Select(same => string.Join(" and ", same.Select(column => $"'{column.Name}'")) is var names && same.Distinct().Count() > 1
                ? $"the names {names} differ only in upper and lower case. Expected names that differ otherwise too: rename one with Columns"
                : $"the column '{same.Key}' stands {same.Count()} times. Expected each name once: rename the columns in the file, or choose others with Columns"));
        return problems.Count == 0
            ? positions
            : throw new InvalidDataException($"{File}:1: {string.Join("; ", problems.Distinct(StringComparer.Ordinal))}. The header: {string.Join(", ", Names)}.");
    }

    int Find(Column column, List<string> problems)
    {
        if (column.Name.Length == 0)
            problems.Add($"column {PositionOf("") + 1} has no name. Expected a name for every column: give it one in the file, or choose the others with Columns");
        var source = column.Sources.FirstOrDefault(name => Names.Contains(name, StringComparer.Ordinal));
        if (source is null)
        {
            problems.Add($"there is no column {string.Join(" or ", column.Sources.Select(name => $"'{name}'"))}{Hint(column)}");
            return -1;
        }

        if (Names.Count(name => name == source) > 1)
            problems.Add($"the column '{source}' stands {Names.Count(name => name == source)} times. Expected each name once: rename the columns in the file, or choose others with Columns");
        return PositionOf(source);
    }

    /// <summary>A name that differs only in case, spaces and signs is probably the one that was meant.</summary>
    string Hint(Column column)
    {
        var similar = Names.FirstOrDefault(name => column.Sources.Any(source => Letters(name) == Letters(source)));
        return similar is null ? "" : $"; did you mean '{similar}'? Then write Column.Named(\"{column.Name}\").From(\"{similar}\")";
    }

    int PositionOf(string name) => Enumerable.Range(0, Names.Count).First(index => Names[index] == name);

    static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
