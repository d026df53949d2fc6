namespace Gyre.Schemas;

/// <summary>Takes over what validation proposes: a schema that allows the data.</summary>
public static class SchemaAcceptance
{
    /// <summary>The schema with the proposal for some features, or for the data set as a whole.</summary>
    /// <param name="current">The schema as it stands now.</param>
    /// <param name="validated">The schema that the data was held against.</param>
    /// <param name="proposed">The schema that allows the data.</param>
    /// <param name="features">The features by the paths that anomalies have; an empty one stands for the number of examples.</param>
    /// <exception cref="InvalidDataException">The schema was changed at such a feature since the data was held against it.</exception>
    /// <exception cref="ArgumentException">There is no such feature.</exception>
    public static SchemaDefinition Accept(SchemaDefinition current, SchemaDefinition validated, SchemaDefinition proposed, IEnumerable<string> features)
    {
        var result = current.Message;
        foreach (var feature in features.Distinct(StringComparer.Ordinal))
        {
            if (feature.Length == 0)
            {
                if (!Equals(current.Message.DatasetConstraints, validated.Message.DatasetConstraints))
                    throw Changed("dataset_constraints");
                result = SchemaMerge.Dataset(result, proposed.Message);
                continue;
            }

            var path = PathOf(feature, proposed, validated);
            var (now, then) = (SchemaMerge.Find(current.Message, path), SchemaMerge.Find(validated.Message, path));
            if (!Equals(now, then))
                throw Changed($"the feature '{feature}'");
            result = SchemaMerge.Feature(result, proposed.Message, path);
        }

        return new SchemaDefinition(result);
    }

    static IReadOnlyList<string> PathOf(string feature, SchemaDefinition proposed, SchemaDefinition validated) =>
        SchemaFeatures.Flatten(proposed.Message.Feature).Concat(SchemaFeatures.Flatten(validated.Message.Feature))
            .Select(each => each.Path).FirstOrDefault(path => SchemaFeatures.Serialize(path) == feature)
        ?? proposed.Message.SparseFeature.Select(sparse => sparse.Name).Concat(proposed.Message.WeightedFeature.Select(weighted => weighted.Name))
            .Where(name => SchemaFeatures.Serialize([name]) == feature).Select(name => (IReadOnlyList<string>)[name]).FirstOrDefault()
        ?? throw new ArgumentException($"There is no feature '{feature}' in the schema, nor in the data.", nameof(feature));

    static InvalidDataException Changed(string what) => new(
        $"The schema was changed at {what} since the data was held against it. Run the pipeline again, and accept what it finds then.");
}
