using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>Begins a search space: <c>Search.Over(new LinearTrainer(), s => s.LogUniform(t => t.L2, 1e-6, 1e2))</c>.</summary>
public static class Search
{
    /// <summary>The options of a trainer among which the best are sought.</summary>
    /// <param name="trainer">The trainer; options that are not searched over keep the values that it has.</param>
    /// <param name="options">Each names one option or several, and what they may be. Mistakes are reported when the pipeline is checked.</param>
    public static SearchSpace Over<TTrainer>(TTrainer trainer, params Action<SearchBuilder<TTrainer>>[] options)
        where TTrainer : Trainer
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(options);
        var builder = new SearchBuilder<TTrainer>(trainer);
        foreach (var add in options)
            add(builder);
        return new SearchSpace(trainer, builder.Dimensions, builder.Problems);
    }
}
