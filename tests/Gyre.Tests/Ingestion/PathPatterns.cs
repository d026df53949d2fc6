using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class PathPatterns : IDisposable
{
    static readonly SplitPlan OneSplit = Split.ByHash(("all", 1));

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-pattern-");

    public void Dispose() => _directory.Delete(recursive: true);

    string In(string path) => Path.Combine(_directory.FullName, path);

    void Make(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
            File.WriteAllText(In(name), "");
        }
    }

    /// <summary>What is found, a file to each: span.version:path.</summary>
    string Found(string pattern, SpanSelection? spans = null, SplitPlan? splits = null) => string.Join(' ', SpanFinder.Find(In(pattern), splits ?? OneSplit, spans ?? Span.Latest)
        .SelectMany(span => span.Files.Select(file => $"{span.Span}.{span.Version}:{Path.GetRelativePath(_directory.FullName, file.Path)}")));

    string Message(string pattern, SpanSelection? spans = null, SplitPlan? splits = null) => Should.Throw<InvalidDataException>(() => Found(pattern, spans, splits)).Message;

    [Fact]
    public void The_newest_span_and_of_it_the_newest_version_are_found()
    {
        Make("span-1/v-1/data.csv", "span-2/v-1/data.csv", "span-2/v-10/data.csv", "span-2/v-9/data.csv", "span-10x/v-1/data.csv");

        Found("span-{SPAN}/v-{VERSION}/*").ShouldBe("2.10:span-2/v-10/data.csv");
        Found("span-{SPAN}/v-{VERSION}/*", Span.Of(1)).ShouldBe("1.1:span-1/v-1/data.csv");
        Found("span-{SPAN}/v-{VERSION}/*", Span.Of(2).WithVersion(9)).ShouldBe("2.9:span-2/v-9/data.csv");
        Found("span-{SPAN}/v-{VERSION}/*", Span.Range(1, 2)).ShouldBe("1.1:span-1/v-1/data.csv 2.10:span-2/v-10/data.csv");
    }

    [Fact]
    public void Numbers_of_fixed_width_take_exactly_so_many_digits()
    {
        Make("x01.csv", "x02.csv", "x3.csv", "x004.csv");

        Found("x{SPAN:2}.csv").ShouldBe("2.0:x02.csv");
        Found("x{SPAN:3}.csv").ShouldBe("4.0:x004.csv");
        Found("x{SPAN:1}.csv").ShouldBe("3.0:x3.csv");
        Found("x{SPAN:2}.csv", Span.Rolling(5)).ShouldBe("1.0:x01.csv 2.0:x02.csv");
    }

    [Fact]
    public void Dates_are_days_and_months_since_1970()
    {
        Make("d/20150228/a.csv", "d/20150301/a.csv", "m-2015-01.csv", "m-2015-02.csv");

        Found("d/{YYYY}{MM}{DD}/*.csv").ShouldBe($"{Span.Day(2015, 3, 1)}.0:d/20150301/a.csv");
        Span.Day(2015, 3, 1).ShouldBe(16495, "the number that TFX gives this day");
        Span.Day(1970, 1, 2).ShouldBe(1);
        Found("m-{YYYY}-{MM}.csv", Span.Of(Span.Month(2015, 1))).ShouldBe($"{45 * 12}.0:m-2015-01.csv");
        Found("m-{YYYY}-{MM}.csv", Span.Rolling(2)).ShouldBe($"{45 * 12}.0:m-2015-01.csv {(45 * 12) + 1}.0:m-2015-02.csv");
    }

    [Fact]
    public void A_file_with_a_date_that_there_is_not_is_named()
    {
        Make("20150230.csv", "20150301.csv");

        Message("{YYYY}{MM}{DD}.csv").ShouldContain("20150230.csv' fits");
        Message("{YYYY}{MM}{DD}.csv").ShouldContain("the date 2015-02-30. Expected a date");
    }

    [Theory]
    [InlineData("a*{SPAN}.csv")]
    [InlineData("*{SPAN}*.csv")]
    [InlineData("a?{SPAN}.csv")]
    public void A_number_beside_a_wildcard_has_all_its_digits(string pattern)
    {
        Make("a-120.csv", "a-13.csv");

        Found(pattern).ShouldBe("120.0:a-120.csv");
    }

    [Fact]
    public void Wildcards_gather_all_files_of_a_span_and_leave_hidden_ones_and_folders_out()
    {
        Make("span1/a.csv", "span2/b.csv", "span2/a.csv", "span2/.hidden.csv", "span2/folder/c.csv", "span2/c.txt");

        Found("span{SPAN}/*.csv").ShouldBe("2.0:span2/a.csv 2.0:span2/b.csv");
    }

    [Fact]
    public void A_window_rolls_skips_and_leaves_out_as_in_TFX()
    {
        Make([.. new[] { 1, 2, 4, 5, 7, 9 }.Select(span => $"s{span}.csv")]);
        string Spans(SpanSelection selection) => string.Join(',', SpanFinder.Find(In("s{SPAN}.csv"), OneSplit, selection).Select(span => span.Span));

        Spans(Span.Rolling(3)).ShouldBe("5,7,9");
        Spans(Span.Rolling(3, skipRecent: 1)).ShouldBe("4,5,7");
        Spans(Span.Rolling(3, skipRecent: 1, exclude: [5])).ShouldBe("4,7", "excluded spans are not made up for");
        Spans(Span.Rolling(100)).ShouldBe("1,2,4,5,7,9");
        Spans(Span.Rolling(100, start: 3)).ShouldBe("4,5,7,9");
        Spans(Span.Range(2, 7)).ShouldBe("2,4,5,7");
        Spans(Span.Range(2, 7, exclude: 4)).ShouldBe("2,5,7");
        Spans(Span.Of(4)).ShouldBe("4");
    }

    [Fact]
    public void Nothing_found_tells_the_pattern_the_folder_and_what_is_like_it()
    {
        Make("data/span-3.csv", "data/other.csv");

        var message = Message("data/span-{SPAN:2}.csv");
        message.ShouldContain("data/span-{SPAN:2}.csv' means no file: looked in '" + In("data"));
        message.ShouldContain("where 'span-3.csv' is not quite it");
        message.ShouldNotContain("other.csv");
        Message("none/{SPAN}.csv").ShouldContain("means no file");
        Message("data/span-{SPAN}.csv", Span.Of(9)).ShouldContain("has no span 9. There are the spans 3.");
        Message("data/span-{SPAN}.csv", Span.Rolling(2, skipRecent: 1)).ShouldContain("before the last 1. There are the spans 3.");
    }

    [Fact]
    public void What_is_there_twice_is_an_error_that_names_both()
    {
        Make("s1.csv", "s01.csv", "t1-v1.csv", "t1-v01.csv");

        Message("s{SPAN}.csv").ShouldContain("finds span 1 more than once");
        Message("s{SPAN}.csv").ShouldContain("s01.csv' and '");
        Message("t{SPAN}-v{VERSION}.csv").ShouldContain("finds span 1, version 1, more than once");
        Found("s{SPAN:2}.csv").ShouldBe("1.0:s01.csv");
    }

    [Fact]
    public void Splits_from_folders_must_all_have_the_span_and_the_version()
    {
        var splits = Split.FromFolders(("train", "{SPAN}/v{VERSION}/train/*.csv"), ("eval", "{SPAN}/v{VERSION}/eval/*.csv"));
        Make("1/v1/train/a.csv", "1/v1/eval/b.csv", "1/v2/train/a.csv", "2/v1/train/a.csv");

        var found = SpanFinder.Find(_directory.FullName, splits, Span.Of(1).WithVersion(1)).Single();
        found.Files.Select(file => file.Split).ShouldBe([0, 1]);
        Message("", Span.Of(1), splits).ShouldContain("has no version 2 of span 1. There are the versions 1.");
        Message("", Span.Latest, splits).ShouldContain("has no version 1 of span 2.");
    }

    [Fact]
    public void Plain_paths_and_wildcards_are_one_span_of_number_0()
    {
        Make("b.csv", "a.csv", "odd{SPAN.csv");

        Found("*.csv").ShouldBe("0.0:a.csv 0.0:b.csv 0.0:odd{SPAN.csv");
        Found("none.csv").ShouldBe("0.0:none.csv", "whoever opens it says that it is missing");
        Found("", splits: Split.FromFolders(("x", "b.csv"), ("y", "a.csv"))).ShouldBe("0.0:b.csv 0.0:a.csv");
    }

    [Fact]
    public void Every_number_written_into_a_pattern_is_read_out_of_it() => Gen.Select(Gen.Long[0, 99_999], Gen.Long[0, 999], Gen.Int[5, 8], Gen.Bool).Sample(
        (span, version, width, isFixed) =>
        {
            using var one = new PathPatterns();
            one.Make(isFixed ? $"p/{span.ToString($"D{width}", System.Globalization.CultureInfo.InvariantCulture)}{version:D3}x/f.csv" : $"p/s{span}-{version}x/f.csv");

            var file = SpanFinder.Find(one.In(isFixed ? $"p/{{SPAN:{width}}}{{VERSION:3}}x/*" : "p/s{SPAN}-{VERSION}?/*"), OneSplit, Span.Latest).Single();

            (file.Span, file.Version).ShouldBe((span, version));
        },
        iter: 100,
        threads: 1);
}
