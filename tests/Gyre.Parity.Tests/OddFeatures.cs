using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Parity.Tests;

/// <summary>Features of <see cref="OddRows"/> by most of the transform language.</summary>
static class OddFeatures
{
    /// <param name="f">Where to define them.</param>
    /// <param name="task">What is to be predicted.</param>
    /// <param name="keepsMissing">Whether some numbers stay missing where they are.</param>
    public static void Define(FeatureBuilder f, LearningTask task, bool keepsMissing)
    {
        DefineLabel(f, task);
        Numbers(f, keepsMissing);
        // Fingerprint64 is exact in the graph, and slow there: one task will do.
        Texts(f, task == LearningTask.Binary ? TextHash.Fingerprint64 : TextHash.Murmur3);
        Moments(f);
        Lists(f);
        if (task is LearningTask.Binary or LearningTask.Regression or LearningTask.Ranking)
            f.Output("city_target", f.Text("city").TargetMean());
    }

    static void DefineLabel(FeatureBuilder f, LearningTask task)
    {
        switch (task)
        {
            case LearningTask.Binary:
                f.Label("answer", "Yes");
                break;
            case LearningTask.Multiclass:
                f.LabelClass("kind");
                break;
            case LearningTask.Multilabel:
                f.LabelClasses("marks");
                break;
            case LearningTask.Regression:
                f.LabelNumber("price", unit: "EUR");
                break;
            default:
                f.LabelRelevance("relevance", group: "query");
                break;
        }
    }

    static void Numbers(FeatureBuilder f, bool keepsMissing)
    {
        NumberValue Maybe(NumberValue number, double fill) => keepsMissing ? number.KeepMissing() : number.FillMissing(fill);
        var (amount, size) = (f.Number("amount"), f.Number("size"));
        f.Output("amount", amount.Log1p().ScaleToZScore());
        f.Output("amount_clipped", amount.Clip(-10, 500).FillMissingWithMedian());
        f.Output("amount_eighth", amount.Bucketize(8).OneHot());
        f.Output("amount_power", Maybe(amount.Clip(0, 1e6).Power(0.3), -1));
        f.Output("size", Maybe(size, 3));
        f.Output("size_gauss", size.ScaleToGaussian().FillMissing(0));
        f.Output("size_robust", Maybe(size.ScaleRobust(), 0));
        f.Output("size_missing", size.IsMissing());
        f.Output("size_by_city", size.ScaleToZScorePer(f.Text("city")).FillMissing(0));
        f.Output("size_at", size.InterpolateAt(0, 5, 20));
        f.Output("large", f.If(size > 10, 1, 0).FillMissing(0.5));
        f.Output("ratio", Maybe((amount / size).Clip(-100, 100), 0));
        f.Output("both", f.Vector(amount.Clip(0, 1000).FillMissingWithMean(), size.FillMissingWithMostFrequent(), (size * size).FillMissing(0)).Pca(2));
    }

    static void Texts(FeatureBuilder f, TextHash hash)
    {
        var (city, text) = (f.Text("city"), f.Text("text"));
        var known = city.Trim().Lower().Vocabulary(top: 8, minCount: 2, oovBuckets: 3);
        f.Output("city", known.OneHot());
        f.Output("city_hash", city.HashBuckets(16, hash).OneHot());
        f.Output("city_category", city.FillMissingWithMostFrequent().Vocabulary(top: 20).AsCategory());
        f.Output("city_by_size", known.Cross(f.Number("size").BucketizeAt(0, 10)).AsCategory());
        f.Output("words", text.Lower().Words().NGrams(1, 2).Vocabulary(top: 120));
        f.Output("characters", text.Characters().First(20).HashBuckets(64));
        f.Output("tfidf", text.Words().Vocabulary(top: 20).TfIdf());
        f.Output("length", text.Length().Log1p().ScaleToUnit().FillMissing(0));
        f.Output("quoted", text.Matches("(?s).*\".*"));
        f.Output("code", text.Extract("[A-Z]{2}[0-9]+").IsMissing());
    }

    static void Moments(FeatureBuilder f)
    {
        var (day, stamp) = (f.Text("day").ToMoment(), f.Number("stamp").ToMoment());
        f.Output("hour", stamp.Hour().Cyclic(24));
        f.Output("month", day.Month().AsId(first: 1, count: 12).OneHot());
        f.Output("weekday", stamp.Weekday().AsId(first: 1, count: 7).AsCategory());
        f.Output("since", day.DaysSince(stamp).Clip(-1000, 1000).ScaleToZScore());
    }

    static void Lists(FeatureBuilder f)
    {
        f.Output("tags", f.Texts("tags").Vocabulary(top: 6).MultiHot());
        f.Output("tag_ids", f.Texts("tags").HashBuckets(9).Padded(3));
        f.Output("tag_count", f.Texts("tags").Count());
        f.Output("sizes", f.Numbers("sizes").Padded(4, fill: -1));
        f.Output("sizes_mean", f.Numbers("sizes").Mean().FillMissingWithMean());
        f.Output("sizes_max", f.Numbers("sizes").Max().ScaleToMinMax().FillMissing(0));
    }
}
