using Gyre.Data;
using Gyre.Onnx;
using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>What kernels compute is what the graph computes, bit by bit.</summary>
public sealed class KernelTests
{
    static readonly string?[] Odd =
    [
        null, "", " ", "a", "B", "A b", "c c c", "it's O'Neil's", "é", "ÀÉ Straße İ", "\U0001F600 x", "\u2028y", "\0a\0", "x\ny\tz\r\n", "\v w\f ", "300XX", "[12] 3456-789",
        "12", " -0 ", "+1.5e3", ".5", "5.", ".", "1e", "1e999", "0x10", "NaN", "inf", "1_000", "12abc", "1.7976931348623157e30", "4.9e-32", "0.1", "\u00a0" + "7", "١٢",
        "123456789012345678901234567890.123456789", "9007199254740993", "2.2250738585072011e-8", "-12.25", "1E5", "1e+05", "00012.500", "8.5 9",
    ];

    static readonly Gen<string?> Digits = Gen.Char["0123456789+-.eE \t"].Array[0, 12].Select(text => (string?)new string(text));

    static readonly Gen<string?> Ascii = Gen.Char['\0', '\x7f'].Array[0, 60].Select(text => (string?)new string(text));

    static readonly Gen<string?> Texts = Gen.Frequency(
        (3, Gen.Int[0, Odd.Length - 1].Select(i => Odd[i])), (1, Gen.String.Select(text => (string?)text)), (2, Digits), (2, Ascii),
        (1, Gen.Int[0, Odd.Length - 1].Array[0, 40].Select(words => (string?)string.Join(' ', words.Select(i => Odd[i])))));

    static readonly Gen<double> Numbers = Gen.Frequency(
        (1, Gen.Const(double.NaN)), (1, Gen.OneOf(Array.ConvertAll<double, Gen<double>>([double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, -double.MaxValue, double.Epsilon, -0.0, 1e39, -3.5e38, -1.148e-87, 1 + 1e-9], number => Gen.Const(number)))),
        (3, Gen.Double[-100, 100]), (1, Gen.Double), (2, Gen.Int[0, 5].Select(i => (double)i)));

    internal static readonly Gen<ExampleBatch> Batches = Gen.Int[1, 80].SelectMany(rows => Gen.Select(
        Texts.Array[rows], Texts.Array[rows], Numbers.Array[rows], Numbers.Array[rows],
        (texts, others, numbers, more) => Batch(("t", texts), ("u", others), ("n", numbers), ("m", more))));

    public static TheoryData<string> Operators => [.. Definitions.Keys];

