using Gyre.Data;

namespace Gyre.Tests.Data;

public sealed class TheDataEngine
{
    [Fact]
    public void Queries_stream_their_rows()
    {
        using var engine = new DataEngine(threads: 2);

        engine.Query("SELECT i FROM range(1000000000) t(i)", row => row.GetInt64(0)).Take(3).ShouldBe([0, 1, 2]);
        engine.Scalar<long>("SELECT count(*) FROM range(10)").ShouldBe(10);
    }

    [Fact]
    public void A_query_without_a_value_says_so()
    {
        using var engine = new DataEngine();

        Should.Throw<InvalidOperationException>(() => engine.Scalar<long>("SELECT NULL::BIGINT")).Message.ShouldContain("SELECT NULL");
        Should.Throw<InvalidOperationException>(() => engine.Scalar<long>("SELECT 1 WHERE false"));
    }

    [Fact]
    public void Nothing_is_fetched_from_the_network()
    {
        using var engine = new DataEngine();

        engine.Scalar<string>("SELECT current_setting('autoinstall_known_extensions')::VARCHAR").ShouldBe("false");
        engine.Scalar<string>("SELECT current_setting('autoload_known_extensions')::VARCHAR").ShouldBe("false");
    }

    [Fact]
    public void A_statement_that_takes_long_can_be_cancelled()
    {
        using var engine = new DataEngine();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        Should.Throw<OperationCanceledException>(() => engine.Run("SELECT sum(hash(i)) FROM range(1000000000000) t(i)", soon.Token));

        engine.Scalar<long>("SELECT 1::BIGINT").ShouldBe(1);
    }

    [Fact]
    public void Each_engine_has_tables_of_its_own()
    {
        using var first = new DataEngine();
        using var second = new DataEngine();

        first.Execute("CREATE TABLE only_here (x INTEGER)");

        second.Scalar<long>("SELECT count(*) FROM duckdb_tables()").ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_left_in_the_working_directory()
    {
        using var engine = new DataEngine();
        engine.Execute("CREATE TABLE t AS SELECT i, random() AS r FROM range(100000) t(i)");
        engine.Scalar<long>("SELECT count(*) FROM (SELECT * FROM t ORDER BY r)").ShouldBe(100_000);

        Directory.Exists(".tmp").ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain", "\"plain\"", "'plain'")]
    [InlineData("a\"b'c", "\"a\"\"b'c\"", "'a\"b''c'")]
    public void Names_and_texts_are_quoted(string text, string identifier, string literal)
    {
        SqlText.Identifier(text).ShouldBe(identifier);
        SqlText.Literal(text).ShouldBe(literal);
    }
}
