using System.Text.Json;
using System.Text.Json.Serialization;
using Gyre.Data;
using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>What analyzers find by kernels is what they find by the graph.</summary>
public sealed class AnalysisKernelTests
{
    static readonly JsonSerializerOptions Exactly = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static TheoryData<string> Operators => [.. KernelTests.Definitions.Keys, .. Definitions.Keys];

    static Dictionary<string, Action<FeatureBuilder>> Definitions { get; } = new(StringComparer.Ordinal)
    {
        ["per key"] = f =>
        {
            f.Output("z", f.Number("n").ScaleToZScorePer(f.Text("t").Lower()).FillMissing(0));
            f.Output("b", f.Number("m").BucketizePer(f.Text("u"), 3).OneHot());
        },
        ["target mean"] = f => f.Output("x", f.Text("t").Trim().TargetMean(folds: 3)),
        ["weighted vocabulary"] = f => f.Output("x", f.Text("t").Vocabulary(new VocabularyOptions { Top = 20 }, f.Number("n").FillMissing(0).Clip(0, 5)).OneHot()),
        ["vocabulary by information"] = f => f.Output("x", f.Text("t").Tokens("[a-z]+").Vocabulary(new VocabularyOptions { Top = 20, ByInformation = new MutualInformation { MinDifference = 0 } })),
        ["tf-idf"] = f => f.Output("x", f.Text("t").Lower().Tokens("[a-z]+").Vocabulary(top: 20).TfIdf()),
        ["robust"] = f => f.Output("x", f.Number("n").ScaleRobust().FillMissing(0)),
        ["gaussian"] = f => f.Output("x", f.Number("n").Clip(-10, 10).ScaleToGaussian().FillMissing(0)),
        ["two analyzers behind each other"] = f => f.Output("x", f.Number("n").FillMissingWithMedian().ScaleToUnit().FillMissing(0)),
        ["some by kernels and some by the graph"] = f =>
        {
            f.Output("words", f.Text("t").Words().Vocabulary(top: 20));
            f.Output("runs", f.Text("t").Tokens("[a-z]+").Vocabulary(top: 20));
            f.Output("gaussian", f.Number("n").ToSingle().FillMissing(0).Exp().FillMissing(0).ScaleToZScore());
            f.Output("pca", f.Vector(f.Number("n").FillMissing(0).Clip(-5, 5), f.Number("m").FillMissing(0).Clip(-5, 5)).Pca(1));
        },
    };

    [Theory]
    [MemberData(nameof(Operators))]
    public Task Analyzers_find_by_kernels_what_they_find_by_the_graph(string name) => Gen.Select(KernelTests.Batches, Gen.Int[1, 40]).SampleAsync(
        async (batch, batchRows) =>
        {
            var train = batch.With("y", Enumerable.Range(0, batch.Rows).Select(row => (row % 3) switch { 0 => "1", 1 => "0", _ => null }).ToArray());
            var define = KernelTests.Definitions.GetValueOrDefault(name) ?? Definitions[name];
            (await FoundAsync(define, train, batchRows, withKernels: true)).ShouldBe(await FoundAsync(define, train, batchRows, withKernels: false));
        },
        iter: 30);

    [Fact]
    public void What_a_kernel_shows_an_analyzer_otherwise_than_the_graph_stops_the_work_and_names_operator_feature_and_rows()
    {
        var definition = Define(f => f.Output("x", f.Text("t").Vocabulary(top: 40).OneHot()));
        var steps = definition.Features["x"].Step.Chain().Where(step => step.Operator is Vocabulary).ToList();
        var (right, wrong) = (Examples("a", "b", "b"), Examples("a", "b", "c"));

        Compare(right);
        var error = Should.Throw<KernelDifferenceException>(() => Compare(wrong));
        error.Message.ShouldContain("vocabulary of 'x'");
        error.Message.ShouldContain("rows 50 to 52");

        void Compare(AnalyzedExamples forKernels) => AnalysisCheck.Compare(forKernels, right, steps, new Dictionary<Step, Fitted>(), definition);

        static AnalyzedExamples Examples(params string?[] texts) => new(0, Batch(("t", texts)), new AnalyzedBatch(texts.Length, 50, []));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(24, false)]
    [InlineData(25, true)]
    public void The_first_batch_and_every_twenty_fifth_behind_it_are_compared(int index, bool isCompared) => SpotCheck.Has(index).ShouldBe(isCompared);

    static async Task<string> FoundAsync(Action<FeatureBuilder> define, ExampleBatch train, int batchRows, bool withKernels)
    {
        try
        {
            using var run = await FitAsync(define, train, batchRows, withKernels: withKernels);
            return string.Join('\n', run.Fitted.Select(found => $"{found.Key.Operator.Name}: {JsonSerializer.Serialize(found.Value, found.Value.GetType(), Exactly)}").Order(StringComparer.Ordinal).Append(run.Fingerprint));
        }
        catch (InvalidDataException nothing)
        {
            return nothing.Message;
        }
    }
}
