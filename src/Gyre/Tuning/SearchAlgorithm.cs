using System.Globalization;

namespace Gyre.Tuning;

/// <summary>How the next trial is chosen, and how long each may train.</summary>
public abstract record SearchAlgorithm
{
    private protected SearchAlgorithm()
    {
    }

    /// <summary>What is wrong with the settings.</summary>
    internal virtual IEnumerable<string> Problems(SearchSpace space, int? trials) => [];

    /// <summary>How many trials it makes when nobody says.</summary>
    internal virtual int DefaultTrials(SearchSpace space) => 20;

    internal abstract ITrialPlanner Plan(SearchSpace space, int trials, int seed);
}

/// <summary>Every combination of values, ranges at some points each. For few options with few values.</summary>
public sealed record GridSearch : SearchAlgorithm
{
    const int MostPoints = 100_000;

    /// <summary>At how many points, evenly along its scale, a range is tried.</summary>
    public int Points { get; init; } = 5;

    internal override IEnumerable<string> Problems(SearchSpace space, int? trials)
    {
        if (Points < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"GridSearch.Points is {Points}. Expected at least 1.");
        else if (GridPoints.Count(space, Points) is > MostPoints and var many)
            yield return string.Create(CultureInfo.InvariantCulture, $"The grid has {many} points. Expected at most {MostPoints}: search over fewer options, or by RandomSearch or TpeSearch.");
        else if (trials < GridPoints.Distinct(space, Points).Count)
            yield return string.Create(CultureInfo.InvariantCulture, $"The grid has {GridPoints.Distinct(space, Points).Count} points and Trials is {trials}. Leave Trials out to try all, or offer fewer values.");
    }

    internal override int DefaultTrials(SearchSpace space) => GridPoints.Distinct(space, Points).Count;

    internal override ITrialPlanner Plan(SearchSpace space, int trials, int seed) => new WholeTrials(space, GridPoints.Distinct(space, Points).Count, new GridPoints(space, Points));
}

/// <summary>Values drawn by chance, each trial trained to its end. Hard to beat where only few options matter (Bergstra and Bengio, 2012).</summary>
public sealed record RandomSearch : SearchAlgorithm
{
    internal override ITrialPlanner Plan(SearchSpace space, int trials, int seed) => new WholeTrials(space, trials, new ChancePoints(space, seed));
}

/// <summary>
/// Values drawn where good trials have been and bad ones have not: the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio
/// and Kégl, 2011). The trials so far are parted into the best and the rest; of some values drawn from the density of the best, that is
/// tried whose density there is the greatest multiple of that among the rest.
/// </summary>
public sealed record TpeSearch : SearchAlgorithm
{
    /// <summary>How many trials are drawn by chance before.</summary>
    public int Startup { get; init; } = 10;

    /// <summary>The share of the trials that counts as the best; of 25 trials in all never more.</summary>
    public double GoodShare { get; init; } = 0.2;

    /// <summary>How many values are drawn to choose one from.</summary>
    public int Candidates { get; init; } = 24;

    internal override IEnumerable<string> Problems(SearchSpace space, int? trials)
    {
        if (Startup < 2)
            yield return string.Create(CultureInfo.InvariantCulture, $"TpeSearch.Startup is {Startup}. Expected at least 2.");
        if (GoodShare is not (> 0 and < 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"TpeSearch.GoodShare is {GoodShare}. Expected a share between 0 and 1, such as 0.2.");
        if (Candidates < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"TpeSearch.Candidates is {Candidates}. Expected at least 1.");
    }

    internal override ITrialPlanner Plan(SearchSpace space, int trials, int seed) => new WholeTrials(space, trials, new ParzenPoints(space, seed, this));
}

/// <summary>What is given out sparingly to trials that have yet to show what they can do.</summary>
public enum TrialResource
{
    /// <summary>Epochs, or iterations: whatever the trainer reports after. Trainers that report none train to their end.</summary>
    Epochs,

    /// <summary>Training examples; for trainers that know no epochs.</summary>
    Rows,
}

/// <summary>
/// Many trials begin, and only those that do best go on: asynchronous successive halving (Li and others, 2020). Trials train up to the
/// first rung; of all that have reached a rung, the best one in <see cref="Reduction"/> goes on to the next, which is
/// <see cref="Reduction"/> times as far, as soon as that can be said. With several <see cref="Brackets"/> it is Hyperband (Li and others,
/// 2018): some trials begin at a higher rung, in case the first ones cannot yet tell good from bad.
/// </summary>
public sealed record Asha : SearchAlgorithm
{
    const int MostBrackets = 8;

    /// <summary>What a rung is measured in.</summary>
    public TrialResource Resource { get; init; } = TrialResource.Epochs;

    /// <summary>How many epochs or iterations lead to the first rung; the last is where the trainer ends by itself.</summary>
    public int MinEpochs { get; init; } = 1;

    /// <summary>The share of the training examples of the first rung, where these are what is given out; the last rung has all.</summary>
    public double MinRows { get; init; } = 1.0 / 27;

    /// <summary>One in so many trials goes on, and each rung is so many times as far as the one before.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>In how many groups trials begin, each a rung higher than the one before; 1 is ASHA, more are Hyperband.</summary>
    public int Brackets { get; init; } = 1;

    /// <summary>Draws new trials by what those before achieved; null draws by chance.</summary>
    public TpeSearch? Guide { get; init; }

    internal override IEnumerable<string> Problems(SearchSpace space, int? trials)
    {
        if (MinEpochs < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"Asha.MinEpochs is {MinEpochs}. Expected at least 1.");
        if (MinRows is not (> 0 and < 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"Asha.MinRows is {MinRows}. Expected a share between 0 and 1, such as 0.1.");
        if (Reduction < 2)
            yield return string.Create(CultureInfo.InvariantCulture, $"Asha.Reduction is {Reduction}. Expected at least 2.");
        if (Brackets is < 1 or > MostBrackets)
            yield return string.Create(CultureInfo.InvariantCulture, $"Asha.Brackets is {Brackets}. Expected 1 to {MostBrackets}.");
        foreach (var problem in Guide?.Problems(space, trials) ?? [])
            yield return problem;
    }

    internal override int DefaultTrials(SearchSpace space) => 60;

    internal override ITrialPlanner Plan(SearchSpace space, int trials, int seed) =>
        new HalvingTrials(space, trials, this, Guide is null ? new ChancePoints(space, seed) : new ParzenPoints(space, seed, Guide));
}