    internal static Dictionary<string, Action<FeatureBuilder>> Definitions { get; } = new(StringComparer.Ordinal)
    {
        ["text, vocabulary, one-hot"] = f => f.Output("x", f.Text("t").Vocabulary(top: 5).OneHot()),
        ["vocabulary without others, category"] = f => f.Output("x", f.Text("t").Vocabulary(top: 5, oovBuckets: 0).AsCategory()),
        ["vocabulary with missing as one of the others"] = f => f.Output("x", f.Text("t").Vocabulary(new VocabularyOptions { Top = 5, MissingIsOov = true }).OneHot()),
        ["numbers as texts"] = f => f.Output("x", f.Text("n").Vocabulary(top: 50).OneHot()),
        ["lower"] = f => f.Output("x", f.Text("t").Lower().Vocabulary(top: 40).OneHot()),
        ["trim"] = f => f.Output("x", f.Text("t").Trim().Vocabulary(top: 40).OneHot()),
        ["trim, lower, fill"] = f => f.Output("x", f.Text("t").Trim().Lower().FillMissing("none é").Vocabulary(top: 40).OneHot()),
        ["extract a number of digits"] = f => f.Output("x", f.Text("t").Extract("[0-9]{3}").Vocabulary(top: 40).OneHot()),
        ["extract a range of digits"] = f => f.Output("x", f.Text("t").Extract(@"\d{2,4}").Vocabulary(top: 40).OneHot()),
        ["extract a run"] = f => f.Output("x", f.Text("t").Extract(@"[\w.-]+").Vocabulary(top: 40).OneHot()),
        ["extract what is no space"] = f => f.Output("x", f.Text("t").Extract("[^ ]+").Vocabulary(top: 40).OneHot()),
        ["to number"] = f => f.Output("x", f.Text("t").ToNumber().FillMissing(-7)),
        ["to number, buckets"] = f => f.Output("x", f.Text("t").Extract("[0-9]{3}").ToNumber().Bucketize(4).OneHot()),
        ["count of tokens"] = f => f.Output("x", f.Text("t").Tokens("[a-z]{2,3}").Count()),
        ["most frequent text"] = f => f.Output("x", f.Text("t").FillMissingWithMostFrequent().Vocabulary(top: 40).OneHot()),
        ["most frequent number, given buckets"] = f => f.Output("x", f.Number("n").FillMissingWithMostFrequent().BucketizeAt(-1, 0, 2.5).OneHot()),
        ["length"] = f => f.Output("x", f.Text("t").Length()),
        ["missing text"] = f => f.Output("x", f.Text("t").IsMissing()),
        ["tokens by runs"] = f => f.Output("x", f.Text("t").Lower().Tokens("[a-z0-9']+").Vocabulary(top: 30, minCount: 2)),
        ["tokens by runs, upper case"] = f => f.Output("x", f.Text("t").Tokens("[A-Za-z]+").Vocabulary(top: 30)),
        ["tokens of beyond ASCII"] = f => f.Output("x", f.Text("t").Tokens(@"[^\s,]+").Vocabulary(top: 30)),
        ["tokens of limited length"] = f => f.Output("x", f.Text("t").Lower().Tokens("[a-z0-9]{1,2}").Vocabulary(top: 30)),
        ["tokens without others"] = f => f.Output("x", f.Text("t").Lower().Tokens(@"\w+").Vocabulary(top: 3, oovBuckets: 0)),
        ["number"] = f => f.Output("x", f.Number("n").FillMissing(0.1)),
        ["missing number"] = f => f.Output("x", f.Number("n").IsMissing()),
        ["z-score"] = f => f.Output("x", f.Number("n").ScaleToZScore()),
        ["unit"] = f => f.Output("x", f.Number("n").FillMissingWithMedian().ScaleToUnit()),
        ["mean, clip"] = f => f.Output("x", f.Number("n").FillMissingWithMean().Clip(-20, 20.1)),
        ["buckets"] = f => f.Output("x", f.Number("n").Bucketize(5).OneHot()),
        ["between numbers"] = f => f.Output("x", f.Number("n").ScaleToMinMax().FillMissing(2)),
        ["between numbers around zero"] = f => f.Output("x", f.Number("n").ScaleToMinMax(-1, 1.5).FillMissing(2)),
        ["constants"] = f => f.Output("x", ((((f.Number("n") * 3) + 0.5) / 7) - 2.25).FillMissing(1)),
        ["constants that change nothing"] = f => f.Output("x", ((((f.Number("n") * 1) + 0) / 1) - 0).FillMissing(1)),
        ["constants that change next to nothing"] = f => f.Output("x", ((((f.Number("n") * (1 + 1e-9)) + 1e-60) / (1 - 1e-10)) - 1e-70).FillMissing(1)),
        ["arithmetic"] = f => f.Output("x", (((f.Number("n") * f.Number("m")) + f.Number("n")) / (f.Number("m") - 3)).FillMissing(1)),
        ["comparisons"] = f => f.Output("x", ((f.Number("n") < f.Number("m")) + ((f.Number("n") >= 2) * 2) + ((f.Number("m") <= f.Number("n")) * 4) + ((f.Number("n") > 0) * 8)).FillMissing(-1)),
        ["equality"] = f => f.Output("x", f.Number("n").IsEqualTo(f.Number("m")).FillMissing(-1)),
        ["logic"] = f => f.Output("x", ((f.Number("n") & f.Number("m")) + ((f.Number("n") | f.Number("m")) * 2) + (!f.Number("n") * 4)).FillMissing(-1)),
        ["if"] = f => f.Output("x", f.If(f.Number("n") > 1, f.Number("m"), 7).FillMissing(-1)),
        ["if of texts"] = f => f.Output("x", f.If(f.Number("n") > 1, f.Text("t"), f.Text("u").Lower()).Vocabulary(top: 40).OneHot()),
        ["absolute value, floor, root"] = f => f.Output("x", (f.Number("n").Abs().Sqrt() + f.Number("m").Floor()).FillMissing(-1)),
        ["single precision"] = f => f.Output("x", (f.Number("n").ToSingle() * 3).FillMissing(-1)),
        ["robust"] = f => f.Output("x", f.Number("n").ScaleRobust().FillMissing(-1)),
        ["quantiles"] = f => f.Output("x", f.Number("n").ScaleToQuantiles(4)),
        ["two quantiles"] = f => f.Output("x", f.Number("n").ScaleToQuantiles(2)),
        ["between bounds"] = f => f.Output("x", f.Number("n").InterpolateAt(-1, 0, 0.5, 5)),
        ["z-score per key"] = f => f.Output("x", f.Number("n").ScaleToZScorePer(f.Text("t")).FillMissing(-1)),
        ["buckets per key"] = f => f.Output("x", f.Number("n").BucketizePer(f.Text("t").Lower(), 3).OneHot()),
        ["hash buckets"] = f => f.Output("x", f.Text("t").HashBuckets(1000).OneHot()),
        ["hash buckets of missing"] = f => f.Output("x", f.Text("t").HashBuckets(7, hashMissing: true).OneHot()),
        ["hash buckets of tokens"] = f => f.Output("x", f.Text("t").Tokens("[^ ]+").HashBuckets(1000)),
        ["vocabulary with several others"] = f => f.Output("x", f.Text("t").Vocabulary(top: 3, oovBuckets: 50).OneHot()),
        ["vocabulary with several others, missing ones too"] = f => f.Output("x", f.Text("t").Vocabulary(new VocabularyOptions { Top = 3, OovBuckets = 50, MissingIsOov = true }).OneHot()),
        ["whole numbers"] = f => f.Output("x", f.Number("n").AsId(1, 4).OneHot()),
        ["whole numbers from zero"] = f => f.Output("x", f.Number("n").AsId(0, 5).OneHot()),
        ["cross"] = f => f.Output("x", f.Text("t").Vocabulary(top: 9, oovBuckets: 0).Cross(f.Number("n").Bucketize(3)).OneHot()),
        ["one of"] = f => f.Output("x", f.Text("t").Trim().IsOneOf("a", "300XX", "it's O'Neil's")),
        ["joined texts"] = f => f.Output("x", f.Text("t").Join(f.Text("u").Trim(), " é ").Vocabulary(top: 40).OneHot()),
        ["pairs of tokens"] = f => f.Output("x", f.Text("t").Lower().Tokens("[a-z0-9']+").NGrams(2, 2).Vocabulary(top: 40)),
        ["runs of tokens"] = f => f.Output("x", f.Text("t").Tokens("[^ ]+").NGrams(1, 3, "").Vocabulary(top: 40)),
        ["first tokens"] = f => f.Output("x", f.Text("t").Tokens("[a-z]+").First(2).NGrams(1, 2).HashBuckets(100)),
    };

