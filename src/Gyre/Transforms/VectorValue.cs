using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>Several real numbers per example, as many for each: a feature. None of them is missing.</summary>
public sealed class VectorValue : FeatureValue
{
    internal VectorValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    internal override FeatureKind Kind => FeatureKind.Number;

    /// <summary>
    /// The distance of each number from the mean of all numbers of all examples, in standard deviations. To scale each by its own mean,
    /// scale the numbers before they become a vector.
    /// </summary>
    public VectorValue ScaleToZScore() => new(Builder, Then(new ScaleVectorToZScore()));

    /// <summary>What a pretrained ONNX model makes of the vector, as a vector. The model becomes part of the graph as it is, and its file part of what the transform is known by.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How the model is asked; null where it leaves no choice.</param>
    public VectorValue Encode(string path, EncoderOptions? options = null) => Builder.Encode(this, path, options ?? new());

    /// <summary>
    /// The principal components: new axes, through the mean, along which the training split varies most, the strongest first. Of the two directions
    /// of an axis the one whose greatest part is positive.
    /// </summary>
    /// <param name="components">How many axes are kept.</param>
    public VectorValue Pca(int components)
    {
        Builder.RequireAtLeast(1, components, "Pca", "components");
        return new(Builder, Then(new Pca(components)));
    }
}
