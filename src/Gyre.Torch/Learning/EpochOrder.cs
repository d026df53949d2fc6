namespace Gyre.Torch.Learning;

/// <summary>
/// Which examples each epoch goes through, and in which steps. Says it for any epoch from the seed alone, so that one in the
/// middle of a training can be taken up, and so that several machines can each take their part of the same steps.
/// </summary>
/// <param name="options">The seed, the size of a step and the sampling.</param>
/// <param name="rows">The number of examples.</param>
/// <param name="classes">The class of each; null where there are none.</param>
/// <param name="groups">The examples of each group, which stay together; null where there are none.</param>
sealed class EpochOrder(NeuralTrainer options, int rows, int[]? classes, IReadOnlyList<int[]>? groups = null)
{
    /// <summary>The examples of an epoch, cut into those of each step.</summary>
    public IReadOnlyList<ArraySegment<int>> Steps(int epoch)
    {
        var shuffling = Chance.Generator(options.Seed, Chance.Purpose.Order, epoch);
        if (groups is not null)
            return [.. GroupSteps([.. groups], shuffling)];
        var order = Rows(epoch);
        shuffling.Shuffle(order);
        return [.. Enumerable.Range(0, (order.Length + options.BatchSize - 1) / options.BatchSize)
            .Select(step => new ArraySegment<int>(order, step * options.BatchSize, Math.Min(options.BatchSize, order.Length - (step * options.BatchSize))))];
    }

    /// <summary>Steps of whole groups; as many as fit, at least one.</summary>
    IEnumerable<ArraySegment<int>> GroupSteps(int[][] order, Random shuffling)
    {
        shuffling.Shuffle(order);
        var step = new List<int>();
        foreach (var group in order)
        {
            if (step.Count > 0 && step.Count + group.Length > options.BatchSize)
            {
                yield return step.ToArray();
                step.Clear();
            }

            step.AddRange(group);
        }

        if (step.Count > 0)
            yield return step.ToArray();
    }

    int[] Rows(int epoch)
    {
        var all = Enumerable.Range(0, rows).ToArray();
        if (options.Sampling == Sampling.All || classes is null)
            return all;
        var random = Chance.Generator(options.Seed, Chance.Purpose.Sampling, epoch);
        var byClass = all.GroupBy(row => classes[row]).OrderBy(group => group.Key).Select(group => group.ToArray()).ToList();
        var size = options.Sampling == Sampling.Over ? byClass.Max(members => members.Length) : byClass.Min(members => members.Length);
        return [.. byClass.SelectMany(members => Draw(members, size, random))];
    }

    /// <summary>So many of the members: each as often as any other, and some of them once more.</summary>
    static IEnumerable<int> Draw(int[] members, int size, Random random)
    {
        random.Shuffle(members);
        return Enumerable.Range(0, size).Select(i => members[i % members.Length]);
    }
}