    [Theory]
    [MemberData(nameof(Operators))]
    public Task A_kernel_gives_every_bit_that_the_graph_gives(string name) => Gen.Select(Batches, Batches).SampleAsync(
        async (train, other) =>
        {
            TransformRun run;
            try
            {
                run = await FitAsync(Definitions[name], train);
            }
            catch (InvalidDataException)
            {
                return; // a vocabulary of nothing
            }

            using (run)
            {
                if (run.Fitted.Values.OfType<FittedRange>().Any(range => range.Min == range.Max) && name.StartsWith("between", StringComparison.Ordinal))
                    return; // between numbers that are one there is a sigmoid, which has no kernel
                using var kernels = FeatureKernels.Compile(run.Definition, run.Fitted).ShouldNotBeNull();
                kernels.Others.ShouldBeEmpty();
                foreach (var batch in new[] { train, other })
                    RunKernels(kernels, batch).FirstDifference(run.Transform(batch)).ShouldBeNull();
            }
        },
        iter: 60);

    [Fact]
    public async Task Features_without_a_kernel_come_out_of_the_graph()
    {
        var batch = Batch(("t", new string?[] { "a b", "A", null, "b b c" }), ("n", new double[] { 1, 2, double.NaN, 4 }));
        using var run = await FitAsync(
            f =>
            {
                f.Output("words", f.Text("t").Words().Vocabulary(top: 40));
                f.Output("log", f.Number("n").Log1p().ScaleToZScore());
                f.Output("text", f.Text("t").Vocabulary(top: 40).OneHot());
            },
            batch);
        using var kernels = FeatureKernels.Compile(run.Definition, run.Fitted).ShouldNotBeNull();

        kernels.Others.ShouldBe(["log", "words"]);
        RunKernels(kernels, batch).FirstDifference(run.Transform(batch)).ShouldBeNull();
    }

