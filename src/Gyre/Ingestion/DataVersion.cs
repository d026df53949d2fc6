using System.Globalization;
using System.Text.Json;
using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>The content of an <see cref="Examples"/> artifact, found by its directory alone: to look at it, compare it and take it elsewhere.</summary>
public sealed class DataVersion
{
    const string SplitPrefix = "Split-";
    const string SpanPrefix = "Span-";
    const string ExamplesFile = "examples.parquet";

    DataVersion(string directory, IReadOnlyList<string> splits) => (Directory, Splits) = (directory, splits);

    /// <summary>Where it lies.</summary>
    public string Directory { get; }

    /// <summary>The splits; train first, the others by name.</summary>
    public IReadOnlyList<string> Splits { get; }

    /// <summary>The size of all its files, in bytes; files that others share with it count whole.</summary>
    public long Bytes => new DirectoryInfo(Directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <exception cref="FileNotFoundException">The directory is gone, or holds no examples.</exception>
    public static DataVersion Open(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
            throw new FileNotFoundException($"There is no '{directory}': the content of the artifact is gone. Run the pipeline again to make it anew.", directory);
        var splits = SpanFolders(directory).SelectMany(folder => System.IO.Directory.EnumerateDirectories(folder, SplitPrefix + "*"))
            .Where(folder => File.Exists(Path.Join(folder, ExamplesFile))).Select(folder => Path.GetFileName(folder)[SplitPrefix.Length..])
            .Distinct(StringComparer.Ordinal).OrderBy(split => split != "train").ThenBy(split => split, StringComparer.Ordinal).ToList();
        return splits.Count > 0
            ? new DataVersion(directory, splits)
            : throw new FileNotFoundException($"There are no examples in '{directory}'. Expected {SplitPrefix}<name>/{ExamplesFile}.", directory);
    }

    /// <summary>The Parquet files of a split, one of each span, oldest first.</summary>
    public IReadOnlyList<string> FilesOf(string split) =>
        [.. SpanFolders(Directory).Select(folder => Path.Join(folder, SplitPrefix + split, ExamplesFile)).Where(File.Exists)];

    /// <summary>The columns with their types in SQL, in order.</summary>
    public IReadOnlyList<DataColumn> Columns()
    {
        using var engine = new DataEngine();
        return [.. ParquetFile.Columns(engine, FilesOf(Splits[0])[0]).Select(column => new DataColumn(column.Name, column.SqlType))];
    }

    /// <summary>The number of rows of a split.</summary>
    public long RowsOf(string split)
    {
        using var engine = new DataEngine();
        return FilesOf(split).Sum(file => ParquetFile.Count(engine, file));
    }

    /// <summary>The files that the rows came from; none where they came from elsewhere.</summary>
    public IReadOnlyList<DataOrigin> Origins()
    {
        var file = Path.Join(Directory, Examples.OriginsFile);
        if (!File.Exists(file))
            return [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("files").Deserialize<DataOrigin[]>(JsonSerializerOptions.Web) ?? [];
    }

    /// <summary>The first of the rows that were rejected, as <c>rejected.csv</c> has them, without its header.</summary>
    public IReadOnlyList<string> FirstRejected(int most)
    {
        var file = Path.Join(Directory, Examples.RejectedFile);
        return File.Exists(file) ? [.. File.ReadLines(file).Skip(1).Take(most)] : [];
    }

    static List<string> SpanFolders(string directory)
    {
        var spans = System.IO.Directory.EnumerateDirectories(directory, SpanPrefix + "*")
            .Select(folder => (Folder: folder, Span: long.TryParse(Path.GetFileName(folder).AsSpan(SpanPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? span : -1))
            .Where(folder => folder.Span >= 0).OrderBy(folder => folder.Span).Select(folder => folder.Folder).ToList();
        return spans.Count > 0 ? spans : [directory];
    }
}

/// <summary>A column and its type in SQL, for example <c>VARCHAR</c>, <c>BIGINT</c>, <c>DOUBLE</c> or lists of them.</summary>
public sealed record DataColumn(string Name, string Type);

/// <summary>A file that rows came from.</summary>
/// <param name="Name">Its path as it was given.</param>
/// <param name="Fingerprint">SHA-256 of its content.</param>
/// <param name="Span">The span that it belongs to.</param>
/// <param name="Version">The version of the span.</param>
public sealed record DataOrigin(string Name, string Fingerprint, long Span, long Version);
