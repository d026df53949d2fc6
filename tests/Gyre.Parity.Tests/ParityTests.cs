using System.Globalization;
using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.LightGbm;
using Gyre.Testing;
using Gyre.Torch;
using Gyre.Training;

namespace Gyre.Parity.Tests;

/// <summary>The rows, and a home in which tasks share what they can.</summary>
public sealed class ParityHome : IDisposable
{
    public TemporaryHome Home { get; } = new();

    internal IReadOnlyList<JsonObject> Eval { get; } = OddRows.Make(OddRows.Eval, seed: 12, isEval: true);

    internal string Folder { get; }

    public ParityHome()
    {
        Home.Write("rows/train.jsonl", OddRows.Lines(OddRows.Make(OddRows.Train, seed: 11, isEval: false)));
        Folder = Path.GetDirectoryName(Home.Write("rows/eval.jsonl", OddRows.Lines(Eval)))!;
    }

    public void Dispose() => Home.Dispose();
}

/// <summary>
/// All trainers × all tasks, by a real pipeline over awkward rows: what the trainer predicts, what its ONNX file predicts from raw rows, what the
/// server answers to raw JSON, and what <c>predict</c> writes for a file are the same number, for every eval row.
/// </summary>
public sealed class ParityTests(ParityHome parity, ITestOutputHelper output) : IClassFixture<ParityHome>
{
    const double Allowed = 1e-5;

    static readonly Trainer[] Trainers =
    [
        new MajorityTrainer(),
        new LinearTrainer { L2 = 0.5 },
        new LightGbmTrainer { Trees = 25, MinDataInLeaf = 5 },
        new WideAndDeep { Epochs = 3, LearningRate = 0.005, EmbeddingSize = 8, HiddenLayers = [16, 8], Dropout = 0.1 },
        new OwnNetwork { Epochs = 3, LearningRate = 0.01 },
    ];

    /// <summary>Each trainer with each task that it claims.</summary>
    public static TheoryData<string, LearningTask> Cases => [.. Trainers.SelectMany(trainer => trainer.Tasks.Select(task => (trainer.GetType().Name, task)))];

    [Fact]
    public void Every_trainer_claims_every_task() =>
        Trainers.Where(trainer => !Enum.GetValues<LearningTask>().All(trainer.Tasks.Contains)).Select(trainer => trainer.GetType().Name).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Trainer_graph_server_and_command_line_give_the_same_number(string trainerName, LearningTask task)
    {
        var trainer = Trainers.Single(trainer => trainer.GetType().Name == trainerName);
        var life = new PushedLife(parity.Home, parity.Folder, task, trainer, $"{trainerName}-{task}".ToLowerInvariant());

        var trained = await life.RunAsync();
        using var runtime = new PlainRuntime(Path.Combine(life.ModelDirectory, "model.onnx"));
        var rows = parity.Eval.Select(row => Only(row, runtime.Columns)).ToList();
        var together = runtime.Predict(rows);
        float[] each = [.. rows.SelectMany(row => runtime.Predict([row]))];
        var (served, servedTogether) = await life.ServeAsync(rows);
        var predicted = await life.PredictFileAsync(rows);

        trained.Length.ShouldBe(OddRows.Eval * life.Width);
        foreach (var other in new[] { together, each, served, servedTogether, predicted })
            other.Length.ShouldBe(trained.Length);
        var (graph, server) = (Math.Max(Distance(trained, together), Distance(trained, each)), Math.Max(Distance(each, served), Distance(together, servedTogether)));
        var differing = each.Zip(served).Count(pair => BitConverter.SingleToInt32Bits(pair.First) != BitConverter.SingleToInt32Bits(pair.Second));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{trainerName}` | {task.ToString().ToLowerInvariant()} | {OddRows.Eval} | {trained.Length} | {graph:0.0e+0} | {server:0.0e+0} | {differing} | {Distance(trained, predicted):0.0e+0} |"));

        graph.ShouldBeLessThanOrEqualTo(Allowed);
        server.ShouldBeLessThanOrEqualTo(Allowed);
        differing.ShouldBe(0, "the server runs the same file, and its JSON gives all digits");
        Distance(trained, predicted).ShouldBeLessThanOrEqualTo(Allowed);
        life.Recorded.Rows.ShouldBe(OddRows.Eval);
        life.Recorded.LargestDifference.ShouldBeLessThanOrEqualTo(Allowed);
        if (trainer is not MajorityTrainer)
            Enumerable.Range(0, OddRows.Eval).Select(row => trained[row * life.Width]).Distinct().Count().ShouldBeGreaterThan(20, "a model that says the same of all rows proves nothing");
        life.Features.Any(feature => feature.MayBeMissing).ShouldBe(trainer.TakesMissing);
    }

    static JsonObject Only(JsonObject row, IEnumerable<string> columns) =>
        new(columns.Where(row.ContainsKey).Select(column => KeyValuePair.Create(column, row[column]?.DeepClone())));

    static double Distance(float[] one, float[] other) => one.Zip(other).Max(pair => Math.Abs((double)pair.First - pair.Second) is var distance && double.IsNaN(distance) ? double.PositiveInfinity : distance);
}
