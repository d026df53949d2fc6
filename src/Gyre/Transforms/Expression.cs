using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>A value of the transform language: what some operators make of the raw columns of an example.</summary>
public abstract class Expression
{
    private protected Expression(FeatureBuilder builder, Step step)
    {
        Builder = builder;
        Step = step;
    }

    internal FeatureBuilder Builder { get; }

    internal Step Step { get; }

    internal Step Then(Operator op) => Builder.Apply(op, Step);

    internal Step Then(Operator op, Expression with) => Builder.Apply(op, Step, with.Step);
}

/// <summary>A value that can be a feature, see <see cref="FeatureBuilder.Output"/>.</summary>
public abstract class FeatureValue : Expression
{
    private protected FeatureValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    internal abstract FeatureKind Kind { get; }

    /// <summary>Whether examples may lack it, in a way that models cannot be given.</summary>
    internal virtual bool MayBeMissing => false;

    /// <summary>Whether it may be missing and is to be a feature all the same.</summary>
    internal virtual bool KeepsMissing => false;
}
