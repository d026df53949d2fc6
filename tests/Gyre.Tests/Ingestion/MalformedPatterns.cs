using Gyre.Ingestion;
using Gyre.Pipelines;

namespace Gyre.Tests.Ingestion;

/// <summary>Patterns, choices of spans and plans of splits that are wrong: each is a definition error that says what, where and the cure.</summary>
public sealed class MalformedPatterns
{
    static readonly SplitPlan Hash = Split.ByHash(("train", 2), ("eval", 1));

    [Theory]
    [InlineData("data/{SPAN.csv", "character 6: there is a single '{'")]
    [InlineData("data/SPAN}.csv", "character 10: there is a single '}'")]
    [InlineData("data/{{SPAN}}.csv", "character 6: there is a single '{'")]
    [InlineData("data/{}.csv", "character 6: there is {}, which means nothing")]
    [InlineData("data/{FOO}.csv", "character 6: there is {FOO}, which means nothing. Expected {SPAN}")]
    [InlineData("data/{span}.csv", "Expected {SPAN}, in capitals")]
    [InlineData("data/{ SPAN}.csv", "which means nothing")]
    [InlineData("data/{SPAN:0}.csv", "Expected a width of 1 to 18 digits, such as {SPAN:3}")]
    [InlineData("data/{SPAN:-1}.csv", "Expected a width")]
    [InlineData("data/{SPAN:x}.csv", "Expected a width")]
    [InlineData("data/{SPAN:}.csv", "Expected a width")]
    [InlineData("data/{SPAN:19}.csv", "Expected a width")]
    [InlineData("data/{SPAN:02}.csv", "Expected a width")]
    [InlineData("data/{SPAN:1.5}.csv", "Expected a width")]
    [InlineData("data/{SPAN: 3}.csv", "Expected a width")]
    [InlineData("data/{SPAN:99999999999}.csv", "Expected a width")]
    [InlineData("data/{YYYY:4}{MM}{DD}.csv", "Expected {YYYY}: its width is fixed")]
    [InlineData("data/{SPAN}/{SPAN}.csv", "{SPAN} stands 2 times. Expected it once")]
    [InlineData("data/{SPAN}/v{VERSION}/{VERSION}.csv", "{VERSION} stands 2 times")]
    [InlineData("data/{VERSION}.csv", "there is {VERSION} without a span")]
    [InlineData("data/{YYYY}.csv", "the date {YYYY} is not complete")]
    [InlineData("data/{MM}{DD}.csv", "the date {MM}{DD} is not complete")]
    [InlineData("data/{YYYY}{DD}.csv", "the date {YYYY}{DD} is not complete. Expected {YYYY}{MM}{DD} for days, or {YYYY}{MM} for months")]
    [InlineData("data/{SPAN}-{YYYY}{MM}{DD}.csv", "there are both {SPAN} and a date")]
    [InlineData("data/{SPAN}{VERSION}.csv", "where {SPAN} ends and {VERSION} begins cannot be told")]
    [InlineData("data/{VERSION}{YYYY}{MM}.csv", "where {VERSION} ends and {YYYY} begins cannot be told")]
    [InlineData("", "The path is empty")]
    public void A_wrong_path_is_a_definition_error(string path, string expected) => Errors(new IngestCsv(path)).ShouldContain(error => error.Contains(expected, StringComparison.Ordinal));

    public static TheoryData<SpanSelection, string, string> WrongSpans => new()
    {
        { Span.Of(-1), "s{SPAN}.csv", "Spans begins at span -1. Expected 0 or more." },
        { Span.Range(5, 1), "s{SPAN}.csv", "Spans reaches from span 5 to span 1. Expected the first to be before the last: Span.Range(1, 5)." },
        { Span.Range(1, 5, exclude: 7), "s{SPAN}.csv", "Spans leaves out span 7, which is not among 1 to 5" },
        { Span.Range(1, 2, 1, 2), "s{SPAN}.csv", "Spans leaves out all of the spans 1 to 2" },
        { Span.Rolling(0), "s{SPAN}.csv", "Spans takes a window of 0 spans. Expected at least 1." },
        { Span.Rolling(3, skipRecent: -1), "s{SPAN}.csv", "Spans skips -1 of the newest spans" },
        { Span.Rolling(3, exclude: [-4]), "s{SPAN}.csv", "Spans leaves out span -4" },
        { Span.Rolling(3, start: -2), "s{SPAN}.csv", "Spans starts at span -2" },
        { Span.Of(1).WithVersion(-1), "s{SPAN}-{VERSION}.csv", "Spans asks for version -1" },
        { Span.Of(1).WithVersion(2), "s{SPAN}.csv", "Spans asks for version 2, but the path 's{SPAN}.csv' does not tell versions. Expected {VERSION} in it" },
        { Span.Of(1), "s.csv", "Spans chooses span 1, but the path 's.csv' does not tell spans. Expected {SPAN}" },
        { Span.Rolling(6), "s-*.csv", "Spans chooses the newest 6 spans, but the path 's-*.csv' does not tell spans" },
    };

