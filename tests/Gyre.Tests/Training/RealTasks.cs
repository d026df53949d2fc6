using Gyre.Evaluation;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;
using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Tests.Training;

/// <summary>Real data sets and what can be learnt of them, for the tests of every trainer.</summary>
static class RealTasks
{
    /// <summary>Runs a whole pipeline: rows, statistics, schema, transform, training with its check of parity, evaluation.</summary>
    /// <param name="name">penguins, iris or narratives (multiclass), or bikes (regression).</param>
    /// <param name="trainer">The trainer.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public static async Task<RealResult> RunAsync(string name, Trainer trainer, CancellationToken cancellationToken)
    {
        using var home = new TemporaryHome();
        var pipeline = new Pipeline(name);
        var (ingest, define) = name switch
        {
            "penguins" => Penguins(),
            "iris" => Iris(),
            "bikes" => Bikes(),
            "narratives" => Narratives(Path.Combine(home.Root, "narratives")),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Expected penguins, iris, bikes or narratives."),
        };
        var examples = pipeline.Add(ingest);
        var schema = pipeline.Add(new InferSchema(pipeline.Add(new ComputeStatistics(examples))));
        var model = pipeline.Add(new TrainModel(pipeline.Add(new FitTransform(examples, schema, define)), trainer));
        var evaluation = pipeline.Add(new EvaluateModel(model, examples));
        var run = await home.RunAsync(pipeline, cancellationToken: cancellationToken);
        run.Nodes.Where(node => !node.EndedWell).Select(node => $"{node.NodeId}: {node.Message}").ShouldBeEmpty();
        return new RealResult(home.Artifact(run, evaluation.Evaluation).ReadReport().Overall.Model, home.Artifact(run, model).LoadTraining());
    }

    /// <summary>Three species by four measures.</summary>
    static (IngestCsv Ingest, Action<FeatureBuilder> Define) Penguins()
    {
        return (new IngestCsv(SharedData.File("data/other/penguins_processed.csv")) { Splits = Split.Stratified("species", ("train", 3), ("eval", 1)) }, Define);

        static void Define(FeatureBuilder f)
        {
            f.LabelClass("species");
            foreach (var measure in new[] { "culmen_length_mm", "culmen_depth_mm", "flipper_length_mm", "body_mass_g" })
                f.Output(measure, f.Number(measure).ScaleToZScore());
        }
    }

    /// <summary>Three kinds of flowers by four measures.</summary>
    static (IngestCsv Ingest, Action<FeatureBuilder> Define) Iris()
    {
        return (new IngestCsv(SharedData.File("data/other/iris_mlnet.txt")) { Delimiter = "\t", Splits = Split.Stratified("#Label", ("train", 2), ("eval", 1)) }, Define);

        static void Define(FeatureBuilder f)
        {
            f.LabelClass("#Label");
            foreach (var column in new[] { "Sepal length", "Sepal width", "Petal length", "Petal width" })
                f.Output(column.Replace(' ', '_'), f.Number(column).ScaleToZScore());
        }
    }

    /// <summary>Bicycles that are rented in an hour, by season, hour and weather; the two columns that add up to the label are left out.</summary>
    static (IngestCsv Ingest, Action<FeatureBuilder> Define) Bikes()
    {
        return (new IngestCsv(SharedData.File("data/other/bike_sharing_dataset.zip")) { Entry = "hour.csv", Splits = Split.ByHash(("train", 4), ("eval", 1)) }, Define);

        static void Define(FeatureBuilder f)
        {
            f.LabelNumber("cnt", unit: "bicycles");
            foreach (var category in new[] { "hr", "season", "mnth", "weekday", "weathersit" })
                f.Output(category, f.Text(category).Vocabulary(top: 50).OneHot());
            foreach (var number in new[] { "yr", "workingday", "holiday", "temp", "atemp", "hum", "windspeed" })
                f.Output(number, f.Number(number).ScaleToZScore());
        }
    }

    /// <summary>Which of eighteen products a complaint is about, by its words.</summary>
    static (IngestCsv Ingest, Action<FeatureBuilder> Define) Narratives(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "book11_narrative_all.csv.gz", "cfpb_kaggle2016_product_narrative_3947.csv.gz" })
            File.CreateSymbolicLink(Path.Combine(folder, name), SharedData.File($"data/complaints/{name}"));
        var ingest = new IngestCsv(Path.Combine(folder, "*.csv.gz"))
        {
            Columns = [Column.Named("product").From("product", "Product"), Column.Named("narrative").From("consumer_complaint_narrative", "Consumer complaint narrative")],
            Splits = Split.ByHash(("train", 3), ("eval", 1)),
        };
        return (ingest, Define);

        static void Define(FeatureBuilder f)
        {
            f.LabelClass("product");
            f.Output("words", f.Text("narrative").Lower().Tokens("[a-z0-9]+").Vocabulary(top: 20_000, minCount: 2));
        }
    }
}

/// <summary>What came of it on the eval split.</summary>
/// <param name="Metrics">By the served graph, from raw rows.</param>
/// <param name="Training">The record of the training.</param>
sealed record RealResult(MetricValues Metrics, TrainingRecord Training);
