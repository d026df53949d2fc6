using System.Text.Json;
using Gyre.Transforms;
using Gyre.Transforms.Analysis;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

/// <summary>Numbers from the tests of TensorFlow Transform.</summary>
public sealed class TensorFlowVectorTests
{
    static JsonElement Group(string name) =>
        JsonDocument.Parse(File.ReadAllText(SharedData.File("conformance/derived/vectors_numeric.json"))).RootElement.GetProperty(name);

    static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    static double Number(JsonElement number) => number.ValueKind == JsonValueKind.Number
        ? number.GetDouble()
        : number.GetString() switch { "NaN" => double.NaN, "-Infinity" => double.NegativeInfinity, _ => throw new InvalidDataException(number.GetString()) };

    static void ShouldAgree(IEnumerable<float> found, IEnumerable<double> expected, double tolerance)
    {
        var (ours, theirs) = (found.ToList(), expected.ToList());
        ours.Count.ShouldBe(theirs.Count);
        for (var i = 0; i < ours.Count; i++)
            ((double)ours[i]).ShouldBe(theirs[i], tolerance);
    }

    [Fact]
    public async Task Buckets()
    {
        foreach (var vector in Group("tft_apply_buckets").GetProperty("cases").EnumerateArray())
        {
            var (numbers, bounds, expected) = (Numbers(vector[0]), Numbers(vector[1]), Numbers(vector[2]));
            var ids = await IdsAsync(f => f.Number("c").BucketizeAt(bounds), numbers);
            for (var i = 0; i < numbers.Length; i++)
                ids[i].ShouldBe(double.IsFinite(numbers[i]) ? (long)expected[i] : -1, "what is not finite counts as missing");
        }
    }

    [Fact]
    public async Task Scores()
    {
        var group = Group("tft_scale_to_z_score");
        foreach (var vector in group.GetProperty("cases").EnumerateArray())
        {
            // Models cannot be given NaN, so what stays missing is made −9 after the scaling.
            var scores = await NumbersAsync(f => f.Number("c").ScaleToZScore(keepMissing: true).FillMissing(-9), Numbers(vector[0]));
            ShouldAgree(scores, Numbers(vector[1]).Select(x => double.IsNaN(x) ? -9 : x), 1e-6);
        }

        var rows = group.GetProperty("vector_not_elementwise")[0].EnumerateArray().Select(Numbers).ToList();
        var batch = Batch(("a", rows.Select(row => row[0]).ToArray()), ("b", rows.Select(row => row[1]).ToArray()));
        using var run = await FitAsync(f => f.Output("x", f.Vector(f.Number("a").FillMissing(0), f.Number("b").FillMissing(0)).ScaleToZScore()), batch);
        ShouldAgree(run.Numbers("x", batch), group.GetProperty("vector_not_elementwise")[1].EnumerateArray().SelectMany(Numbers), 1e-6);
    }

    [Fact]
    public async Task Constants_are_scaled_by_a_sigmoid()
    {
        using var run = await FitAsync(f => f.Output("x", f.Number("c").ScaleToMinMax().FillMissing(-9)), Batch(new double[] { 4, 4, 4 }));

        ShouldAgree(run.Numbers("x", Batch(new double[] { 100, 1, 12 })), Numbers(Group("tft_scale_by_min_max_constant").GetProperty("expected")), 1e-6);
    }

    [Fact]
    public async Task Heavy_tails_become_normal()
    {
        var group = Group("tft_scale_to_gaussian");

        ShouldAgree(await NumbersAsync(f => f.Number("c").ScaleToGaussian().FillMissing(-9), Numbers(group.GetProperty("x"))), Numbers(group.GetProperty("y")), 1e-4);
    }

    [Fact]
    public void Tails_follow_from_L_moments()
    {
        foreach (var vector in Group("tft_tukey_h_params").GetProperty("cases").EnumerateArray())
        {
            var (left, right) = TukeyHh.Tails(vector[0].GetDouble(), vector[1].GetDouble());
            left.ShouldBe(vector[2].GetDouble(), 1e-4);
            right.ShouldBe(vector[3].GetDouble(), 1e-4);
        }
    }

    [Fact]
    public void Information()
    {
        var group = Group("tft_info_theory");
        foreach (var vector in group.GetProperty("partial_mi(cell,row,col,total)").EnumerateArray().Select(Numbers))
            MutualInformationOf.Partial(vector[0], vector[1], vector[2], vector[3]).ShouldBe(vector[4], 1e-5);
        foreach (var vector in group.GetProperty("partial_expected_mi(n,x,y)").EnumerateArray().Select(Numbers))
            MutualInformationOf.Expected(vector[0], vector[1], vector[2]).ShouldBe(vector[3], 1e-5);
        MutualInformationOf.Hypergeometric(1000, 5, 10).Select(point => point.Probability).Zip(Numbers(group.GetProperty("hypergeometric_pmf(1000,5,10)")))
            .ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
    }

    [Fact]
    public async Task Vocabularies_by_information()
    {
        var group = Group("tft_vocabulary_mutual_information");
        var tolerance = group.GetProperty("tol").GetDouble();
        foreach (var vector in group.GetProperty("cases").EnumerateArray())
        {
            var texts = vector.GetProperty("x").EnumerateArray().Select(text => text.GetString()).ToArray();
            var classes = Numbers(vector.GetProperty("y"));
            var weights = vector.TryGetProperty("w", out var given) ? Numbers(given) : [.. texts.Select(_ => 1.0)];
            var options = new VocabularyOptions
            {
                ByInformation = new MutualInformation
                {
                    Adjusted = vector.GetProperty("adjusted").GetBoolean(),
                    MinDifference = vector.TryGetProperty("min_diff_from_avg", out var least) ? least.GetDouble() : 0,
                },
            };
            var definition = TransformDefinition.From(f =>
            {
                f.LabelClass("y", "0", "1", "2");
                f.Output("x", f.Text("t").Vocabulary(options, given.ValueKind == JsonValueKind.Undefined ? null : f.Number("w")).OneHot());
            });
            definition.Errors.ShouldBeEmpty();
            var batch = Batch(("t", texts), ("w", weights), ("y", classes));
            var fitter = new TransformFitter(definition, [new AnalyzedPart("all", null, _ => [batch])], threads: 1, (_, _, _) => { });

            var found = (FittedVocabulary)(await fitter.FitAsync(TestContext.Current.CancellationToken)).Values.Single();
            found.Values.ShouldBe(vector.GetProperty("out").EnumerateArray().Select(pair => pair[0].GetString()));
            ShouldAgree(found.Scores!.Select(score => (float)score), vector.GetProperty("out").EnumerateArray().Select(pair => pair[1].GetDouble()), tolerance);
        }
    }
}