    [Fact]
    public async Task Where_no_feature_has_a_kernel_there_are_none()
    {
        var batch = Batch(("t", new string?[] { "a b", "A" }));
        using var run = await FitAsync(f => f.Output("words", f.Text("t").Words().Vocabulary(top: 40)), batch);
        FeatureKernels.Compile(run.Definition, run.Fitted).ShouldBeNull();
    }

    [Fact]
    public async Task A_kernel_that_differs_from_the_graph_stops_the_work_and_names_feature_and_row()
    {
        var train = Batch(("t", new string?[] { "a", "b", "b" }));
        using var run = await FitAsync(f => f.Output("x", f.Text("t").Vocabulary(top: 40).OneHot()), train);
        using var other = await FitAsync(f => f.Output("x", f.Text("t").Vocabulary(top: 40).OneHot()), Batch(("t", new string?[] { "b", "b", "c" })));
        using var wrong = FeatureKernels.Compile(other.Definition, other.Fitted).ShouldNotBeNull();
        using var right = FeatureKernels.Compile(run.Definition, run.Fitted).ShouldNotBeNull();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "x.parquet");
            var error = await Should.ThrowAsync<KernelDifferenceException>(WriteAsync(wrong, file));
            error.Message.ShouldContain("'x'");
            error.Message.ShouldContain("row 4");
            File.Exists(file).ShouldBeFalse();

            (await WriteAsync(right, file)).ShouldBe(5);
            File.Exists(file).ShouldBeTrue();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // Both know «b» by the same id.
        Task<long> WriteAsync(FeatureKernels kernels, string file) => run.WriteAsync(
            kernels, [Batch(("t", new string?[] { "b", null, "b", "b", "c" }))], file);
    }

    [Theory]
    [InlineData("[a-z]+x")]
    [InlineData("[[:alpha:]]+")]
    [InlineData("[é]+")]
    [InlineData("[^a]{2}")]
    [InlineData("[a-z]*")]
    [InlineData("[z-a]+")]
    [InlineData("[a-z")]
    [InlineData(@"\p{L}+")]
    [InlineData(@"[\x41]+")]
    [InlineData("[a]{0,3}")]
    [InlineData("a|b")]
    [InlineData("[a]+?")]
    [InlineData("")]
    public void Other_expressions_are_left_to_the_graph(string pattern) => BytePattern.Parse(pattern).ShouldBeNull();

    [Fact]
    public void A_table_finds_each_of_its_texts_and_no_other() => Gen.Select(Texts.Array[0, 60], Texts.Array[0, 60]).Sample((known, others) =>
    {
        string[] texts = [.. known.Select(text => text ?? "").Where(text => text.Length > 0 && !text.Any(char.IsSurrogate)).Distinct(StringComparer.Ordinal)];
        var table = new TextTable(texts);
        foreach (var text in texts.Concat(others.Where(text => text is { Length: > 0 } && !text.Any(char.IsSurrogate))))
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text!);
            table.Find(bytes).ShouldBe(Array.IndexOf(texts, text));
            TextKey.OfPart([1, .. bytes, 2, 3, 4, 5, 6, 7, 8, 9], 1, bytes.Length).ShouldBe(TextKey.Of(bytes));
        }
    });

    static FeatureBatch RunKernels(FeatureKernels kernels, ExampleBatch batch) => FeatureBatch.Run(kernels, new LabelReader(new LabelSpec(batch.Columns.First(), ["1"])), batch);
}