    [Theory]
    [MemberData(nameof(WrongSpans), DisableDiscoveryEnumeration = true)]
    public void A_wrong_choice_of_spans_is_a_definition_error(SpanSelection spans, string path, string expected) =>
        Errors(new IngestCsv(path) { Spans = spans }).ShouldContain(error => error.Contains(expected, StringComparison.Ordinal));

    public static TheoryData<SplitPlan, string> WrongSplits => new()
    {
        { Split.ByHash(), "There are no splits. Expected at least one" },
        { Split.ByHash(("train", 0)), "The split 'train' has 0 buckets. Expected 1 to 1,000,000." },
        { Split.ByHash(("train", 2_000_000)), "has 2000000 buckets" },
        { Split.ByHash(("a b", 1)), "A split is named 'a b'. Expected letters, digits" },
        { Split.ByHash(("../x", 1)), "A split is named '../x'" },
        { Split.ByHash(("Train", 1), ("train", 1)), "2 splits are named 'Train'" },
        { Split.Stratified("", ("train", 1)), "decided by a column without a name" },
        { Split.Stratified("nothing", ("train", 1)), "Splits names the column 'nothing', which is not among the columns" },
        { Split.ByTime("date"), "There are no splits" },
        { Split.ByTime("date", ("train", null), ("eval", null)), "The split 'train' has no end. Expected one for every split but the last" },
        { Split.ByTime("date", ("train", "2015-01-01"), ("eval", "2016-01-01")), "The last split 'eval' ends at '2016-01-01', so that later rows have no split" },
        { Split.ByTime("date", ("train", "01/31/2015"), ("eval", null)), "The split 'train' ends at '01/31/2015'. Expected an ISO date" },
        { Split.ByTime("date", ("train", "2015-02-30"), ("eval", null)), "The split 'train' ends at '2015-02-30'" },
        { Split.ByTime("date", ("a", "2016-01-01"), ("b", "2015-01-01"), ("c", null)), "'a' ends at '2016-01-01', which is not before '2015-01-01'" },
        { Split.ByTime("date", ("a", "2016-01-01"), ("b", "20170101"), ("c", null)), "a date and a number. Expected ends of one kind." },
        { Split.FromFolders(("train", "")), "The split 'train' has no pattern" },
        { Split.FromFolders(("train", "/data/*.csv")), "an absolute path. Expected a path below that of the component" },
        { Split.FromFolders(("train", "{SPAN}/*.csv"), ("eval", "e/*.csv")), "number spans in different ways" },
        { Split.FromFolders(("train", "{SPN}/*.csv")), "{SPN}, which means nothing" },
        { Split.ByTfxFeature("", ("train", 1)), "decided by a column without a name" },
    };

    [Theory]
    [MemberData(nameof(WrongSplits), DisableDiscoveryEnumeration = true)]
    public void A_wrong_plan_of_splits_is_a_definition_error(SplitPlan splits, string expected) =>
        Errors(new IngestCsv("data") { Splits = splits, Columns = ["date", "label"] }).ShouldContain(error => error.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Shares_of_time_cannot_be_taken_of_each_span() =>
        Errors(new IngestCsv("s{SPAN}.csv") { Spans = Span.Rolling(3), Splits = Split.ByTimeShares("date", ("train", 8), ("eval", 2)) })
            .ShouldContain(error => error.Contains("Split by moments with Split.ByTime, or read one span", StringComparison.Ordinal));

    [Fact]
    public void SplitBy_goes_only_with_splits_by_hash() =>
        Errors(new IngestCsv("s.csv") { SplitBy = ["a"], Splits = Split.Stratified("a", ("train", 1)), Columns = ["a"] })
            .ShouldContain(error => error.Contains("SplitBy is set, but the splits are not made by hash", StringComparison.Ordinal));

    [Fact]
    public void All_errors_are_told_at_once() =>
        Errors(new IngestCsv("{SPAN:0}{FOO}.csv") { Spans = Span.Rolling(0), Splits = Hash, SplitBy = [] }).Count.ShouldBe(4);

    static List<string> Errors(IngestCsv component)
    {
        var pipeline = new Pipeline("test");
        pipeline.Add(component);
        return [.. pipeline.Check().Select(error => error.ToString())];
    }
}
