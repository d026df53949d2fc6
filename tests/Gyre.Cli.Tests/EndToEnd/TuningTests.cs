using System.Globalization;
using System.Text;

namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>A search by real processes: the one that leads it, and its workers.</summary>
public sealed class TuningTests : IDisposable
{
    readonly TestProgram _program = new();

    public TuningTests() => File.WriteAllText(Path.Combine(_program.Root, "visits.csv"), Visits());

    string Journal => Path.Combine(_program.Root, "journal.txt");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Trials_run_two_at_a_time_in_processes_of_their_own_each_with_its_share_of_the_cores()
    {
        var ended = await _program.RunAsync(Arguments(milliseconds: 5));

        ended.ExitCode.ShouldBe(0, ended.ToString());
        var trainings = Trainings();
        var workers = trainings.GroupBy(line => line.Process).Where(process => process.Count() > 2).ToList();
        workers.Count.ShouldBe(Math.Min(2, Environment.ProcessorCount));
        Concurrency(trainings).ShouldBe(Math.Min(2, Environment.ProcessorCount));
        var share = Math.Max(1, Environment.ProcessorCount / 2);
        workers.SelectMany(worker => worker).ShouldAllBe(line => line.Threads == share && line.Processors == share);

        // Twelve trials begin with one epoch; at least the best third of them goes on.
        var inSearch = trainings.Where(line => line.What == "end" && line.Rows < trainings.Max(other => other.Rows)).ToList();
        inSearch.Count(line => line.Epochs == 1).ShouldBe(12);
        inSearch.Count(line => line.Epochs == 3).ShouldBeInRange(4, 8);
        inSearch.Count(line => line.Epochs == 9).ShouldBeInRange(1, 4);
        (await _program.RunAsync("show", "e5", "--json")).Json.GetProperty("parts").GetArrayLength().ShouldBe(12);
    }

    [Fact]
    public async Task A_search_that_was_killed_goes_on_and_repeats_no_training_that_had_ended()
    {
        using (var running = _program.Start(Arguments(milliseconds: 40)))
        {
            await TrainedAsync(6);
            running.Signal(TestProgram.KillAtOnce);
            (await running.EndAsync()).ExitCode.ShouldBe(128 + TestProgram.KillAtOnce);
        }

        await GoneAsync(Trainings().Select(line => line.Process).Distinct());
        var before = Trainings();
        var resumed = await _program.RunAsync([.. Arguments(milliseconds: 0), "--json"]);

        resumed.ExitCode.ShouldBe(0, resumed.ToString());
        before.Count(line => line.What == "end").ShouldBeGreaterThan(4);
        var repeated = Trainings().Where(line => line.What == "end").CountBy(line => (line.L2, line.Epochs, line.Rows)).Where(pair => pair.Value > 1).ToList();

        // A worker may have ended a training whose result the killed process could no longer keep; one for each worker at most.
        repeated.Count.ShouldBeLessThanOrEqualTo(2);
        var killed = await _program.RunAsync("show", "e5", "--json");
        killed.Json.GetProperty("state").GetString().ShouldBe("failed");
        killed.Json.GetProperty("parts").EnumerateArray().ShouldAllBe(part => part.GetProperty("state").GetString() != "running");

        using var calm = new TestProgram();
        File.WriteAllText(Path.Combine(calm.Root, "visits.csv"), Visits());
        var undisturbed = await calm.RunAsync("--json", "--tune", Path.Combine(calm.Root, "journal.txt"), "--data", "visits.csv", "--milliseconds", "0");
        Fingerprint(resumed).ShouldBe(Fingerprint(undisturbed));
    }

    [Fact]
    public async Task A_worker_that_dies_costs_its_trial_and_not_the_search()
    {
        var ended = await _program.RunAsync([.. Arguments(milliseconds: 0), "--fail", "trial!"]);

        ended.ExitCode.ShouldBe(0, ended.ToString());
        var parts = (await _program.RunAsync("show", "e5", "--json")).Json.GetProperty("parts").EnumerateArray().ToList();
        parts.Count.ShouldBe(12);
        parts.Where(part => part.GetProperty("parameters").GetProperty("deadly").GetBoolean()).ShouldAllBe(part => part.GetProperty("state").GetString() == "failed");
        parts.Count(part => part.GetProperty("state").GetString() == "complete").ShouldBeInRange(3, 9);
        (await _program.RunAsync("logs", "e5")).Output.ShouldContain("A worker process ended with exit code 137");
    }

    [Fact]
    public async Task An_interrupt_stops_the_workers_too()
    {
        using var running = _program.Start(Arguments(milliseconds: 10_000));
        await TrainedAsync(0);
        running.Signal(TestProgram.Interrupt);

        (await running.EndAsync()).ExitCode.ShouldBe(130);
        await GoneAsync(Trainings().Select(line => line.Process).Distinct());
    }

    string[] Arguments(int milliseconds) => ["--tune", Journal, "--data", "visits.csv", "--milliseconds", milliseconds.ToString(CultureInfo.InvariantCulture)];

    static string Fingerprint(Ended ended) => ended.Json.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("node").GetString() == "tune-model")
        .GetProperty("outputs").ToString();

    List<Line> Trainings() => [.. Journaled().Select(text => text.Split(' ')).Where(parts => parts.Length == 7).Select(parts => new Line(
        parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture),
        int.Parse(parts[4], CultureInfo.InvariantCulture), int.Parse(parts[5], CultureInfo.InvariantCulture), int.Parse(parts[6], CultureInfo.InvariantCulture)))];

    /// <summary>The lines so far; those that write them hold the file for a moment.</summary>
    string[] Journaled()
    {
        while (true)
        {
            try
            {
                return File.ReadAllLines(Journal);
            }
            catch (IOException error) when (error is not FileNotFoundException)
            {
                Thread.Sleep(1);
            }
        }
    }

    static int Concurrency(List<Line> lines)
    {
        var (now, most) = (0, 0);
        foreach (var line in lines)
            most = Math.Max(most, now += line.What == "begin" ? 1 : -1);
        return most;
    }

    /// <summary>Waits until so many trainings have ended and one more has begun.</summary>
    async Task TrainedAsync(int count)
    {
        for (var waited = 0; waited < 2400 && !(File.Exists(Journal) && Trainings() is var lines && lines.Count(line => line.What == "end") >= count && lines.Exists(line => line.What == "begin")); waited++)
            await Task.Delay(25, TestContext.Current.CancellationToken);
    }

    static async Task GoneAsync(IEnumerable<int> processes)
    {
        foreach (var process in processes)
        {
            for (var waited = 0; Directory.Exists($"/proc/{process}") && waited < 200; waited++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            Directory.Exists($"/proc/{process}").ShouldBeFalse();
        }
    }

    internal static string Visits()
    {
        var random = new Random(5);
        var csv = new StringBuilder("pages,shop,bought\n");
        for (var row = 0; row < 400; row++)
        {
            var (pages, shop) = (random.Next(20), random.Next(4));
            var bought = random.NextDouble() < 1 / (1 + Math.Exp(4 - (0.3 * pages) - (0.5 * shop)));
            csv.Append(CultureInfo.InvariantCulture, $"{pages},shop{shop},{(bought ? "yes" : "no")}\n");
        }

        return csv.ToString();
    }

    sealed record Line(string What, int Process, string L2, int Epochs, int Rows, int Threads, int Processors);
}
