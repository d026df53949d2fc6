namespace Gyre.Tuning;

/// <summary>
/// The choice of the next training by asynchronous successive halving: Algorithm 2 of Li, Jamieson, Rostamizadeh, Gonina, Ben-Tzur,
/// Hardt, Recht and Talwalkar, «A System for Massively Parallel Hyperparameter Tuning», 2020. A trial that ended by itself
/// has nothing to gain from a greater budget: it stands in further rungs with the result that it has.
/// </summary>
sealed class HalvingTrials(SearchSpace space, int trials, Asha options, IPoints points) : ITrialPlanner
{
    readonly HashSet<(int Trial, int Rung)> _promoted = [];
    readonly int[] _begun = new int[options.Brackets];
    int _issued;

    public bool LooksAtResults => true;

    public TrialJob? Next(IReadOnlyList<TrialResult> seen)
    {
        for (var bracket = 0; bracket < options.Brackets; bracket++)
        {
            if (Promote(bracket, seen) is { } promoted)
                return promoted;
        }

        if (_issued == trials)
            return null;
        var next = NextBracket();
        _begun[next]++;
        var point = points.Next(++_issued, Comparable(seen));
        return space.Job(_issued, point, next, next, BudgetOf(next));
    }

    /// <summary>The budget that leads to a rung.</summary>
    TrialBudget BudgetOf(int rung)
    {
        var grown = Math.Pow(options.Reduction, rung);
        return options.Resource == TrialResource.Epochs
            ? new TrialBudget((int)Math.Min(options.MinEpochs * grown, int.MaxValue), 1)
            : new TrialBudget(null, Math.Min(options.MinRows * grown, 1));
    }

    TrialJob? Promote(int bracket, IReadOnlyList<TrialResult> seen)
    {
        var rungs = Rungs(bracket, seen);
        foreach (var (rung, results) in rungs.OrderByDescending(rung => rung.Key))
        {
            var candidate = Best(results, results.Count / options.Reduction)
                .FirstOrDefault(result => !result.Outcome.IsFinal && double.IsFinite(result.Loss) && !_promoted.Contains((result.Job.Trial, rung)));
            if (candidate is null)
                continue;
            _promoted.Add((candidate.Job.Trial, rung));
            return candidate.Job with { Rung = rung + 1, Budget = BudgetOf(rung + 1), Before = BudgetOf(rung).Epochs ?? 0 };
        }

        return null;
    }

    /// <summary>The results at each rung, with those trials that ended by themselves and would have gone on.</summary>
    SortedDictionary<int, List<TrialResult>> Rungs(int bracket, IReadOnlyList<TrialResult> seen)
    {
        var rungs = new SortedDictionary<int, List<TrialResult>>();
        foreach (var result in seen.Where(result => result.Job.Bracket == bracket))
        {
            if (!rungs.TryGetValue(result.Job.Rung, out var results))
                rungs[result.Job.Rung] = results = [];
            results.Add(result);
        }

        for (var rung = rungs.Keys.FirstOrDefault(); rungs.TryGetValue(rung, out var results); rung++)
        {
            var ended = Best(results, results.Count / options.Reduction).Where(result => result.Outcome.IsFinal).ToList();
            if (ended.Count == 0)
                continue;
            if (!rungs.TryGetValue(rung + 1, out var further))
                rungs[rung + 1] = further = [];
            further.AddRange(ended);
        }

        return rungs;
    }

    static IEnumerable<TrialResult> Best(List<TrialResult> results, int count) =>
        results.OrderBy(result => result.Loss).ThenBy(result => result.Job.Trial).Take(count);

    /// <summary>Brackets get trials in Hyperband's proportions: each about as much to do as any other.</summary>
    int NextBracket() => Enumerable.Range(0, options.Brackets)
        .MinBy(bracket => (_begun[bracket] + 1) * Math.Pow(options.Reduction, bracket) * (options.Brackets - bracket));

    /// <summary>The results of one budget, the greatest that enough trials have reached: only those can be held against each other.</summary>
    IReadOnlyList<TrialResult> Comparable(IReadOnlyList<TrialResult> seen) =>
        options.Guide is not { } guide ? []
        : seen.GroupBy(result => result.Job.Rung).OrderByDescending(rung => rung.Key).Select(rung => (IReadOnlyList<TrialResult>)[.. rung])
            .FirstOrDefault(rung => rung.Count >= guide.Startup) ?? [];
}
