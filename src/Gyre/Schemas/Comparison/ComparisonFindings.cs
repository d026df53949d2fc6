using System.Globalization;
using Gyre.Schemas.Protos;
using AnomalyType = Gyre.Schemas.Protos.AnomalyInfo.Types.Type;
using Measurement = Gyre.Schemas.Protos.DriftSkewInfo.Types.Measurement;

namespace Gyre.Schemas.Comparison;

/// <summary>Turns what comparisons measured into anomalies.</summary>
sealed class ComparisonFindings(AnomalyBuilder result, ValidationOptions options)
{
    const string Drift = "Distribution differs";

    readonly Dictionary<string, DriftSkewInfo> _measured = new(StringComparer.Ordinal);

    /// <summary>Adds all findings of one comparison.</summary>
    public void Add(DataComparison comparison)
    {
        if (comparison.NotCompared is not null)
            return;
        var features = SchemaFeatures.Flatten(result.Baseline.Feature).ToDictionary(each => SchemaFeatures.Serialize(each.Path), each => each, StringComparer.Ordinal);
        foreach (var feature in comparison.Features)
        {
            var known = features.TryGetValue(feature.Feature, out var found);
            if (known && SchemaFeatures.IsRetired(found.Feature))
                continue;
            IReadOnlyList<string> path = known ? found.Path : [feature.Feature];
            Measure(feature, path, comparison.With);
            result.Add(path, [.. OfSchema(feature, path, comparison), .. ByDefault(feature, comparison)]);
        }

        foreach (var missing in comparison.OnlyHere)
        {
            if (features.TryGetValue(missing, out var found) && DataComparer.ComparatorOf(found.Feature, comparison.With) is { } comparator && HasThreshold(comparator))
            {
                result.Add(found.Path, [new Finding(
                    AnomalyType.ComparatorControlDataMissing, "Nothing to compare with",
                    $"The schema limits how far this feature may be from {comparison.Name}, which lacks it. Compare with data that has it, or remove the comparator.")]);
            }
        }

        Count(comparison);
    }

