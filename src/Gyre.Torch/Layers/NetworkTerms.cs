using Gyre.Training;
using Gyre.Transforms;

namespace Gyre.Torch.Layers;

/// <summary>What the inputs and outputs of a network stand for, so that another can take its weights over.</summary>
sealed class NetworkTerms(TrainingInput input)
{
    readonly Dictionary<string, Axis> _features = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Features { get; } = [.. input.Features.Select(feature => feature.Name)];

    public string Task { get; } = input.Label.Task.ToString().ToLowerInvariant();

    /// <summary>What must be as it was, because weights cannot be matched by it: the sizes of vectors whose places have no names.</summary>
    public IEnumerable<(string Name, Axis Axis)> Unnamed => input.Features
        .Where(feature => input.Terms(feature.Name) is null).Select(feature => ($"the size of the feature '{feature.Name}'", Axis.Of(feature.Size)));

    /// <summary>The ids of a feature, or the places of its vector.</summary>
    public Axis Of(FeatureSpec feature)
    {
        if (!_features.TryGetValue(feature.Name, out var axis))
        {
            axis = input.Terms(feature.Name) is { } keys && keys.Count == feature.Size
                ? Axis.Named([.. keys.Select(key => $"{feature.Name}{Axis.Separator}{key}")])
                : Axis.Named([.. Axis.Of(feature.Size).Places(feature.Name)]);
            _features.Add(feature.Name, axis);
        }

        return axis;
    }

    public Axis Of(IEnumerable<FeatureSpec> features) => Axis.Concat([.. features.Select(feature => (feature.Name, Of(feature)))]);

    /// <summary>The outputs: classes by their names.</summary>
    public Axis Outputs(int width) => input.Label.HasClasses && input.Label.Classes.Count == width ? Axis.Named(input.Label.Classes) : Axis.Of(width);
}
