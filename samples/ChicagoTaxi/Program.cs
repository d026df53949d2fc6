using ChicagoTaxi;

var app = new GyreApp(args);
var file = app.Option<string?>("data", null, "A CSV file of trips with the column big_tipper. Without it, trips are made up.");
var rows = app.Option("rows", 15_000, "How many trips to make up.");
var seed = app.Option("seed", 2016, "What made-up trips and the first weights of the model follow from.");
var tune = app.Option("tune", 0, "Search for better options of the trainer first, with so many trials.");
var search = app.Option("search", TripSearchKind.Asha, "How --tune searches.");

return await app.RunAsync(() =>
{
    var data = file is null ? TripData.MadeUp(app.HomeDirectory, rows, seed, quiet: args is ["node", ..]) : TripData.Given(file);
    var taxi = new Pipeline("chicago-taxi");
    var examples = taxi.Add(new IngestCsv(data.Path)
    {
        Columns = [.. TripFeatures.Columns.Select(Column.Named)],
        RequireValues = ["big_tipper"],
    });
    var statistics = taxi.Add(new ComputeStatistics(examples));
    var schema = taxi.Add(new InferSchema(statistics));
    var anomalies = taxi.Add(new ValidateExamples(statistics, schema));
    var transform = taxi.Add(new FitTransform(examples, schema, TripFeatures.Define) { After = [anomalies] });
    var trainer = new WideAndDeep { HiddenLayers = [64, 16], Epochs = 6, Seed = seed, CheckpointSeconds = 1 };
    if (tune > 0)
        trainer = TripSearch.Patient(trainer);
    var tuned = tune > 0 ? taxi.Add(TripSearch.Tune(transform, trainer, search, tune)) : null;
    var model = taxi.Add(new TrainModel(transform, trainer) { Hyperparameters = tuned, InputExample = file is null });
    var evaluation = taxi.Add(new EvaluateModel(model, examples)
    {
        Slices = ["payment_type", "trip_start_hour"],
        Thresholds = [Metric.Auc.AtLeast(0.85)],
        References = data.AttainableAuc is { } best ? [new MetricReference("attainable", "auc", best)] : [],
    });
    var version = taxi.Add(new RegisterModel(model, evaluation, "big-tips"));
    taxi.Add(new PushModel(version));
    return taxi;
});