    /// <summary>Adds the distances to the anomalies, whether they are too great or not. To be called last.</summary>
    public void AddDistances()
    {
        foreach (var (_, info) in _measured.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            result.AddDistances(info);
    }

    /// <summary>Adds what is wrong with the balance of classes.</summary>
    public void Add(ClassBalance balance)
    {
        foreach (var check in balance.Checks.Where(check => check.IsAlarm))
        {
            var now = balance.Counts.GetValueOrDefault(check.Class ?? "") / balance.Counts.Values.Sum();
            var weights = string.Join(", ", balance.Classes.Take(options.NamedValues).Select(each => string.Create(CultureInfo.InvariantCulture, $"'{each.Class}' {each.Weight:0.###}")));
            result.Add([balance.Label], [new Finding(
                AnomalyType.CustomValidation, "Class balance differs",
                $"The class '{check.Class}' has {Percent(now)} of the labelled examples. Expected {Percent(check.Expected.GetValueOrDefault(check.Class ?? ""))}{(check.Against == "expected" ? "" : $", as in {check.Against}")}; {Probable(check.Test, check.Test.Probability)}. "
                + $"If the data is right, weights make up for it in training: {weights}.",
                WeightOf(options.Balance.Severity))]);
        }
    }

    /// <summary>Adds what suggests leakage.</summary>
    public void Add(LeakageHints hints, string firstSplit)
    {
        var weight = WeightOf(options.Leakage.Severity);
        foreach (var hint in hints.Features.Where(hint => hint.IsHint))
        {
            result.Add([hint.Feature], [new Finding(
                AnomalyType.CustomValidation, "Determines the label",
                $"This feature alone tells the label of {Percent(hint.Accuracy)} of the examples; the most frequent class has {Percent(hint.MostFrequentClass)}. It may hold the answer: is it known before the label is? If not, leave it out of the features.", weight)]);
        }

        foreach (var hint in hints.Identifiers)
        {
            result.Add([hint.Feature], [new Finding(
                AnomalyType.CustomValidation, "Looks like an identifier",
                string.Create(CultureInfo.InvariantCulture, $"{hint.Distinct} of {hint.Values} values are distinct. A model learns single examples by heart from it: leave it out of the features."), FindingWeight.Note)]);
        }

        if (hints.Duplicates is { IsHint: true } duplicates)
        {
            result.AddDataset([new Finding(
                AnomalyType.CustomValidation, "Examples of another split",
                $"{Amount(duplicates)} stand in the split '{firstSplit}' too, but for the label{Samples(duplicates)}. What is measured on them is too good: split by a column that groups them, or remove repetitions.", weight)]);
        }

        if (hints.Conflicts is { IsHint: true } conflicts)
        {
            result.AddDataset([new Finding(
                AnomalyType.CustomValidation, "Contradicting labels",
                $"{Amount(conflicts)} equal another one in all columns but have another label{Samples(conflicts)}. No model can be right about both: add the columns that tell them apart, or correct the labels.", weight)]);
        }
    }

    IEnumerable<Finding> OfSchema(FeatureComparison feature, IReadOnlyList<string> path, DataComparison comparison)
    {
        var fixedFeature = SchemaMerge.Find(result.Fixed, path);
        foreach (var distance in feature.Distances.Where(distance => distance is { IsOfSchema: true, IsAbove: true }))
        {
            if (fixedFeature is not null && DataComparer.ComparatorOf(fixedFeature, comparison.With) is { } comparator)
                Relax(comparator, distance);
            var isChance = feature.Test is { } test && test.Probability >= comparison.Significance && comparison.Significance < 1;
            yield return new Finding(
                TypeOf(distance.Name), $"High {NameOf(distance.Name)}",
                $"The {NameOf(distance.Name)} to {comparison.Name} is {Number(distance.Value)}. Expected at most {Number(distance.Threshold!.Value)}{Where(distance)}. "
                + (feature.Test is null ? "" : $"{Sentence(Probable(feature.Test, feature.Test.Probability))}."),
                isChance ? FindingWeight.Warning : FindingWeight.Error);
        }

        if (DataComparer.ComparatorOf(fixedFeature ?? new Feature(), comparison.With)?.JensenShannonDivergence?.HasThreshold == true && feature.Of(DistanceNames.JensenShannon) is null)
        {
            yield return new Finding(
                AnomalyType.StatsNotAvailable, "Divergence not measured",
                $"The schema limits the divergence from {comparison.Name}, but it cannot be measured: {string.Join(' ', feature.Notes)}", FindingWeight.Warning);
        }
    }

    IEnumerable<Finding> ByDefault(FeatureComparison feature, DataComparison comparison)
    {
        if (!feature.IsAlarm)
            yield break;
        var weight = WeightOf(options.Comparison.Severity);
        var far = feature.Distances.Where(distance => distance is { IsAbove: true, IsOfSchema: false } && distance.Name != DistanceNames.MissingShare).ToList();
        if (far.Count > 0 && feature.Probability < comparison.Significance)
        {
            var type = far.Select(distance => TypeOf(distance.Name)).Where(type => type != AnomalyType.CustomValidation).DefaultIfEmpty(AnomalyType.CustomValidation).First();
            var listed = string.Join(", ", far.Select(distance => $"{NameOf(distance.Name)} {Number(distance.Value)} (above {Number(distance.Threshold!.Value)}{Where(distance)})"));
            yield return new Finding(type, Drift, $"The values differ from {comparison.Name}: {listed}; {Probable(feature.Test!, feature.Probability!.Value)}.", weight);
        }

        if (feature.Of(DistanceNames.MissingShare) is { IsAbove: true } missing && feature.MissingProbability < comparison.Significance)
        {
            yield return new Finding(
                AnomalyType.CustomValidation, "Presence differs",
                $"The share of examples without a value differs by {Percent(missing.Value)} from {comparison.Name} (above {Percent(missing.Threshold!.Value)}); {Probable(feature.MissingTest!, feature.MissingProbability!.Value)}.", weight);
        }
    }

    void Measure(FeatureComparison feature, IReadOnlyList<string> path, ComparedWith with)
    {
        var measurements = feature.Distances.Where(distance => MeasurementOf(distance.Name) != Measurement.Types.Type.Unknown).Select(distance =>
        {
            var measurement = new Measurement { Type = MeasurementOf(distance.Name), Value = distance.Value };
            if (distance.Threshold is { } threshold)
                measurement.Threshold = threshold;
            return measurement;
        }).ToList();
        if (measurements.Count == 0 || with is not (ComparedWith.PreviousSpan or ComparedWith.Serving))
            return;
        if (!_measured.TryGetValue(feature.Feature, out var info))
        {
            _measured.Add(feature.Feature, info = new DriftSkewInfo { Path = new Gyre.Statistics.Protos.Path() });
            info.Path.Step.AddRange(path);
        }

        (with == ComparedWith.Serving ? info.SkewMeasurements : info.DriftMeasurements).AddRange(measurements);
    }

    void Count(DataComparison comparison)
    {
        var (comparator, relaxed) = comparison.With switch
        {
            ComparedWith.PreviousSpan => (result.Baseline.DatasetConstraints?.NumExamplesDriftComparator, result.Fixed.DatasetConstraints?.NumExamplesDriftComparator),
            ComparedWith.PreviousVersion => (result.Baseline.DatasetConstraints?.NumExamplesVersionComparator, result.Fixed.DatasetConstraints?.NumExamplesVersionComparator),
            _ => (null, null),
        };
        if (comparator is null)
            return;
        if (comparator.HasMaxFractionThreshold && (comparison.ExampleRatio ?? double.PositiveInfinity) > comparator.MaxFractionThreshold)
        {
            result.AddDataset([new Finding(
                AnomalyType.ComparatorHighNumExamples, "Too many examples",
                $"There are {(comparison.ExampleRatio is { } ratio ? $"{Number(ratio)} times as many examples as in {comparison.Name}" : $"examples, and none in {comparison.Name}")}. Expected at most {Number(comparator.MaxFractionThreshold)} times as many.")]);
            if (comparison.ExampleRatio is { } found)
                relaxed!.MaxFractionThreshold = found;
            else
                relaxed!.ClearMaxFractionThreshold();
        }

        if (comparator.HasMinFractionThreshold && comparison.ExampleRatio is { } share && share < comparator.MinFractionThreshold)
        {
            result.AddDataset([new Finding(
                AnomalyType.ComparatorLowNumExamples, "Too few examples",
                $"There are {Number(share)} times as many examples as in {comparison.Name}. Expected at least {Number(comparator.MinFractionThreshold)} times as many.")]);
            relaxed!.MinFractionThreshold = share;
        }
    }

    static bool HasThreshold(FeatureComparator comparator) =>
        comparator.InfinityNorm?.HasThreshold == true || comparator.JensenShannonDivergence?.HasThreshold == true || comparator.NormalizedAbsDifference?.HasThreshold == true;

    static void Relax(FeatureComparator comparator, Distance distance)
    {
        switch (distance.Name)
        {
            case DistanceNames.LInfinity: comparator.InfinityNorm.Threshold = distance.Value; break;
            case DistanceNames.JensenShannon: comparator.JensenShannonDivergence.Threshold = distance.Value; break;
            case DistanceNames.NormalizedAbsoluteDifference: comparator.NormalizedAbsDifference.Threshold = distance.Value; break;
        }
    }

    static AnomalyType TypeOf(string distance) => distance switch
    {
        DistanceNames.LInfinity => AnomalyType.ComparatorLInftyHigh,
        DistanceNames.JensenShannon => AnomalyType.ComparatorJensenShannonDivergenceHigh,
        DistanceNames.NormalizedAbsoluteDifference => AnomalyType.ComparatorNormalizedAbsoluteDifferenceHigh,
        _ => AnomalyType.CustomValidation,
    };

    static Measurement.Types.Type MeasurementOf(string distance) => distance switch
    {
        DistanceNames.LInfinity => Measurement.Types.Type.LInfty,
        DistanceNames.JensenShannon => Measurement.Types.Type.JensenShannonDivergence,
        DistanceNames.NormalizedAbsoluteDifference => Measurement.Types.Type.NormalizedAbsoluteDifference,
        _ => Measurement.Types.Type.Unknown,
    };

    /// <summary>A distance's name in sentences.</summary>
    internal static string NameOf(string distance) => distance switch
    {
        DistanceNames.LInfinity => "L∞ distance",
        DistanceNames.JensenShannon => "divergence of Jensen and Shannon",
        DistanceNames.NormalizedAbsoluteDifference => "normalised absolute difference",
        DistanceNames.PopulationStability => "population stability index",
        DistanceNames.KolmogorovSmirnov => "distance of Kolmogorov and Smirnov",
        DistanceNames.NormalizedWasserstein => "Wasserstein distance in standard deviations",
        _ => distance.Replace('_', ' '),
    };

    static FindingWeight WeightOf(AnomalySeverity severity) => severity == AnomalySeverity.Error ? FindingWeight.Error : FindingWeight.Warning;

    static string Where(Distance distance) => distance.Where is { } value ? $"; '{Short(value)}' differs most" : "";

    static string Short(string value) => value.Length <= 60 ? value : value[..60] + "…";

    static string Probable(TestResult test, double probability) =>
        $"{(probability < 0.05 ? "hardly chance" : "it may be chance")} (p {(probability < 1e-12 ? "< 1e-12" : $"= {Number(probability)}")}, {test.Name switch { "chi_square" => "χ²", "fisher_exact" => "Fisher", _ => "Kolmogorov-Smirnov" }})";

    static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    static string Amount(RepeatedRows rows) => string.Create(CultureInfo.InvariantCulture, $"{rows.Rows} examples ({rows.Share * 100:0.##} %)");

    static string Samples(RepeatedRows rows) => rows.Samples.Count == 0 ? "" : $", for example {string.Join(", ", rows.Samples.Take(3).Select(pair => $"{pair.Row} and {pair.Other}"))}";

    static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    static string Number(double value) => value.ToString(value != 0 && Math.Abs(value) < 1e-3 ? "0.##e-0" : "0.####", CultureInfo.InvariantCulture);
}
