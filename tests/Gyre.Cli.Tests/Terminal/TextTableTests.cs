using Gyre.Cli.Terminal;

namespace Gyre.Cli.Tests.Terminal;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_line_up_and_lines_end_without_spaces()
    {
        var table = new TextTable("name", "rows") { RightAligned = [1] };
        table.Add("a", "7");
        table.Add("longer", "1234");

        table.Lines(null, (text, _) => text).ShouldBe(["name    rows", "a          7", "longer  1234"]);
    }

    [Fact]
    public void The_last_column_is_wrapped_to_the_window_and_stays_in_its_place()
    {
        var table = new TextTable();
        table.Add("node", "a reason that is too long for the window");

        table.Lines(30, (text, _) => text).ShouldBe(["node  a reason that is too", "      long for the window"]);
    }

    [Fact]
    public void Without_a_window_a_row_is_one_line_however_long()
    {
        var table = new TextTable();
        table.Add("node", new string('x', 5000) + " y");

        table.Lines(null, (text, _) => text).ShouldHaveSingleItem();
    }

    [Fact]
    public void Colours_do_not_move_columns()
    {
        var table = new TextTable();
        table.Add(new Cell("good", Tone.Good), "x");
        table.Add(new Cell("not so good", Tone.Bad), "y");

        var lines = table.Lines(null, Ink.Paint).ToList();

        lines[0].ShouldBe("\u001b[32mgood\u001b[0m         x");
        lines[1].ShouldBe("\u001b[31mnot so good\u001b[0m  y");
    }

    [Fact]
    public void Wrapping_keeps_every_word_in_order() => Gen.Select(Gen.String[Gen.Char["ab \n"], 0, 200], Gen.Int[1, 40]).Sample((text, width) =>
        TextTable.Wrap(text, width).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ShouldBe(text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
}
