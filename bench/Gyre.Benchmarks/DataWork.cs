using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Runners.Local;
using Gyre.Schemas;
using Gyre.Statistics;

namespace Gyre.Benchmarks;

/// <summary>
/// Takes one CSV file from its bytes to validated statistics, in this process: by Gyre's components, or by the bare engine
/// that scans, splits and aggregates: «engine» with the cheapest digest of a row that it has and without words, «engine-same» with
/// SHA-256 and the words of free text, as Gyre has them. A parent starts one of these for each measurement, so that memory is its own.
/// </summary>
static class DataWork
{
    const int Threads = 2;

    static readonly string[] Splits = ["train", "eval"];

    /// <summary>Runs and writes the figures as JSON to standard output.</summary>
    public static void Run(string what, string csv, string directory)
    {
        var began = Stopwatch.GetTimestamp();
        var phases = what == "gyre" ? ByGyre(csv, directory) : ByEngine(csv, directory, doesTheSame: what == "engine-same");
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new DataFigures(Stopwatch.GetElapsedTime(began).TotalSeconds, process.PeakWorkingSet64, phases)));
    }

    static Dictionary<string, double> ByGyre(string csv, string directory)
    {
        using var home = Home.Open(directory);
        var pipeline = new Pipeline("data");
        var examples = pipeline.Add(new IngestCsv(csv));
        var statistics = pipeline.Add(new ComputeStatistics(examples));
        var schema = pipeline.Add(new InferSchema(statistics));
        pipeline.Add(new ValidateExamples(statistics, schema));
        var result = new LocalRunner(home) { Threads = Threads }.RunAsync(pipeline, new RunOptions(), CancellationToken.None).GetAwaiter().GetResult();
        return result.Nodes.All(node => node.EndedWell)
            ? result.Nodes.ToDictionary(node => node.NodeId, node => node.Seconds, StringComparer.Ordinal)
            : throw new InvalidOperationException($"The run failed: {string.Join(" ", result.Nodes.Select(node => node.Message))}");
    }

    static Dictionary<string, double> ByEngine(string csv, string directory, bool doesTheSame)
    {
        Directory.CreateDirectory(directory);
        using var engine = new DataEngine(Threads, directory, 2L << 30);
        var phases = new Dictionary<string, double>(StringComparer.Ordinal);
        var source = $"read_csv({SqlText.Literal(csv)}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')";
        var columns = engine.Query($"SELECT column_name FROM (DESCRIBE SELECT * FROM {source})", row => row.GetString(0)).ToList();
        Measure("scan and split", () => Split(engine, source, columns, directory, doesTheSame));
        Measure("aggregates", () =>
        {
            foreach (var split in Splits)
            {
                foreach (var column in columns)
                    Aggregate(engine, $"read_parquet({SqlText.Literal(FileOf(directory, split))})", SqlText.Identifier(column), doesTheSame);
            }
        });
        return phases;

        void Measure(string phase, Action work)
        {
            var began = Stopwatch.GetTimestamp();
            work();
            phases[phase] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    /// <summary>One scan into a table with the digest's bucket, then both files; twice reading the text would take longer.</summary>
    static void Split(DataEngine engine, string source, List<string> columns, string directory, bool bySha256)
    {
        var content = string.Join(", ", columns.Order(StringComparer.Ordinal).Select(SqlText.Identifier));
        var digest = bySha256
            ? $"CAST('0x' || sha256(concat_ws(chr(31), {content}))[1:15] AS UBIGINT)"
            : $"hash({content})";
        engine.Execute($"CREATE TABLE rows AS SELECT *, {digest} % 10 AS bucket FROM {source}");
        foreach (var (split, condition) in Splits.Zip(["bucket < 9", "bucket = 9"]))
        {
            engine.Execute($"COPY (SELECT * EXCLUDE (bucket) FROM rows WHERE {condition}) TO {SqlText.Literal(FileOf(directory, split))} "
                + "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 16384)");
        }

        engine.Execute("DROP TABLE rows");
    }

    /// <summary>All that the statistics of a column of text hold; of numbers too, where all its values are numbers.</summary>
    static void Aggregate(DataEngine engine, string source, string column, bool withWords)
    {
        Read(engine, $"""
            WITH texts AS (SELECT {column} AS text, strlen({column}) AS length, count(*) AS frequency FROM {source} WHERE {column} <> '' GROUP BY ALL)
            SELECT NULL AS text, count(*) AS count, sum(frequency) AS total, sum(frequency * length) AS bytes FROM texts
            UNION ALL (SELECT text, frequency, 0, 0 FROM texts ORDER BY frequency DESC, text DESC LIMIT 1000)
            """);
        if (withWords && engine.Scalar<double>($"SELECT avg(strlen({column})) FROM (SELECT {column} FROM {source} LIMIT 1000)") > 100)
        {
            Read(engine, $"""
                WITH words AS (SELECT word, count(*) AS frequency FROM (SELECT unnest(string_split(lower({column}), ' ')) AS word FROM {source}) GROUP BY word)
                SELECT NULL AS word, count(*) AS count, sum(frequency) AS total FROM words
                UNION ALL (SELECT word, frequency, 0 FROM words ORDER BY frequency DESC, word DESC LIMIT 1000)
                """);
        }

        var number = $"TRY_CAST({column} AS DOUBLE)";
        if (engine.Scalar<bool>($"SELECT coalesce(bool_and({number} IS NOT NULL), true) FROM (SELECT {column} FROM {source} WHERE {column} <> '' LIMIT 1000)"))
        {
            var parts = string.Join(", ", Enumerable.Range(1, 10).Select(part => (part / 10.0).ToString(CultureInfo.InvariantCulture)));
            Read(engine, $"SELECT count(x), count(*) FILTER (x = 0), min(x), max(x), avg(x), stddev_pop(x), quantile_disc(x, [{parts}]), histogram(floor(x / 10)) FROM (SELECT {number} AS x FROM {source})");
        }
    }

    static void Read(DataEngine engine, string sql)
    {
        foreach (var _ in engine.Query(sql, row => row.FieldCount))
        {
            // Read to the end: the work is done as rows are asked for.
        }
    }

    static string FileOf(string directory, string split) => Path.Combine(directory, $"{split}.parquet");
}

/// <summary>What one process took.</summary>
/// <param name="Seconds">From its first line to the last, without the start of .NET.</param>
/// <param name="PeakBytes">The greatest resident memory.</param>
/// <param name="Phases">Seconds by part.</param>
sealed record DataFigures(double Seconds, long PeakBytes, IReadOnlyDictionary<string, double> Phases);
