using System.Text;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class CsvSplits : IDisposable
{
    static readonly CsvOptions Options = new() { Splits = Split.ByHash(("train", 9), ("eval", 1)) };

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    static string[] SomeRows(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i},\"text {i * 7919 % 1000}\",{(i % 3 == 0 ? "" : "x")}")];

    static string Csv(IEnumerable<string> rows, string header = "id,text,flag") => $"{header}\n{string.Join('\n', rows)}\n";

    [Fact]
    public void Shares_are_about_as_asked()
    {
        var result = _bench.IngestText(Csv(SomeRows(20_000)), new CsvOptions { Splits = Split.ByHash(("train", 7), ("eval", 2), ("test", 1)) });

        result.RowsOfSplits.Select(split => split.Key).ShouldBe(["train", "eval", "test"]);
        result.RowsOfSplits[0].Value.ShouldBeInRange(13_700, 14_300);
        result.RowsOfSplits[1].Value.ShouldBeInRange(3_700, 4_300);
        result.RowsOfSplits[2].Value.ShouldBeInRange(1_800, 2_200);
        result.RowsOfSplits.Sum(split => split.Value).ShouldBe(20_000);
    }

    [Fact]
    public void The_same_rows_are_in_the_same_split_in_any_order_and_company()
    {
        var rows = SomeRows(3_000);
        _bench.IngestText(Csv(rows), Options);
        var eval = _bench.Rows("eval").Select(row => row[0]).ToHashSet();
        var shuffled = rows.ToArray();
        new Random(5).Shuffle(shuffled);
        _bench.Write("first.csv", Csv(shuffled.Take(1_000)));
        _bench.Write("second.csv", Csv(shuffled.Skip(1_000)));

        _bench.Ingest(Options, "first.csv", "second.csv");

        _bench.Rows("eval").Select(row => row[0]).ShouldBe(eval, ignoreOrder: true);
        _bench.Rows("train").Select(row => row[0]).ShouldBe(
            shuffled.Select(row => row[..row.IndexOf(',', StringComparison.Ordinal)]).Where(id => !eval.Contains(id)), "rows keep the order of the files");
        _bench.Ingest(Options, "second.csv");
        _bench.Rows("eval").ShouldAllBe(row => eval.Contains(row[0]));
    }

    [Fact]
    public void The_order_of_columns_and_the_way_of_quoting_do_not_matter()
    {
        _bench.IngestText("a,b\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},t{i}\n")), Options);
        var eval = _bench.Rows("eval").Select(row => row[0]).ToList();

        _bench.IngestText("b,a\r\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"\"t{i}\",\"{i}\"\r\n")), Options);

        _bench.Rows("eval").Select(row => row[1]).ShouldBe(eval);
    }

    [Fact]
    public void Rows_that_agree_in_the_chosen_columns_stay_together()
    {
        var rows = Enumerable.Range(0, 2_000).Select(i => $"{i},customer {i % 200},");
        _bench.IngestText(Csv(rows), Options with { SplitBy = ["text"] });

        var train = _bench.Rows("train").Select(row => row[1]).ToHashSet();
        var eval = _bench.Rows("eval").Select(row => row[1]).ToHashSet();
        train.Overlaps(eval).ShouldBeFalse();
        (train.Count + eval.Count).ShouldBe(200);
    }

    /// <summary>Data that was split once must be split the same way by every later version; a change here needs a new CodeVersion.</summary>
    [Fact]
    public void Decisions_never_change()
    {
        using var rule = Split.ByHash(("train", 9), ("eval", 1)).NewRule(["a", "b"], null);
        var decisions = new StringBuilder();
        for (var row = 0; row < 40; row++)
        {
            rule.Add(Encoding.UTF8.GetBytes($"row {row}"));
            rule.AddMissing();
            decisions.Append(rule.Decide());
        }

        decisions.ToString().ShouldBe("0000011000000001000000000100000000111010");
    }

    [Fact]
    public void Missing_and_neighbouring_values_are_told_apart()
    {
        using var rule = Split.ByHash([.. Enumerable.Range(0, 1000).Select(i => ($"s{i}", 1))]).NewRule(["a"], null);
        int Decide(params string?[] values)
        {
            foreach (var value in values)
            {
                if (value is null)
                    rule.AddMissing();
                else
                    rule.Add(Encoding.UTF8.GetBytes(value));
            }

            return rule.Decide();
        }

        int[] decisions = [Decide("a", "b"), Decide("ab", ""), Decide("", "ab"), Decide("a", null, "b"), Decide("ab"), Decide(null, "ab")];
        decisions.Distinct().Count().ShouldBe(decisions.Length);
        Decide("a", "b").ShouldBe(decisions[0]);
    }

    [Fact]
    public void A_split_without_examples_is_an_error_with_its_cure()
    {
        Should.Throw<InvalidDataException>(() => _bench.IngestText("a\n1\n", Options)).Message.ShouldContain("got none of the 1 examples");
        Should.Throw<InvalidDataException>(() => _bench.IngestText(Csv(Enumerable.Range(0, 100).Select(i => $"{i},same,")), Options with { SplitBy = ["text"] })).Message
            .ShouldContain("or split by a column with more different values");
    }

    [Fact]
    public void The_same_files_give_the_same_bytes()
    {
        var csv = Csv(SomeRows(50_000));
        _bench.IngestText(csv, Options);
        var (train, eval) = (_bench.Bytes("train"), _bench.Bytes("eval"));

        _bench.IngestText(csv, Options);

        _bench.Bytes("train").AsSpan().SequenceEqual(train).ShouldBeTrue();
        _bench.Bytes("eval").AsSpan().SequenceEqual(eval).ShouldBeTrue();
    }
}
