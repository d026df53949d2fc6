using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gyre.Statistics.RowSkew;

/// <summary>What differs between two sets of the same examples, feature by feature.</summary>
/// <param name="Pairs">Examples that stand in both sets.</param>
/// <param name="BaseOnly">Examples that stand in the first set only.</param>
/// <param name="TestOnly">Examples that stand in the second set only.</param>
/// <param name="WithoutIdentifier">Examples of either set that lack a value in an identifier; they are left out.</param>
/// <param name="Features">For each feature that is compared, in the order of the first set.</param>
/// <param name="Samples">Pairs that differ, by their identifiers in order.</param>
public sealed record RowSkewReport(
    long Pairs, long BaseOnly, long TestOnly, long WithoutIdentifier, IReadOnlyList<FeatureSkew> Features, IReadOnlyList<SkewedPair> Samples)
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}

/// <summary>How often a feature differs within pairs.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="BaseCount">Pairs in which the first example has it.</param>
/// <param name="TestCount">Pairs in which the second one has it.</param>
/// <param name="Match">Pairs with equal values.</param>
/// <param name="BaseOnly">Pairs in which only the first has it.</param>
/// <param name="TestOnly">Pairs in which only the second has it.</param>
/// <param name="Mismatch">Pairs with different values.</param>
public sealed record FeatureSkew(string Feature, long BaseCount, long TestCount, long Match, long BaseOnly, long TestOnly, long Mismatch)
{
    /// <summary>Pairs that differ in any way.</summary>
    public long Different => BaseOnly + TestOnly + Mismatch;
}

/// <summary>A pair that differs.</summary>
/// <param name="Identifier">The values of the identifiers.</param>
/// <param name="Differences">For each feature that differs its values as text; null where it is missing.</param>
public sealed record SkewedPair(IReadOnlyList<string> Identifier, IReadOnlyList<ValueDifference> Differences);

/// <summary>A feature's two values.</summary>
public sealed record ValueDifference(string Feature, string? Base, string? Test);
