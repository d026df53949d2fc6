using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>How Parquet files become examples; see <see cref="IngestParquet"/> for each.</summary>
sealed record ParquetOptions : IngestionOptions
{
    public override string Expected => "a Parquet file";

    public override Func<SourceFile, RowSource> Prepare(IReadOnlyList<SourceFile> files, CancellationToken cancellation)
    {
        var layouts = files.Select(file => ParquetLayout.Read(file, cancellation)).ToList();
        RequireSameKinds(layouts);
        foreach (var layout in layouts)
        {
            var problems = layout.Fields.Where(IsWanted).Select(field => field.Problem).OfType<string>().ToList();
            if (problems.Count > 0)
                throw new InvalidDataException($"{layout.File.Name}: {string.Join("; ", problems)}.");
        }

        // What one file cannot say as a number, none of them says as one.
        var texts = layouts.SelectMany(layout => layout.InexactNumbers(layout.Fields.Where(IsWanted), cancellation)).ToHashSet(StringComparer.Ordinal);
        return file => new ParquetRows(
            layouts[files.Index().First(each => each.Item == file).Index],
            field => !IsWanted(field) ? null : texts.Contains(field.Name) ? ColumnType.Text : field.Type,
            cancellation);
    }

    public override IReadOnlyList<string>? KnownFields(string file)
    {
        using var stream = ParquetLayout.Open(file, file);
        return ParquetFooter.Read(stream, file).Columns;
    }

    bool IsWanted(ParquetField field) => Columns is null || Columns.Any(column => column.Sources.Contains(field.Name, StringComparer.Ordinal));

    void RequireSameKinds(IReadOnlyList<ParquetLayout> layouts)
    {
        var first = new Dictionary<string, (ParquetLayout Layout, ParquetField Field)>(StringComparer.Ordinal);
        foreach (var layout in layouts)
        {
            foreach (var field in layout.Fields.Where(IsWanted))
            {
                if (first.TryAdd(field.Name, (layout, field)))
                    continue;
                var (other, known) = first[field.Name];
                if (known.Kind == field.Kind && known.IsList == field.IsList)
                    continue;
                throw new InvalidDataException(
                    $"{layout.File.Name}: the column '{field.Name}' is {field.SqlType}, in {other.File.Name} it is {known.SqlType}. Expected the same type in all files: write the files anew with one type, or read them apart.");
            }
        }
    }
}
