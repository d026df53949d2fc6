using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Testing;

namespace Gyre.Tests.Ingestion;

public sealed class PostgresQueries : IDisposable, IClassFixture<PostgresServer>
{
    const string Variable = "GYRE_TEST_PG_CONNECTION";

    readonly TemporaryHome _home = new();
    readonly PostgresServer _server;

    public PostgresQueries(PostgresServer server)
    {
        _server = server;
        _server.Require();
        Environment.SetEnvironmentVariable(Variable, _server.ConnectionString);
        _server.Execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _home.Dispose();
    }

    async Task<(RunResult Result, Output<Examples> Output)> RunAsync(string query)
    {
        var pipeline = new Pipeline("test");
        var output = pipeline.Add(new IngestSql(Database.Postgres(Variable), query) { Splits = Split.ByHash(("all", 1)) });
        return (await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken), output);
    }

    async Task<string> ReadAsync(string query)
    {
        var (result, output) = await RunAsync(query);
        result.Nodes.Single().Message.ShouldBeNull();
        var file = _home.Artifact(result, output).FileOf("all");
        using var engine = new DataEngine();
        var columns = string.Join(", ", ParquetFile.Columns(engine, file).Select(column => column.SqlType));
        return $"{columns}: {string.Join('/', engine.Query($"SELECT COLUMNS(*)::VARCHAR FROM {ParquetFile.Source(file)}", row =>
            string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => row.IsDBNull(column) ? "∅" : row.GetString(column)))))}";
    }

    async Task<string> MessageAsync(string query)
    {
        var (result, _) = await RunAsync(query);
        result.ExitCode.ShouldBe(1);
        var message = result.Nodes.Single().Message!;
        message.ShouldContain("Expected");
        message.ShouldNotContain(PostgresServer.Secret);
        message.ShouldNotContain("owner");
        return message;
    }

    [Fact]
    public async Task Give_columns_of_the_types_of_the_database()
    {
        (await ReadAsync("SELECT 1::smallint AS a, 2 AS b, 3::bigint AS c, 9007199254740993 AS d, true AS e, 0.1::real AS f, 0.1::float8 AS g, 12.50::numeric(10,2) AS h, 12345678901234567.89 AS i, NULL::integer AS j"))
            .ShouldBe("BIGINT, BIGINT, BIGINT, VARCHAR, BIGINT, DOUBLE, DOUBLE, DOUBLE, VARCHAR, BIGINT: 1|2|3|9007199254740993|1|0.10000000149011612|0.1|12.5|12345678901234567.89|∅");
        (await ReadAsync("SELECT 'ä'::text AS a, 'b'::varchar(5) AS b, DATE '2024-02-29' AS c, TIMESTAMP '2024-02-29 13:14:15.25' AS d, TIMESTAMPTZ '2024-02-29 13:14:15+02' AS e, TIME '13:14' AS f, '\\x00ff'::bytea AS g, '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid AS h, '{\"a\": 1}'::jsonb AS i"))
            .ShouldBe("VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, VARCHAR, BLOB, VARCHAR, VARCHAR: ä|b|2024-02-29|2024-02-29T13:14:15.25|2024-02-29T11:14:15Z|13:14:00|\\x00\\xFF|6ba7b810-9dad-11d1-80b4-00c04fd430c8|{\"a\": 1}");
        (await ReadAsync("SELECT ARRAY['x', 'y'] AS a, ARRAY[1, 2] AS b, ARRAY[0.5::real] AS c, ARRAY[true] AS d, ARRAY[9007199254740993] AS e, '{}'::int[] AS f, NULL::int[] AS g"))
            .ShouldBe("VARCHAR[], BIGINT[], DOUBLE[], BIGINT[], VARCHAR[], BIGINT[], BIGINT[]: [x, y]|[1, 2]|[0.5]|[1]|[9007199254740993]|[]|∅");
    }

    [Fact]
    public async Task Without_an_order_give_rows_in_order_of_their_values_and_otherwise_as_asked()
    {
        _server.Execute("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (2, 'x'), (1, 'z'), (1, 'Y'), (1, 'y')");
        (await ReadAsync("SELECT * FROM t")).ShouldEndWith(": 1|Y/1|y/1|z/2|x");
        (await ReadAsync("SELECT * FROM t ORDER BY a DESC, b COLLATE \"C\" DESC")).ShouldEndWith(": 2|x/1|z/1|y/1|Y");
    }

    [Fact]
    public async Task Are_ingested_again_only_when_their_rows_change()
    {
        _server.Execute("CREATE TABLE t (a int, b text); INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 5000) AS i");
        async Task<NodeState> StateAsync() => (await RunAsync("SELECT a, b FROM t WHERE a > 10")).Result.Nodes.Single().State;

        (await StateAsync()).ShouldBe(NodeState.Complete);
        (await StateAsync()).ShouldBe(NodeState.Cached);
        _server.Execute("UPDATE t SET b = b WHERE a % 3 = 0; DELETE FROM t WHERE a = 5");
        (await StateAsync()).ShouldBe(NodeState.Cached);
        _server.Execute("UPDATE t SET b = 'other' WHERE a = 77");
        (await StateAsync()).ShouldBe(NodeState.Complete);
        (await StateAsync()).ShouldBe(NodeState.Cached);
    }

    [Theory]
    [InlineData("SELECT * FROM missing", "relation \"missing\" does not exist")]
    [InlineData("SELECT 1 AS a\nFROM nowhere", "at line 2, column 6")]
    [InlineData("SELECT 1 +", "syntax error")]
    [InlineData("SELECT 1 / 0 AS a", "division by zero")]
    [InlineData("SELECT nextval('s') AS a", "the query writes")]
    [InlineData("WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM x", "Expected one SELECT")]
    [InlineData("SELECT 1 AS a, 2 AS a", "the column 'a' stands 2 times")]
    [InlineData("SELECT ARRAY[1, NULL] AS a", "a missing value as element 2 of the list in column 'a'")]
    [InlineData("SELECT ARRAY[[1, 2], [3, 4]] AS a", "an array of arrays in column 'a'")]
    [InlineData("SELECT a FROM t WHERE false", "there are no rows")]
    public async Task That_cannot_be_run_say_why(string query, string reason)
    {
        _server.Execute("CREATE TABLE t (a int); CREATE SEQUENCE s");
        (await MessageAsync(query)).ShouldContain(reason);
    }

    [Theory]
    [InlineData("Password=wrong", "the server refused the user or the password")]
    [InlineData("Username=nobody", "the server refused the user or the password")]
    [InlineData("Database=nowhere", "no database of the name in the connection string")]
    [InlineData("Port=1", "the connection to the server failed or broke")]
    [InlineData("Nonsense=1", "holds no connection string")]
    public async Task To_a_server_that_lets_nobody_in_say_so_without_secrets(string setting, string reason)
    {
        Environment.SetEnvironmentVariable(Variable, $"{_server.ConnectionString};{setting}");
        (await MessageAsync("SELECT 1 AS a")).ShouldContain(reason);
        Environment.SetEnvironmentVariable(Variable, null);
        (await MessageAsync("SELECT 1 AS a")).ShouldContain($"The environment variable {Variable} is not set");
    }

    [Fact]
    public async Task Leave_no_secret_in_the_home()
    {
        (await RunAsync("SELECT 1 AS a")).Result.ExitCode.ShouldBe(0);
        Environment.SetEnvironmentVariable(Variable, $"{_server.ConnectionString};Database=nowhere");
        await MessageAsync("SELECT 2 AS a");
        foreach (var file in Directory.EnumerateFiles(_home.Root, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains(PostgresServer.Secret, StringComparison.Ordinal).ShouldBeFalse(file);
        }
    }

    [Fact]
    public void Fail_when_the_server_goes_in_the_middle()
    {
        using var rows = Database.Postgres(Variable).Open(new SqlQuery("SELECT i, repeat('x', 1000) AS filler FROM generate_series(1, 2000000) AS i ORDER BY i"), TestContext.Current.CancellationToken);
        rows.Next().ShouldBeTrue();
        _server.Stop();
        try
        {
            var message = Should.Throw<InvalidDataException>(() =>
            {
                while (rows.Next())
                {
                    // On, until it breaks.
                }
            }).Message;
            message.ShouldContain("rows: the connection to the server failed or broke. Expected a server that answers");
        }
        finally
        {
            _server.Start();
        }
    }
}
