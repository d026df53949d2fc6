using ConsumerComplaints;

var app = new GyreApp(args);
var file = app.Option<string?>("data", null, "A CSV file of complaints, or a zip archive of one: the Bureau's own download, or any with its columns. Without it, complaints are made up.");
var rows = app.Option("rows", 20_000, "How many complaints to make up.");
var seed = app.Option("seed", 2016, "What made-up complaints and the first weights of the model follow from.");
var minAuc = app.Option<double?>("min-auc", null, "The area under the ROC curve that a model must reach; by default 0.6 for 2,000 made-up complaints or more, else none.");

return await app.RunAsync(() =>
{
    var data = file is null ? ComplaintData.MadeUp(app.HomeDirectory, rows, seed, quiet: args is ["node", ..]) : ComplaintData.Given(file);
    var complaints = new Pipeline("consumer-complaints");

    var examples = complaints.Add(new IngestCsv(data.Path)
    {
        Columns = ComplaintData.Columns,
        RequireValues = ["consumer_complaint_narrative", "consumer_disputed"],
        Splits = Split.ByHash(("train", 9), ("eval", 1)),
    });
    var statistics = complaints.Add(new ComputeStatistics(examples));
    var schema = complaints.Add(new InferSchema(statistics));
    var anomalies = complaints.Add(new ValidateExamples(statistics, schema));
    var transform = complaints.Add(new FitTransform(examples, schema, ComplaintFeatures.Define) { After = [anomalies] });
    var model = complaints.Add(new TrainModel(transform, new WideAndDeep
    {
        HiddenLayers = [256, 64, 16],
        WideSize = 16,
        LearningRate = 0.001,
        BatchSize = 128,
        Epochs = 5,
        Seed = seed,
    })
    {
        InputExample = file is null, // a row to try the server with: of made-up complaints only
    });
    var evaluation = complaints.Add(new EvaluateModel(model, examples)
    {
        Slices = ["product"],
        Thresholds = (minAuc ?? data.MinAuc) is { } least ? [Metric.Auc.AtLeast(least)] : [],
        References = data.AttainableAuc is { } best ? [new MetricReference("attainable", "auc", best)] : [],
    });
    var version = complaints.Add(new RegisterModel(model, evaluation, "complaints"));
    complaints.Add(new PushModel(version));
    return complaints;
});
