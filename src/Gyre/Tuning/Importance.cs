namespace Gyre.Tuning;

/// <summary>
/// How much each option alone says of the order of the trials: the ranks of the trials are parted by the option's value (a range into
/// up to <see cref="MostGroups"/> parts of equally many trials), and ω² (Hays, 1963) is the share of their variance that lies between the
/// parts, less what chance alone would put there. Trials are compared where all of them are: at the first rung of each bracket.
/// </summary>
static class Importance
{
    const int MostGroups = 4;

    public static IReadOnlyList<OptionImportance> Of(SearchSpace space, IReadOnlyList<TrialResult> results)
    {
        var first = results.Where(result => result.Outcome.Error is null).GroupBy(result => result.Job.Trial).Select(jobs => jobs.MinBy(job => job.Job.Rung)!).ToList();
        var ranked = first.GroupBy(result => result.Job.Bracket).SelectMany(Ranks).ToList();
        return
        [
            .. space.Dimensions
                .Select((dimension, i) => new OptionImportance(dimension.Name, Share(dimension, [.. ranked.Where(trial => !double.IsNaN(trial.Point[i])).Select(trial => (trial.Point[i], trial.Rank))])))
                .OrderByDescending(option => option.Share),
        ];
    }

    /// <summary>Ranks from 0 to 1 within a bracket; equal losses share the mean of their ranks.</summary>
    static IEnumerable<(double[] Point, double Rank)> Ranks(IGrouping<int, TrialResult> bracket)
    {
        var losses = bracket.Select(result => result.Loss).Order().ToList();
        return bracket.Select(result =>
        {
            var below = losses.Count(loss => loss < result.Loss);
            var equal = losses.Count(loss => loss == result.Loss);
            return (result.Job.Point, (below + ((equal - 1) / 2.0)) / Math.Max(1, losses.Count - 1));
        });
    }

    static double Share(SearchDimension dimension, (double Place, double Rank)[] trials)
    {
        var groups = Groups(dimension, trials).Where(group => group.Length > 0).ToList();
        if (groups.Count < 2 || trials.Length <= groups.Count)
            return 0;
        var mean = trials.Average(trial => trial.Rank);
        var total = trials.Sum(trial => Square(trial.Rank - mean));
        var within = groups.Sum(group => group.Sum(trial => Square(trial.Rank - group.Average(other => other.Rank))));
        var error = within / (trials.Length - groups.Count);
        var share = (total - within - ((groups.Count - 1) * error)) / (total + error);
        return double.IsFinite(share) ? Math.Clamp(Math.Round(share, 6), 0, 1) : 0;
    }

    static IEnumerable<(double Place, double Rank)[]> Groups(SearchDimension dimension, (double Place, double Rank)[] trials)
    {
        if (dimension.Choices > 0)
            return trials.GroupBy(trial => trial.Place).Select(group => group.ToArray());
        var sorted = trials.OrderBy(trial => trial.Place).ToArray();
        return sorted.Chunk(Math.Max(1, (int)Math.Ceiling(sorted.Length / (double)MostGroups)));
    }

    static double Square(double value) => value * value;
}
