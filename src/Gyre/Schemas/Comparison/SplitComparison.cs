using Gyre.Statistics;

namespace Gyre.Schemas.Comparison;

/// <summary>Holds one split against everything it is to be held against, and adds what is found to its anomalies.</summary>
/// <param name="Split">The split's name.</param>
/// <param name="Current">Its statistics.</param>
public sealed record SplitComparison(string Split, DatasetStatistics Current)
{
    /// <summary>What to compare with.</summary>
    public IReadOnlyList<ReferenceData> References { get; init; } = [];

    /// <summary>Comparisons that could not be made, with the reason.</summary>
    public IReadOnlyList<DataComparison> NotCompared { get; init; } = [];

    /// <summary>The first split, against which the label's balance is held; null in the first split itself.</summary>
    public DatasetStatistics? FirstSplit { get; init; }

    /// <summary>What the examples themselves suggest; null when they were not looked at.</summary>
    public LeakageHints? Leakage { get; init; }

    /// <summary>Holds the split against a schema and against other data: what is not as expected, and everything that was measured.</summary>
    public (AnomalyReport Anomalies, ComparisonReport Comparison) Validate(SchemaDefinition schema, ValidationOptions? options = null)
    {
        options ??= new ValidationOptions();
        var anomalies = SchemaValidation.Find(Current, schema, options);
        var comparison = Run(anomalies, schema, options);
        return (anomalies.Build(), comparison);
    }

    ComparisonReport Run(AnomalyBuilder anomalies, SchemaDefinition schema, ValidationOptions options)
    {
        var findings = new ComparisonFindings(anomalies, options);
        var comparisons = References.Select(reference => DataComparer.Compare(Current, reference, schema, options.Comparison)).Concat(NotCompared).ToList();
        foreach (var comparison in comparisons)
            findings.Add(comparison);
        findings.AddDistances();
        var balance = options.Label is { } label ? Balance(label, options) : null;
        if (balance is not null)
            findings.Add(balance);
        if (Leakage is not null)
            findings.Add(Leakage, FirstSplit?.Name ?? "");
        return new ComparisonReport { Split = Split, Examples = Current.Examples, Comparisons = comparisons, Label = balance, Leakage = Leakage };
    }

    ClassBalance Balance(string label, ValidationOptions options)
    {
        var balance = ClassBalance.Of(Current, label);
        if (options.ExpectedLabel is { Count: > 0 } expected)
            balance = balance.Against("expected", expected, isSample: false, options.Balance);
        if (FirstSplit is not null)
            balance = balance.Against($"split '{FirstSplit.Name}'", ClassBalance.Of(FirstSplit, label).Counts, isSample: true, options.Balance);
        return References.Aggregate(balance, (current, reference) => current.Against(
            new DataComparison { With = reference.With, Other = reference.Name }.Name, ClassBalance.Of(reference.Statistics, label).Counts, isSample: true, options.Balance));
    }
}
