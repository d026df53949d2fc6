using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;
using Microsoft.Data.Sqlite;

namespace Gyre.Tests.Ingestion;

public sealed class SqliteQueries : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    string File => Path.Combine(_home.Root, "data.db");

    void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    IngestSql Component(string query, long maxRejected = 0) => new(Database.Sqlite(File), query) { Splits = Split.ByHash(("all", 1)), MaxRejected = maxRejected };

    async Task<(RunResult Result, Output<Examples> Output)> RunAsync(IngestSql component)
    {
        var pipeline = new Pipeline("test");
        var output = pipeline.Add(component);
        return (await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken), output);
    }

    async Task<string> ReadAsync(string query)
    {
        var (result, output) = await RunAsync(Component(query));
        result.Nodes.Single().Message.ShouldBeNull();
        var file = _home.Artifact(result, output).FileOf("all");
        using var engine = new DataEngine();
        var columns = string.Join(", ", ParquetFile.Columns(engine, file).Select(column => $"{column.Name} {column.SqlType}"));
        return $"{columns}: {string.Join('/', engine.Query($"SELECT COLUMNS(*)::VARCHAR FROM {ParquetFile.Source(file)}", row =>
            string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => row.IsDBNull(column) ? "∅" : row.GetString(column)))))}";
    }

    async Task<string> MessageAsync(string query)
    {
        var (result, _) = await RunAsync(Component(query));
        result.ExitCode.ShouldBe(1);
        return result.Nodes.Single().Message!;
    }

    [Fact]
    public async Task Give_typed_columns_in_the_order_that_they_ask_for()
    {
        Execute("""
            CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL, words TEXT, picture BLOB, big INTEGER, mixed, none INTEGER);
            INSERT INTO t VALUES (2, 1.5, 'zwei', x'00FF', 9007199254740993, 1, NULL), (1, 2, 'eins', NULL, 1, 'one', NULL), (3, NULL, '', x'', 2, 2.5, NULL);
            """);

        (await ReadAsync("SELECT * FROM t ORDER BY id DESC;"))
            .ShouldBe("id BIGINT, price DOUBLE, words VARCHAR, picture BLOB, big VARCHAR, mixed VARCHAR, none BIGINT: "
                + "3|∅|∅|∅|2|2.5|∅/2|1.5|zwei|\\x00\\xFF|9007199254740993|1|∅/1|2.0|eins|∅|1|one|∅");
    }

    [Fact]
    public async Task Without_an_order_give_rows_in_order_of_their_values()
    {
        Execute("CREATE TABLE t (a, b); INSERT INTO t VALUES (3, 'x'), (1, 'z'), (1, 'Y'), (2, 'x'), (1, 'y')");
        (await ReadAsync("WITH some AS (SELECT * FROM t ORDER BY b) SELECT * FROM some -- no order at the end")).ShouldBe("a BIGINT, b VARCHAR: 1|Y/1|y/1|z/2|x/3|x");
    }

    [Fact]
    public async Task Are_run_again_when_the_data_changes_even_in_the_log_only()
    {
        Execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();

        (await RunAsync(Component("SELECT a FROM t"))).Result.Nodes.Single().State.ShouldBe(NodeState.Complete);
        (await RunAsync(Component("SELECT a FROM t"))).Result.Nodes.Single().State.ShouldBe(NodeState.Cached);
        var before = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        using (var command = other.CreateCommand())
        {
            command.CommandText = "INSERT INTO t VALUES (2)";
            command.ExecuteNonQuery();
        }

        (await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken)).ShouldBe(before);
        var (result, output) = await RunAsync(Component("SELECT a FROM t"));
        result.Nodes.Single().State.ShouldBe(NodeState.Complete);
        _home.Artifact(result, output).Rows.ShouldBe(2);
    }

    [Theory]
    [InlineData("SELECT * FROM missing", "no such table: missing")]
    [InlineData("SELECT gone FROM t", "no such column: gone")]
    [InlineData("SELECT a FROM t WHERE", "syntax error")]
    [InlineData("SELECT a FROM t LIMIT", "Expected one SELECT")]
    [InlineData("SELECT a FROM (t", "Expected one SELECT")]
    [InlineData("SELECT 'a FROM t", "Expected one SELECT")]
    [InlineData("SELECT a, a FROM t", "the column 'a' stands 2 times")]
    [InlineData("SELECT a AS x, a AS X FROM t", "differ only in upper and lower case")]
    [InlineData("SELECT a FROM t WHERE a > 5", "there are no rows")]
    [InlineData("SELECT x'00' AS b UNION ALL SELECT 'text'", "the column 'b' holds bytes in 1 rows and other values in 1")]
    [InlineData("WITH x AS (SELECT 1) DELETE FROM t", "Expected one SELECT")]
    public async Task That_cannot_be_run_say_why(string query, string reason)
    {
        Execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
        var message = await MessageAsync(query);
        message.ShouldContain(reason);
        message.ShouldContain("Expected");
        message.ShouldContain("data.db");
        using var engine = new SqliteConnection($"Data Source={File};Mode=ReadOnly;Pooling=False");
        engine.Open();
        using var count = engine.CreateCommand();
        count.CommandText = "SELECT count(*) FROM t";
        count.ExecuteScalar().ShouldBe(1L);
    }

    [Theory]
    [InlineData("", "The query is empty. Expected one SELECT.")]
    [InlineData(" -- nothing", "The query is empty. Expected one SELECT.")]
    [InlineData("DELETE FROM t", "The query begins with DELETE. Expected one SELECT")]
    [InlineData("insert into t values (1)", "The query begins with INSERT.")]
    [InlineData("PRAGMA user_version = 1", "The query begins with PRAGMA.")]
    [InlineData("ATTACH 'x' AS y", "The query begins with ATTACH.")]
    [InlineData("SELECT 1; SELECT 2", "has a semicolon with more behind it")]
    [InlineData("SELECT 1; DROP TABLE t;", "has a semicolon with more behind it")]
    public async Task That_are_no_select_are_refused_before_anything_runs(string query, string reason) =>
        (await Should.ThrowAsync<DefinitionException>(() => RunAsync(Component(query)))).Message.ShouldContain(reason);

    [Theory]
    [InlineData("SELECT ';' AS a; -- the end", true, false)]
    [InlineData("SELECT a FROM t ORDER BY a", true, true)]
    [InlineData("SELECT a FROM t order\n/* so */ by a;", true, true)]
    [InlineData("SELECT * FROM (SELECT a FROM t ORDER BY a)", true, false)]
    [InlineData("SELECT 'ORDER BY' FROM t", true, false)]
    [InlineData("SELECT $x$ ; ORDER BY $x$ FROM t", true, false)]
    [InlineData("SELECT \"a;b\" FROM [order by] -- ORDER BY", true, false)]
    [InlineData("(SELECT 1)", true, false)]
    [InlineData("SELECT 1;;", true, false)]
    [InlineData("SELECT 1; x", false, false)]
    public void Are_looked_over(string text, bool isOne, bool isOrdered)
    {
        var query = new SqlQuery(text);
        query.Problems().Any().ShouldBe(!isOne);
        query.IsOrdered.ShouldBe(isOrdered);
    }

    [Fact]
    public async Task Of_files_that_are_no_database_are_refused()
    {
        (await MessageAsync("SELECT 1")).ShouldContain("There is no file");
        _home.Write("data.db", "");
        (await MessageAsync("SELECT 1")).ShouldContain("is empty (0 bytes)");
        _home.Write("data.db", "a,b\n1,2\n");
        (await MessageAsync("SELECT 1")).ShouldContain("is no database of SQLite");
        System.IO.File.Delete(File);
        Execute($"CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('{new string('x', 20_000)}')");
        var whole = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File, whole[..^4096], TestContext.Current.CancellationToken);
        (await MessageAsync("SELECT a FROM t")).ShouldContain("the file was cut, fetch it again");
        Array.Fill(whole, (byte)0xAB, 4096, whole.Length - 4096);
        await System.IO.File.WriteAllBytesAsync(File, whole, TestContext.Current.CancellationToken);
        (await MessageAsync("SELECT a FROM t")).ShouldContain("the database is damaged");
    }
}
