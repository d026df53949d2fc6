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
}
