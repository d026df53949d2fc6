namespace Gyre.Ingestion;

/// <summary>The names of a source's fields, and which of them are wanted as columns.</summary>
/// <param name="Place">Where they stand, for messages: the file, with the line of the header where there is one.</param>
/// <param name="Names">The names, in order.</param>
/// <param name="What">What they are called, in words.</param>
sealed record FieldNames(string Place, IReadOnlyList<string> Names, string What)
{
    public static FieldNames Of(RowSource source) => new(source.HeaderPlace, [.. source.Fields.Select(field => field.Name)], source.HeaderName);

    /// <summary>A column for each field, as it is.</summary>
    public IReadOnlyList<Column> AllColumns() => [.. Names.Select(Column.Named)];

    /// <summary>Finds the wanted columns by their names.</summary>
    /// <returns>For each wanted column its position among the fields.</returns>
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
            : throw new InvalidDataException($"{Place}: {string.Join("; ", problems.Distinct(StringComparer.Ordinal))}. {What}: {string.Join(", ", Names)}.");
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
        return similar is null ? ": correct its name in Columns" : $"; did you mean '{similar}'? Then write Column.Named(\"{column.Name}\").From(\"{similar}\")";
    }

    int PositionOf(string name) => Enumerable.Range(0, Names.Count).First(index => Names[index] == name);

    static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
