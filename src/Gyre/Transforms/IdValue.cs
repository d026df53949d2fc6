using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>An id per example, counted from 0, or none. Say how models are to read it: <see cref="OneHot"/> or <see cref="AsCategory"/>.</summary>
public sealed class IdValue : Expression
{
    internal IdValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    /// <summary>Both ids as one, of as many as there are pairs; none where either is missing.</summary>
    public IdValue Cross(IdValue other) => new(Builder, Then(new CrossIds(), other));

    /// <summary>A vector of zeros with a one at the id's place; only zeros where there is none.</summary>
    public OneHotValue OneHot() => new(Builder, Then(new OneHot()));

    /// <summary>The id itself, for models that embed or split it.</summary>
    public CategoryValue AsCategory() => new(Builder, Then(new AsCategory()));
}

/// <summary>A vector of zeros with at most a single one.</summary>
public sealed class OneHotValue : FeatureValue
{
    internal OneHotValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    internal override FeatureKind Kind => FeatureKind.OneHot;
}

/// <summary>One of a known number of categories, or none.</summary>
public sealed class CategoryValue : FeatureValue
{
    internal CategoryValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    internal override FeatureKind Kind => FeatureKind.Category;
}
