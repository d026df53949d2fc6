using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gyre.Schemas.Comparison;

/// <summary>
/// Everything that was measured when a data set was held against others, in <c>comparison.json</c>: distances below their
/// thresholds too, counts of examples, the balance of the label's classes, hints at leakage. Terminal, pages and gate read it.
/// </summary>
public sealed record ComparisonReport
{
    internal const string FileName = "comparison.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The split.</summary>
    public required string Split { get; init; }

    /// <summary>Its number of examples.</summary>
    public required long Examples { get; init; }

    /// <summary>What it was held against; one that could not be made says why.</summary>
    public IReadOnlyList<DataComparison> Comparisons { get; init; } = [];

    /// <summary>How the label's classes are balanced; null when no label is known.</summary>
    public ClassBalance? Label { get; init; }

    /// <summary>What suggests that the label leaks into the features; null when it was not looked for.</summary>
    public LeakageHints? Leakage { get; init; }

    /// <summary>Every feature that differs by more than its thresholds and by more than chance.</summary>
    [JsonIgnore]
    public IEnumerable<(DataComparison Comparison, FeatureComparison Feature)> Alarms =>
        Comparisons.SelectMany(comparison => comparison.Features.Where(feature => feature.IsAlarm).Select(feature => (comparison, feature)));

    /// <summary>Reads a report.</summary>
    /// <exception cref="InvalidDataException">The file is no report of this format.</exception>
    public static ComparisonReport Load(string path)
    {
        try
        {
            var report = JsonSerializer.Deserialize<ComparisonReport>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected what comparisons found.");
            return report.Format == 1 ? report : throw new InvalidDataException($"'{path}' has format {report.Format}. Expected 1: read it with a newer version of Gyre.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' does not hold what comparisons found (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    /// <summary>Writes the report; equal ones give equal files.</summary>
    public void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);

    /// <summary>The report as JSON.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Json);
}

/// <summary>What data is held against.</summary>
public enum ComparedWith
{
    /// <summary>Drift: the newest earlier span.</summary>
    PreviousSpan,

    /// <summary>An earlier delivery of the same span.</summary>
    PreviousVersion,

    /// <summary>Skew: what is asked of the model in service.</summary>
    Serving,

    /// <summary>Another split of the same data.</summary>
    Split,
}

/// <summary>One data set held against another.</summary>
public sealed record DataComparison
{
    /// <summary>What kind of data the other is.</summary>
    public required ComparedWith With { get; init; }

    /// <summary>The other's name, for example <c>span 4</c>.</summary>
    public required string Other { get; init; }

    /// <summary>Why nothing could be compared, for example because this is the first span; null when it was.</summary>
    public string? NotCompared { get; init; }

    /// <summary>The number of the other's examples.</summary>
    public long OtherExamples { get; init; }

    /// <summary>This set's number of examples divided by the other's; null when the other has none.</summary>
    public double? ExampleRatio { get; init; }

    /// <summary>By which rule probabilities were corrected.</summary>
    public Correction Correction { get; init; }

    /// <summary>Below which corrected probability a difference did not count as chance.</summary>
    public double Significance { get; init; }

    /// <summary>The features that both have, in the order of the columns.</summary>
    public IReadOnlyList<FeatureComparison> Features { get; init; } = [];

    /// <summary>Features that only this set has.</summary>
    public IReadOnlyList<string> OnlyHere { get; init; } = [];

    /// <summary>Features that only the other has.</summary>
    public IReadOnlyList<string> OnlyThere { get; init; } = [];

    /// <summary>For sentences: «the previous span (span 4)».</summary>
    [JsonIgnore]
    public string Name => With switch
    {
        ComparedWith.PreviousSpan => Named("the previous span"),
        ComparedWith.PreviousVersion => Named("the previous version"),
        ComparedWith.Serving => Named("the serving data"),
        _ => $"the split '{Other}'",
    };

    string Named(string kind) => Other.Length == 0 ? kind : $"{kind} ({Other})";
}

/// <summary>What kind of values of a feature are compared.</summary>
public enum ComparedValues
{
    Numbers,
    Categories,

    /// <summary>Only whether there are values.</summary>
    Presence,
}

/// <summary>One feature in two data sets.</summary>
public sealed record FeatureComparison
{
    public required string Feature { get; init; }

    public required ComparedValues Values { get; init; }

    /// <summary>Everything that was measured.</summary>
    public required IReadOnlyList<Distance> Distances { get; init; }

    /// <summary>The test whether the values come from one distribution; null when there is none for them.</summary>
    public TestResult? Test { get; init; }

    /// <summary>The test's probability, corrected for the number of features; null without a test.</summary>
    public double? Probability { get; init; }

    /// <summary>The same for the share of examples that lack the feature.</summary>
    public TestResult? MissingTest { get; init; }

    /// <summary>The corrected probability of <see cref="MissingTest"/>.</summary>
    public double? MissingProbability { get; init; }

    /// <summary>Whether some distance is above its threshold and the difference hardly chance, or a threshold of the schema is passed.</summary>
    public bool IsAlarm { get; init; }

    /// <summary>What is to be said: what differs most, or why something could not be measured.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The distance of a name; null when it was not measured.</summary>
    public Distance? Of(string name) => Distances.FirstOrDefault(distance => distance.Name == name);

    /// <summary>The distance that is farthest above its threshold, or nearest to it; for tables.</summary>
    [JsonIgnore]
    public Distance? Largest => Distances.Where(distance => distance.Threshold is > 0).MaxBy(distance => distance.Value / distance.Threshold) ?? Distances.MaxBy(distance => distance.Value);
}

/// <summary>One measured distance.</summary>
/// <param name="Name">Its name; see <see cref="DistanceNames"/>.</param>
/// <param name="Value">How far apart the data sets are.</param>
/// <param name="Threshold">Above which value it is too far; null when nobody said.</param>
/// <param name="IsOfSchema">Whether the threshold stands in the schema.</param>
/// <param name="Where">The value that differs most, where there is one.</param>
public sealed record Distance(string Name, double Value, double? Threshold = null, bool IsOfSchema = false, string? Where = null)
{
    /// <summary>Whether the value is above its threshold.</summary>
    public bool IsAbove => Threshold is { } threshold && Value > threshold;
}

/// <summary>The names of distances in reports.</summary>
public static class DistanceNames
{
    /// <summary>Greatest difference of shares; for numbers over cells between the reference's deciles.</summary>
    public const string LInfinity = "l_infinity";

    /// <summary>TFX's normalised absolute difference.</summary>
    public const string NormalizedAbsoluteDifference = "normalized_absolute_difference";

    /// <summary>The divergence of Jensen and Shannon, base 2.</summary>
    public const string JensenShannon = "jensen_shannon";

    /// <summary>The population stability index.</summary>
    public const string PopulationStability = "population_stability";

    /// <summary>The statistic of Kolmogorov and Smirnov.</summary>
    public const string KolmogorovSmirnov = "kolmogorov_smirnov";

    /// <summary>Wasserstein's distance, in the numbers' unit.</summary>
    public const string Wasserstein = "wasserstein";

    /// <summary>Wasserstein's distance in standard deviations of the reference.</summary>
    public const string NormalizedWasserstein = "wasserstein_normalized";

    /// <summary>Cramér's V: √(χ² / n), from 0 to 1.</summary>
    public const string CramersV = "cramers_v";

    /// <summary>The difference of the shares of examples that lack the feature.</summary>
    public const string MissingShare = "missing_share";
}
