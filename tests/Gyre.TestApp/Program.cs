using Gyre.Cli;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.TestApp;
using Gyre.Training;
using Gyre.Transforms;
using Gyre.Tuning;

var app = new GyreApp(args);
var text = app.Option("text", "a b c", "The text to start from.");
var slow = app.Option("slow", "", "A node that takes its time.");
var milliseconds = app.Option("milliseconds", 500, "How long the slow node takes.");
var fail = app.Option("fail", "", "A node that fails.");
var gate = app.Option("gate", "open", "open or closed.");
var stubborn = app.Option("stubborn", false, "Let the slow node ignore that it is asked to stop.");
var noisy = app.Option("noisy", false, "Let every node print something.");
var broken = app.Option("broken", false, "Define the pipeline wrongly, in several ways.");
var input = app.Option("input", "", "A file to read instead of the text.");
var data = app.Option("data", "", "A CSV file to hold against a schema, instead of the words.");
var schema = app.Option("schema-file", "schema.pbtxt", "The schema for it.");
var journal = app.Option("tune", "", "Search for the options of a trainer that writes into this file what it does.");
return await app.RunAsync(() => journal.Length > 0 ? Tuning() : data.Length == 0 ? Build() : Validation());

Pipeline Tuning()
{
    var visits = new Pipeline("visits");
    var examples = visits.Add(new IngestCsv(data));
    var inferred = visits.Add(new InferSchema(visits.Add(new ComputeStatistics(examples))));
    var transform = visits.Add(new FitTransform(examples, inferred, f =>
    {
        f.Label("bought", "yes");
        f.Output("pages", f.Number("pages").FillMissing(0));
        f.Output("shop", f.Text("shop").Vocabulary(top: 5).OneHot());
    }));
    var space = Search.Over(
        new JournalTrainer { Journal = journal, Milliseconds = milliseconds },
        s => s.LogUniform(t => t.L2, 1e-3, 1e3),
        s => s.Choice(t => t.Deadly, fail == "trial!" ? [false, true] : [false]));
    var tuned = visits.Add(new TuneModel(transform, space) { Algorithm = new Asha(), Trials = 12 });
    visits.Add(new TrainModel(transform, space.Trainer) { Hyperparameters = tuned });
    return visits;
}

Pipeline Validation()
{
    var trips = new Pipeline("trips");
    var examples = trips.Add(new IngestCsv(data) { Splits = Split.ByHash(("train", 1)) });
    var statistics = trips.Add(new ComputeStatistics(examples));
    var anomalies = trips.Add(new ValidateExamples(statistics, trips.Add(new ImportSchema(schema))));
    trips.Add(new InferSchema(statistics) { Id = "behind", After = [anomalies] });
    return trips;
}

Pipeline Build()
{
    var behaviour = new Behaviour(slow, milliseconds, stubborn, noisy, fail);
    var words = new Pipeline("words");
    var start = words.Add(new WriteText(text, input) { Id = "start", Behaviour = behaviour });
    var upper = words.Add(new ChangeText([start], "upper") { Id = "upper", Behaviour = behaviour });
    var lower = words.Add(new ChangeText([start], "lower") { Id = "lower", Behaviour = behaviour });
    var check = words.Add(new CheckText(upper, gate) { Id = "check", Behaviour = behaviour });
    var join = words.Add(new ChangeText([upper, lower], "join") { Id = "join", After = [check], Behaviour = behaviour });
    words.Add(new ChangeText([join], "reverse") { Id = "last", Behaviour = behaviour });
    if (broken)
    {
        words.Add(new ChangeText([join], "sideways") { Id = "last" });
        words.Add(new ChangeText([], "upper") { Id = "bad id" });
    }

    return words;
}
