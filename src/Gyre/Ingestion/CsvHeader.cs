using System.Text;

namespace Gyre.Ingestion;

/// <summary>The first line of a CSV file.</summary>
static class CsvHeader
{
    /// <summary>Reads the names of the columns, which must be the first record.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is no text.</exception>
    public static IReadOnlyList<string> Read(CsvScanner scanner, string file)
    {
        if (!scanner.Next(out var isSound))
            throw new InvalidDataException($"{file} is empty. Expected a header line with column names, then one line per row: check how the file was made.");
        if (!isSound)
        {
            var (line, position) = scanner.PlaceOfFault();
            throw new InvalidDataException($"{file}:{line}:{position}: the header has {scanner.Fault}.");
        }

        if (scanner.PlaceOfInvalidUtf8() is { } place)
            throw new InvalidDataException($"{file}:{place.Line}:{place.Position}: the header is no valid UTF-8. Expected a CSV file in UTF-8: if it is one in another encoding, say which with Encoding, for example \"windows-1252\".");
        var names = new string[scanner.FieldCount];
        for (var field = 0; field < names.Length; field++)
            names[field] = Name(scanner, field, file);
        return names;
    }

    static string Name(CsvScanner scanner, int field, string file)
    {
        var name = Encoding.UTF8.GetString(scanner.Value(field));
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw new InvalidDataException($"{file}:1: the name of column {field + 1} holds a zero byte. Expected a text file: it may be in UTF-16 (say so with Encoding = \"utf-16\") or no CSV at all.")
            : name;
    }
}
