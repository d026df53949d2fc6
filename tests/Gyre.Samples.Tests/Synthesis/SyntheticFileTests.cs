using Synthesis;

namespace Gyre.Samples.Tests.Synthesis;

public sealed class SyntheticFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        using var elsewhere = new TemporaryFolder();
        var one = File.ReadAllBytes(Ensure(rows: 50).Path);
        File.ReadAllBytes(SyntheticFile.Ensure(new Coins(), elsewhere.Path, 50, seed: 1).Path).ShouldBe(one);
        File.ReadAllBytes(Ensure(rows: 50, seed: 2).Path).ShouldNotBe(one);
    }

    [Fact]
    public void Fewer_rows_are_the_first_of_more()
    {
        var few = File.ReadAllText(Ensure(rows: 20).Path);
        File.ReadAllText(Ensure(rows: 60).Path).ShouldStartWith(few);
    }

    [Fact]
    public void A_file_that_is_there_is_left_alone()
    {
        var first = Ensure(rows: 10);
        var written = File.GetLastWriteTimeUtc(first.Path);
        var second = Ensure(rows: 10);
        (first.Made, second.Made).ShouldBe((true, false));
        second.Facts.ShouldBe(first.Facts);
        File.GetLastWriteTimeUtc(first.Path).ShouldBe(written);
    }

    [Theory]
    [InlineData("cut short")]
    [InlineData("of older rules")]
    [InlineData("without facts")]
    [InlineData("with facts that are no JSON")]
    public void A_file_that_is_not_as_it_should_be_is_made_anew(string kind)
    {
        var file = Ensure(rows: 10);
        var whole = File.ReadAllBytes(file.Path);
        switch (kind)
        {
            case "cut short":
                File.WriteAllBytes(file.Path, whole[..^5]);
                break;
            case "of older rules":
                File.WriteAllText(file.Path + ".json", File.ReadAllText(file.Path + ".json").Replace("\"version\": 1", "\"version\": 0", StringComparison.Ordinal));
                break;
            case "without facts":
                File.Delete(file.Path + ".json");
                break;
            default:
                File.WriteAllText(file.Path + ".json", "{ \"rows\":");
                break;
        }

        Ensure(rows: 10).Made.ShouldBeTrue();
        File.ReadAllBytes(file.Path).ShouldBe(whole);
        Ensure(rows: 10).Made.ShouldBeFalse();
    }

    [Fact]
    public void The_facts_tell_what_the_file_holds()
    {
        var file = Ensure(rows: 400);
        var labels = CsvText.Parse(File.ReadAllText(file.Path)).Skip(1).Select(row => row[1]).ToList();
        file.Facts.Synthetic.ShouldBeTrue();
        file.Facts.Rows.ShouldBe(labels.Count);
        file.Facts.Bytes.ShouldBe(new FileInfo(file.Path).Length);
        file.Facts.PositiveShare.ShouldBe(labels.Count(label => label == "1") / 400.0);
        file.Facts.AttainableAuc!.Value.ShouldBeInRange(0.7, 0.9);
        File.ReadAllText(file.Path + ".json").ShouldContain("\"synthetic\": true");
    }

    [Fact]
    public void Labels_that_are_all_the_same_have_no_attainable_value() => Ensure(rows: 1).Facts.AttainableAuc.ShouldBeNull();

    [Fact]
    public void Leftovers_of_killed_processes_go_and_those_of_living_ones_stay()
    {
        var name = Path.Combine(_folder.Path, "coins-10-seed1.csv");
        // The first process of a machine always lives.
        var (dead, alive) = ($"{name}.999999999.tmp", $"{name}.1.tmp");
        File.WriteAllText(dead, "half");
        File.WriteAllText(alive, "half");
        Ensure(rows: 10);
        File.Exists(dead).ShouldBeFalse();
        File.Exists(alive).ShouldBeTrue();
    }

    [Fact]
    public void A_directory_that_cannot_be_written_to_is_named()
    {
        var blocked = Path.Combine(_folder.Path, "file");
        File.WriteAllText(blocked, "in the way");
        Should.Throw<IOException>(() => SyntheticFile.Ensure(new Coins(), blocked, 10, seed: 1)).Message.ShouldContain($"cannot be written to {blocked}");
    }

    [Fact]
    public void What_was_begun_is_removed_when_it_fails()
    {
        Should.Throw<InvalidOperationException>(() => SyntheticFile.Ensure(new Coins { BreakAt = 5 }, _folder.Path, 10, seed: 1));
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void No_rows_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => Ensure(rows: 0)).ParamName.ShouldBe("rows");

    SyntheticFile Ensure(int rows, int seed = 1) => SyntheticFile.Ensure(new Coins(), _folder.Path, rows, seed);

    sealed class Coins : SyntheticTable
    {
        int _made;

        public int BreakAt { get; init; } = int.MaxValue;

        public override string Name => "coins";

        public override int Version => 1;

        public override IReadOnlyList<string> Columns => ["bias", "heads"];

        public override Outcome Fill(CsvRow row, Dice dice)
        {
            if (++_made == BreakAt)
                throw new InvalidOperationException("The table breaks here.");
            var bias = dice.Normal();
            var outcome = Outcome.Draw(2 * bias, dice);
            row.Add(bias.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).Add(outcome.Positive ? "1" : "0");
            return outcome;
        }
    }
}
