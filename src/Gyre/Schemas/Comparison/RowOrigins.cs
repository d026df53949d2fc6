using System.Globalization;
using System.Text.Json;
using Gyre.Data;

namespace Gyre.Schemas.Comparison;

/// <summary>
/// Says where an example came from: from <c>origins.parquet</c> beside the file (file number and line, row by row) and
/// <c>origins.json</c> (the names of the files) in a directory above, as ingestion writes them; without them its number.
/// </summary>
sealed class RowOrigins(DataEngine engine)
{
    const int MostLevels = 3;

    /// <param name="file">A Parquet file of examples.</param>
    /// <param name="row">The row, from 0.</param>
    public string NameOf(string file, long row)
    {
        var folder = Path.GetDirectoryName(file)!;
        var origins = Path.Combine(folder, "origins.parquet");
        if (!File.Exists(origins) || Index(folder) is not { } names)
            return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, example {row + 1}");
        var (source, line) = engine.Query(
            string.Create(CultureInfo.InvariantCulture, $"SELECT CAST(file AS BIGINT), CAST(line AS BIGINT) FROM read_parquet({SqlText.Literal(origins)}) LIMIT 1 OFFSET {row}"),
            each => (each.GetInt64(0), each.GetInt64(1))).FirstOrDefault((-1, 0));
        return source >= 0 && source < names.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(names[(int)source])}:{line}")
            : string.Create(CultureInfo.InvariantCulture, $"example {row + 1}");
    }

    static List<string>? Index(string folder)
    {
        for (var (level, place) = (0, folder); level < MostLevels && place is not null; level++, place = Path.GetDirectoryName(place))
        {
            var index = Path.Combine(place, "origins.json");
            if (!File.Exists(index))
                continue;
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(each => each.GetProperty("name").GetString() ?? "")];
        }

        return null;
    }
}
