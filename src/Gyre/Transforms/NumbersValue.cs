using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>Any number of numbers per example, in order. A missing list counts as an empty one; missing numbers in it as not there.</summary>
public sealed class NumbersValue : Expression
{
    internal NumbersValue(FeatureBuilder builder, Step step)
        : base(builder, step)
    {
    }

    /// <summary>How many numbers there are.</summary>
    public NumberValue Count() => new(Builder, Then(new CountNumbers()), mayBeMissing: false);

    /// <summary>The sum; 0 where there are none.</summary>
    public NumberValue Sum() => new(Builder, Then(new SumNumbers()), mayBeMissing: true);

    /// <summary>The mean; missing where there are none.</summary>
    public NumberValue Mean() => new(Builder, Then(new MeanOfNumbers()), mayBeMissing: true);

    /// <summary>The least; missing where there are none.</summary>
    public NumberValue Min() => new(Builder, Then(new LeastOfNumbers()), mayBeMissing: true);

    /// <summary>The greatest; missing where there are none.</summary>
    public NumberValue Max() => new(Builder, Then(new GreatestOfNumbers()), mayBeMissing: true);

    /// <summary>The first numbers as a vector of one length.</summary>
    /// <param name="length">The length.</param>
    /// <param name="fill">What stands where there are fewer.</param>
    public VectorValue Padded(int length, double fill = 0)
    {
        Builder.RequireAtLeast(1, length, "Padded", "numbers");
        if (!double.IsFinite(fill))
            Builder.Error("Padded was given a fill that is not finite. Give a finite number.");
        return new(Builder, Then(new PaddedNumbers(length, fill)));
    }
}
