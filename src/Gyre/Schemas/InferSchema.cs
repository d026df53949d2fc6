using Gyre.Pipelines;
using Gyre.Statistics;

namespace Gyre.Schemas;

/// <summary>
/// Guesses from the statistics of one split what is to be expected of data: types, presence, sets of values. To review
/// and keep the guess, copy the artifact's <c>schema.pbtxt</c> into your sources and read it with <see cref="ImportSchema"/>.
/// </summary>
/// <example><code>var schema = pipeline.Add(new InferSchema(statistics));</code></example>
[CodeVersion(1)]
public sealed class InferSchema(Output<ExampleStatistics> statistics) : Component<Output<DataSchema>>
{
    const string DefaultSplit = "train";

    /// <summary>The split to learn from; null for <c>train</c>, or the only one there is.</summary>
    public string? Split { get; init; }

    /// <summary>How to guess.</summary>
    public InferenceOptions Options { get; init; } = new();

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var input = execution.Read(statistics);
        var split = Split ?? (input.Splits.Count == 1 ? input.Splits[0] : DefaultSplit);
        if (!input.Splits.Contains(split, StringComparer.Ordinal))
            throw new InvalidDataException($"There is no split '{split}' to infer a schema from. Splits: {string.Join(", ", input.Splits)}. Set {nameof(Split)} to one of them.");
        SchemaInference.Infer(input.Of(split), Options).Save(execution.PathOf(Outputs, DataSchema.FileName));
        return Task.CompletedTask;
    }

    protected internal override void Check(DefinitionCheck check)
    {
        Share(check, nameof(InferenceOptions.MinDomainMass), Options.MinDomainMass);
        Share(check, nameof(InferenceOptions.MinPresence), Options.MinPresence);
        Share(check, nameof(InferenceOptions.MinKeptPresence), Options.MinKeptPresence);
        if (Options.MaxDomainSize < 0)
            check.Error(FormattableString.Invariant($"{nameof(InferenceOptions.MaxDomainSize)} is {Options.MaxDomainSize}. Expected a number of values, 0 for no sets of values."));
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) =>
        check.ColumnsOf(statistics);

    static void Share(DefinitionCheck check, string name, double value)
    {
        if (value is not (>= 0 and <= 1))
            check.Error(FormattableString.Invariant($"{name} is {value}. Expected a share from 0 to 1."));
    }
}
