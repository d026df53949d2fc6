using Gyre.Training;
using Gyre.Tuning;
using static Gyre.Tests.Tuning.SearchSpaceTests;

namespace Gyre.Tests.Tuning;

/// <summary>Searches in which training is a formula, so that what is best is known.</summary>
public sealed class SearchLoopTests
{
    const int AllEpochs = 27;

    static readonly SearchSpace Space = Search.Over(
        new Tunable(),
        s => s.LogUniform(t => t.Rate, 1e-4, 1),
        s => s.Choice(t => t.Steps, 1, 2, 3, 4));

    public static TheoryData<SearchAlgorithm> Algorithms =>
    [
        new GridSearch { Points = 5 }, new RandomSearch(), new TpeSearch(), new Asha(), new Asha { Brackets = 3 }, new Asha { Guide = new TpeSearch() }, new Asha { Resource = TrialResource.Rows },
    ];

    [Theory]
    [MemberData(nameof(Algorithms), DisableDiscoveryEnumeration = true)]
    public async Task What_runs_at_once_and_what_ends_first_changes_nothing(SearchAlgorithm algorithm)
    {
        var alone = await RunAsync(algorithm, trials: 20, workers: 1, delay: _ => 0);
        var hurried = await RunAsync(algorithm, trials: 20, workers: 3, delay: job => (job.Trial * 7919) % 5);
        var late = await RunAsync(algorithm, trials: 20, workers: 2, delay: job => job.Trial % 4 == 0 ? 6 : 0);

        alone.Select(Describe).ShouldBe(hurried.Select(Describe));
        alone.Select(Describe).ShouldBe(late.Select(Describe));
        alone.Select(result => result.Job.Trial).Distinct().Order().ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task Halving_lets_one_in_three_go_on_and_stops_the_rest_early()
    {
        var results = await RunAsync(new Asha(), trials: 60, workers: 2, delay: _ => 0);
        var byRung = results.GroupBy(result => result.Job.Rung).OrderBy(rung => rung.Key).ToList();

        byRung.Select(rung => rung.Select(result => result.Outcome.Epochs.Count).Distinct().Single()).ShouldBe([1, 3, 9, 27]);
        byRung[0].Count().ShouldBe(60);

        // Promotions are made before all results are in, so a few more than a third go on; never fewer, for the best third must.
        byRung[1].Count().ShouldBeInRange(20, 30);
        byRung[2].Count().ShouldBeInRange(6, 13);
        byRung[3].Count().ShouldBeInRange(2, 6);
        var best = byRung[0].OrderBy(result => result.Loss).Take(20).Select(result => result.Job.Trial).ToHashSet();
        byRung[1].Count(result => best.Contains(result.Job.Trial)).ShouldBe(20);
        results.Sum(result => result.Outcome.Epochs.Count).ShouldBeLessThan(60 * AllEpochs / 4);
    }

    [Fact]
    public async Task Trials_that_end_by_themselves_are_not_trained_again()
    {
        var results = await RunAsync(new Asha { MinEpochs = 30 }, trials: 12, workers: 2, delay: _ => 0);
        results.Count.ShouldBe(12);
        results.ShouldAllBe(result => result.Outcome.IsFinal && result.Job.Rung == 0);
    }

    [Fact]
    public async Task Brackets_begin_at_different_rungs_in_the_proportions_of_Hyperband()
    {
        var results = await RunAsync(new Asha { Brackets = 3 }, trials: 60, workers: 2, delay: _ => 0);
        var begun = results.Where(result => result.Job.Rung == result.Job.Bracket).CountBy(result => result.Job.Bracket).OrderBy(pair => pair.Key).Select(pair => pair.Value).ToList();

        // Hyperband's n_s ∝ η^s / (s + 1) with s = 2, 1, 0: 3, 1.5 and 1 of 5.5.
        begun.Select(count => (double)count).ShouldBe([33, 16, 11], tolerance: 2);
        results.Where(result => result.Job is { Bracket: 2, Rung: 2 }).ShouldAllBe(result => result.Outcome.Epochs.Count == 9);
    }

    [Fact]
    public async Task Rows_are_given_out_where_a_trainer_knows_no_epochs()
    {
        var results = await RunAsync(new Asha { Resource = TrialResource.Rows, MinRows = 1.0 / 9 }, trials: 18, workers: 2, delay: _ => 0);
        results.GroupBy(result => result.Job.Rung).Select(rung => rung.First().Job.Budget.Rows).Order().ShouldBe([1.0 / 9, 1.0 / 3, 1.0], tolerance: 1e-9);
        results.ShouldAllBe(result => result.Outcome.IsFinal == (result.Job.Budget.Rows >= 1));
    }

    [Fact]
    public async Task Parzen_estimators_find_what_chance_does_not()
    {
        async Task<double> BestAsync(SearchAlgorithm algorithm, int seed) => (await RunAsync(algorithm, trials: 40, workers: 2, delay: _ => 0, seed)).Min(result => result.Loss);
        const double least = 0.5 + (0.5 / AllEpochs) - 1e-6;
        var (chance, parzen) = (0.0, 0.0);
        for (var seed = 1; seed <= 20; seed++)
        {
            chance += Math.Log10(await BestAsync(new RandomSearch(), seed) - least);
            parzen += Math.Log10(await BestAsync(new TpeSearch(), seed) - least);
        }

        // The mean distance to the best there is, in orders of magnitude, over twenty seeds.
        (parzen / 20).ShouldBeLessThan((chance / 20) - 0.3);
    }

    [Fact]
    public async Task A_grid_tries_each_combination_once()
    {
        var results = await RunAsync(new GridSearch { Points = 5 }, trials: 20, workers: 2, delay: _ => 0);
        results.Select(result => result.Job.Options.ToJsonString()).Distinct(StringComparer.Ordinal).Count().ShouldBe(20);
        results[0].Job.Options.ToJsonString().ShouldBe("""{"rate":0.0001,"steps":1}""");
        results[^1].Job.Options.ToJsonString().ShouldBe("""{"rate":1,"steps":4}""");
    }

    [Fact]
    public async Task A_training_that_breaks_ends_the_search_and_nothing_is_left_running()
    {
        var running = 0;
        var loop = new SearchLoop(new Asha().Plan(Space, 20, 1), parallel: 3, workers: 3, async (job, _, token) =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await Task.Delay(job.Trial == 5 ? 1 : 5, token);
                return job.Trial == 5 ? throw new InvalidOperationException("broken") : Outcome(job);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
        (await Should.ThrowAsync<InvalidOperationException>(() => loop.RunAsync(TestContext.Current.CancellationToken))).Message.ShouldBe("broken");
        running.ShouldBe(0);
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_workers_and_each_worker_does_one_at_a_time()
    {
        var busy = new int[2];
        var most = 0;
        await new SearchLoop(new Asha().Plan(Space, 30, 1), parallel: 4, workers: 2, async (job, worker, token) =>
        {
            Interlocked.Increment(ref busy[worker]).ShouldBe(1);
            most = Math.Max(most, busy.Sum());
            await Task.Delay(1, token);
            Interlocked.Decrement(ref busy[worker]);
            return Outcome(job);
        }).RunAsync(TestContext.Current.CancellationToken);
        most.ShouldBe(2);
    }

    [Fact]
    public async Task An_option_that_decides_is_told_from_one_that_does_not()
    {
        var space = Search.Over(new Tunable(), s => s.LogUniform(t => t.Rate, 1e-4, 1), s => s.Uniform(t => t.Inner.Share, 0, 1), s => s.Choice(t => t.Steps, 1, 2, 3, 4));
        var results = await new SearchLoop(new RandomSearch().Plan(space, 60, 3), 2, 2, (job, _, _) => Task.FromResult(Outcome(job))).RunAsync(TestContext.Current.CancellationToken);
        var importance = Importance.Of(space, results);
        importance[0].Option.ShouldBe("rate");
        importance[0].Share.ShouldBeGreaterThan(0.5);
        importance.Single(option => option.Option == "inner.share").Share.ShouldBeLessThan(0.1);
    }

    static async Task<IReadOnlyList<TrialResult>> RunAsync(SearchAlgorithm algorithm, int trials, int workers, Func<TrialJob, int> delay, int seed = 1)
    {
        var loop = new SearchLoop(algorithm.Plan(Space, trials, seed), parallel: 3, workers, async (job, _, token) =>
        {
            await Task.Yield();
            if (delay(job) > 0)
                await Task.Delay(delay(job), token);
            return Outcome(job);
        });
        return await loop.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Best at a rate of 0.01 with 3 steps, where the loss falls to 0.5; after few epochs the order is already about right.</summary>
    static TrialOutcome Outcome(TrialJob job)
    {
        var rate = job.Options["rate"]!.GetValue<double>();
        var steps = job.Options["steps"]!.GetValue<int>();
        var end = 0.5 + (0.1 * Math.Pow(Math.Log10(rate) + 2, 2)) + (0.02 * Math.Abs(steps - 3));
        var epochs = Math.Min(job.Budget.Epochs ?? AllEpochs, AllEpochs);
        return new TrialOutcome
        {
            Loss = end + (0.5 / epochs),
            Epochs = [.. Enumerable.Range(1, epochs).Select(epoch => new EpochSummary(epoch, 0.5, end + (0.5 / epoch), 0.5))],
            Rows = 100,
            IsFinal = epochs == AllEpochs && job.Budget.Rows >= 1,
        };
    }

    static string Describe(TrialResult result) => $"{result.Job.Trial} {result.Job.Rung} {result.Job.Options.ToJsonString()} {result.Loss:R}";
}
