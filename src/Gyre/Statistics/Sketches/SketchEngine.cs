using Gyre.Data;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics.Sketches;

/// <summary>Statistics by sketches: one pass over the examples, in memory that does not grow with them.</summary>
static class SketchEngine
{
    /// <summary>Texts of more bytes stand together in lists, under <see cref="LongTexts"/>.</summary>
    public const int LongestListed = 1024;

    /// <summary>The label under which TensorFlow Data Validation lists them.</summary>
    public const string LongTexts = "__LARGE_BYTES__";

    /// <summary>Sketches the columns of some files and describes them.</summary>
    public static DatasetFeatureStatistics Compute(IReadOnlyList<string> files, string name, StatisticsOptions options, int threads, CancellationToken cancellation)
    {
        var sketches = options.Sketch ?? new SketchOptions();
        sketches.Check();
        using var engine = new DataEngine(threads);
        var source = $"read_parquet([{string.Join(", ", files.Select(SqlText.Literal))}], union_by_name = true)";
        var columns = engine.Query($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {source})", row => Column.Of(row.GetString(0), row.GetString(1), files[0], sketches)).ToList();
        var rows = 0L;
        using (var reader = new ChunkReader(engine, $"SELECT {string.Join(", ", columns.Select(column => column.Sql))} FROM {source}"))
        {
            while (reader.Next())
            {
                cancellation.ThrowIfCancellationRequested();
                rows += reader.Rows;
                foreach (var (index, column) in columns.Index())
                    column.Sketch.Take(reader.Column(index), reader.Rows, column.IsList, column.Type == FeatureNameStatistics.Types.Type.String);
            }
        }

        var result = new DatasetFeatureStatistics { Name = name, NumExamples = (ulong)rows };
        result.Features.AddRange(columns.Select(column => SketchDescription.Of(column.Name, column.Type, column.Sketch, options)));
        return result;
    }

    sealed record Column(string Name, FeatureNameStatistics.Types.Type Type, bool IsList, string Sql, ColumnSketch Sketch)
    {
        public static Column Of(string name, string sqlType, string file, SketchOptions options)
        {
            var isList = sqlType.EndsWith("[]", StringComparison.Ordinal);
            var type = (isList ? sqlType[..^2] : sqlType) switch
            {
                "VARCHAR" => FeatureNameStatistics.Types.Type.String,
                "BLOB" => FeatureNameStatistics.Types.Type.Bytes,
                "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" => FeatureNameStatistics.Types.Type.Int,
                "FLOAT" or "DOUBLE" => FeatureNameStatistics.Types.Type.Float,
                _ => throw new InvalidDataException($"The column '{name}' of {file} is of type {sqlType}. Expected texts (VARCHAR), bytes (BLOB), whole numbers (BIGINT), real ones (DOUBLE), or lists of these."),
            };
            var isText = type is FeatureNameStatistics.Types.Type.String or FeatureNameStatistics.Types.Type.Bytes;
            var identifier = SqlText.Identifier(name);
            return new Column(name, type, isList, isText ? identifier : $"CAST({identifier} AS DOUBLE{(isList ? "[]" : "")})", new ColumnSketch(options, isText));
        }
    }
}
