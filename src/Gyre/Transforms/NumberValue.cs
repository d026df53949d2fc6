using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>
/// A number per example, or none: a missing operand makes a result missing. Computed in double precision; models get single.
/// </summary>
public sealed class NumberValue : FeatureValue
{
    readonly bool _isKept;

    internal NumberValue(FeatureBuilder builder, Step step, bool mayBeMissing, bool isKept = false)
        : base(builder, step) => (MayBeMissing, _isKept) = (mayBeMissing, isKept);

    internal override FeatureKind Kind => FeatureKind.Number;

    internal override bool MayBeMissing { get; }

    internal override bool KeepsMissing => MayBeMissing && _isKept;

    /// <summary>Puts a constant where the number is missing.</summary>
    public NumberValue FillMissing(double value)
    {
        RequireFinite("FillMissing", value);
        return new(Builder, Then(new FillMissing(value)), mayBeMissing: false);
    }

    /// <summary>
    /// Says, last before <see cref="FeatureBuilder.Output"/>, that the feature may be missing for some examples: models get NaN there. Only for trainers
    /// that learn what missing means, such as trees (<see cref="Training.Trainer.TakesMissing"/>); others refuse it before anything runs.
    /// </summary>
    public NumberValue KeepMissing() => new(Builder, Step, MayBeMissing, isKept: true);

    /// <summary>Puts the mean of the training split where the number is missing.</summary>
    public NumberValue FillMissingWithMean() => new(Builder, Then(new FillMissingWithMean()), mayBeMissing: false);

    /// <summary>Puts the median of the training split where the number is missing; of two in the middle the lower one.</summary>
    public NumberValue FillMissingWithMedian() => new(Builder, Then(new FillMissingWithMedian()), mayBeMissing: false);

    /// <summary>Puts the number that occurs most often in the training split where the number is missing; of equally frequent ones the least.</summary>
    public NumberValue FillMissingWithMostFrequent() => new(Builder, Then(new FillMissingWithMostFrequent()), mayBeMissing: false);

    /// <summary>1 where the number is missing, otherwise 0.</summary>
    public NumberValue IsMissing() => new(Builder, Then(new IsMissing()), mayBeMissing: false);

    /// <summary>The natural logarithm of 1 + x; missing where x is −1 or less.</summary>
    public NumberValue Log1p() => new(Builder, Then(new Log1p()), mayBeMissing: true);

    /// <summary>The natural logarithm; missing where x is 0 or less.</summary>
    public NumberValue Log() => new(Builder, Then(new Log()), mayBeMissing: true);

    /// <summary>e to the power of x; missing where that is more than a double can hold.</summary>
    public NumberValue Exp() => new(Builder, Then(new Exp()), mayBeMissing: true);

    /// <summary>x to a constant power; missing where that is no finite number, such as a root of a negative one.</summary>
    public NumberValue Power(double exponent)
    {
        RequireFinite("Power", exponent);
        return new(Builder, Then(new Power(exponent)), mayBeMissing: true);
    }

    /// <summary>The square root; missing where x is below 0.</summary>
    public NumberValue Sqrt() => new(Builder, Then(new Sqrt()), mayBeMissing: true);

    /// <summary>
    /// The nearest number of single precision (float32); missing beyond its range. For calculations that are to agree to the last bit with a program that
    /// calculates in single precision, as TensorFlow does: round the operands, and round each result.
    /// </summary>
    public NumberValue ToSingle() => new(Builder, Then(new ToSingle()), mayBeMissing: true);

    /// <summary>The absolute value.</summary>
    public NumberValue Abs() => new(Builder, Then(new Abs()), MayBeMissing);

    /// <summary>The greatest whole number that is not above x.</summary>
    public NumberValue Floor() => new(Builder, Then(new Floor()), MayBeMissing);

    /// <summary>
    /// The place on a circle that x goes round once in <paramref name="period"/>: sine and cosine of 2π·x ÷ period, so that the last
    /// hour of a day is near the first of the next. Missing becomes the middle: two zeros.
    /// </summary>
    public VectorValue Cyclic(double period)
    {
        RequireFinite("Cyclic", period);
        if (period <= 0)
            Builder.Error($"Cyclic was given the period {Written(period)}. Give one above 0, for example 24 for hours.");
        return new(Builder, Then(new Cyclic(period)));
    }

    /// <summary>The number as a moment: so many units since the beginning of 1970 in UTC.</summary>
    public MomentValue ToMoment(TimeUnit unit = TimeUnit.Seconds)
    {
        var seconds = unit switch
        {
            TimeUnit.Milliseconds => this / 1_000,
            TimeUnit.Microseconds => this / 1_000_000,
            TimeUnit.Days => this * 86_400,
            _ => this,
        };
        return new(Builder, seconds.Step);
    }

    /// <summary>
    /// The bucket of whole numbers: <paramref name="first"/> has the id 0, the next the id 1. None where the number is missing, not whole, or
    /// outside.
    /// </summary>
    /// <param name="first">The least number that has an id.</param>
    /// <param name="count">How many have one.</param>
    public IdValue AsId(long first, int count)
    {
        Builder.RequireAtLeast(1, count, "AsId", "ids");
        return new(Builder, Then(new WholeNumberId(first, count)));
    }

    /// <summary>Raises what is below <paramref name="min"/> to it, and lowers what is above <paramref name="max"/>.</summary>
    public NumberValue Clip(double min, double max)
    {
        RequireFinite("Clip", min, max);
        if (min > max)
            Builder.Error($"Clip({Written(min)}, {Written(max)}) has its least value above its greatest. Exchange them.");
        return new(Builder, Then(new Clip(min, max)), MayBeMissing);
    }

    /// <summary>
    /// The distance from the training split's mean in standard deviations (of the population); 0 where the number is missing.
    /// Where all training values are equal, only the distance.
    /// </summary>
    /// <param name="keepMissing">Whether a missing number stays missing.</param>
    public NumberValue ScaleToZScore(bool keepMissing = false) =>
        keepMissing ? new(Builder, Then(new ZScore()), MayBeMissing) : new(Builder, Then(new ScaleToZScore()), mayBeMissing: false);

    /// <summary>
    /// The same with mean and standard deviation of the examples of the same key. Where all of them are equal, only the distance; where the key
    /// is missing or not known from the training split, the number itself. Missing stays missing.
    /// </summary>
    public NumberValue ScaleToZScorePer(TextValue key) => new(Builder, Then(new ZScorePerKey(), key), MayBeMissing);

    /// <summary>0 for the least value of the training split, 1 for the greatest, clipped beyond; missing stays missing.</summary>
    public NumberValue ScaleToUnit() => new(Builder, Then(new ScaleToUnit()), MayBeMissing);

    /// <summary>
    /// <paramref name="min"/> for the least value of the training split, <paramref name="max"/> for the greatest, in a straight line within
    /// and beyond. Where all training values are equal, the sigmoid of the number takes the place of the line. Missing stays missing.
    /// </summary>
    public NumberValue ScaleToMinMax(double min = 0, double max = 1)
    {
        RequireRange("ScaleToMinMax", min, max);
        return new(Builder, Then(new ScaleToMinMax(min, max)), MayBeMissing);
    }

    /// <summary>
    /// The same with the least and the greatest value of the examples of the same key. Where all of them are equal, and where the key is missing or not known
    /// from the training split, the sigmoid of the number takes the place of the line.
    /// </summary>
    public NumberValue ScaleToMinMaxPer(TextValue key, double min = 0, double max = 1)
    {
        RequireRange("ScaleToMinMaxPer", min, max);
        return new(Builder, Then(new ScaleToMinMaxPerKey(min, max), key), MayBeMissing);
    }

    /// <summary>
    /// The distance from the training split's median in widths of its middle half (third quartile less first); where that has no width, only
    /// the distance. Missing stays missing.
    /// </summary>
    public NumberValue ScaleRobust() => new(Builder, Then(new ScaleRobust()), MayBeMissing);

    /// <summary>
    /// Straightens heavy tails: finds the Tukey hh distribution with the L-moments of the training split, and gives what a normal variable
    /// would be in the number's place. Where neither tail is heavier than normal, the z-score. Missing stays missing.
    /// </summary>
    public NumberValue ScaleToGaussian() => new(Builder, Then(new ScaleToGaussian()), MayBeMissing);

    /// <summary>
    /// 0 below the first of the bounds between <paramref name="buckets"/> equally full buckets, 1 from the last on, and between two bounds the
    /// straight line from what one is given to the next; ½ where missing.
    /// </summary>
    public NumberValue ScaleToQuantiles(int buckets)
    {
        Builder.RequireAtLeast(2, buckets, "ScaleToQuantiles", "buckets");
        return new(Builder, Then(new InterpolateQuantiles(buckets)), mayBeMissing: false);
    }

    /// <summary>0 below the first bound, 1 from the last on, and between two bounds the straight line from what one is given to the next; ½ where missing.</summary>
    /// <param name="bounds">In ascending order.</param>
    public NumberValue InterpolateAt(params IReadOnlyList<double> bounds)
    {
        RequireFinite("InterpolateAt", [.. bounds]);
        if (bounds.Count == 0 || bounds.Zip(bounds.Skip(1)).Any(pair => !(pair.First <= pair.Second)))
            Builder.Error($"InterpolateAt({string.Join(", ", bounds.Select(Written))}) needs at least one bound, none below the one before.");
        return new(Builder, Then(new InterpolateAt([.. bounds])), mayBeMissing: false);
    }

    /// <summary>
    /// The bucket that the number falls into, of buckets that hold equally many training examples of the same key each. None where the number or
    /// the key is missing, or the key is not known from the training split.
    /// </summary>
    public IdValue BucketizePer(TextValue key, int buckets)
    {
        Builder.RequireAtLeast(2, buckets, "BucketizePer", "buckets");
        return new(Builder, Then(new BucketizePerKey(buckets), key));
    }

    /// <summary>
    /// The bucket that the number falls into, of buckets that hold equally many training examples each (as far as equal values
    /// allow). A number equal to the bound between two buckets goes up.
    /// </summary>
    public IdValue Bucketize(int buckets)
    {
        Builder.RequireAtLeast(2, buckets, "Bucketize", "buckets");
        return new(Builder, Then(new Bucketize(buckets)));
    }

    /// <summary>The bucket that the number falls into: 0 below the first bound, 1 from there to below the second, and so on.</summary>
    /// <param name="bounds">In ascending order.</param>
    public IdValue BucketizeAt(params IReadOnlyList<double> bounds)
    {
        if (bounds.Count == 0 || bounds.Zip(bounds.Skip(1)).Any(pair => !(pair.First < pair.Second)))
            Builder.Error($"BucketizeAt({string.Join(", ", bounds.Select(Written))}) needs at least one bound, each above the one before.");
        return new(Builder, Then(new BucketizeAt([.. bounds])));
    }

    public static NumberValue operator +(NumberValue left, NumberValue right) => Combine(new Add(), left, right);

    public static NumberValue operator +(NumberValue left, double right) => Combine(new Add(), left, Constant(left, right));

    public static NumberValue operator +(double left, NumberValue right) => Combine(new Add(), Constant(right, left), right);

    public static NumberValue operator -(NumberValue left, NumberValue right) => Combine(new Sub(), left, right);

    public static NumberValue operator -(NumberValue left, double right) => Combine(new Sub(), left, Constant(left, right));

    public static NumberValue operator -(double left, NumberValue right) => Combine(new Sub(), Constant(right, left), right);

    public static NumberValue operator *(NumberValue left, NumberValue right) => Combine(new Mul(), left, right);

    public static NumberValue operator *(NumberValue left, double right) => Combine(new Mul(), left, Constant(left, right));

    public static NumberValue operator *(double left, NumberValue right) => Combine(new Mul(), Constant(right, left), right);

    /// <summary>The quotient; missing where the divisor is 0.</summary>
    public static NumberValue operator /(NumberValue left, NumberValue right) => Combine(new Div(), left, right);

    /// <inheritdoc cref="op_Division(NumberValue, NumberValue)"/>
    public static NumberValue operator /(NumberValue left, double right) => Combine(new Div(), left, Constant(left, right));

    /// <inheritdoc cref="op_Division(NumberValue, NumberValue)"/>
    public static NumberValue operator /(double left, NumberValue right) => Combine(new Div(), Constant(right, left), right);

    /// <summary>1 where it holds, 0 where it does not, missing where an operand is.</summary>
    public static NumberValue operator <(NumberValue left, NumberValue right) => Compare(new Less(), left, right);

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator <(NumberValue left, double right) => Compare(new Less(), left, Constant(left, right));

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator >(NumberValue left, NumberValue right) => Compare(new Greater(), left, right);

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator >(NumberValue left, double right) => Compare(new Greater(), left, Constant(left, right));

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator <=(NumberValue left, NumberValue right) => Compare(new LessOrEqual(), left, right);

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator <=(NumberValue left, double right) => Compare(new LessOrEqual(), left, Constant(left, right));

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator >=(NumberValue left, NumberValue right) => Compare(new GreaterOrEqual(), left, right);

    /// <inheritdoc cref="op_LessThan(NumberValue, NumberValue)"/>
    public static NumberValue operator >=(NumberValue left, double right) => Compare(new GreaterOrEqual(), left, Constant(left, right));

    /// <summary>Sums may overflow and quotients divide by zero, which makes them missing whatever the operands.</summary>
    /// <summary>1 where both are other than 0, otherwise 0; missing where an operand is.</summary>
    public static NumberValue operator &(NumberValue left, NumberValue right) => Compare(new And(), left, right);

    /// <summary>1 where either is other than 0, otherwise 0; missing where an operand is.</summary>
    public static NumberValue operator |(NumberValue left, NumberValue right) => Compare(new Or(), left, right);

    /// <summary>1 where it is 0, otherwise 0; missing where it is.</summary>
    public static NumberValue operator !(NumberValue value) => new(value.Builder, value.Then(new Not()), value.MayBeMissing);

    /// <summary>1 where both are equal, otherwise 0; missing where an operand is.</summary>
    public NumberValue IsEqualTo(NumberValue other) => Compare(new Equal(), this, other);

    /// <inheritdoc cref="IsEqualTo(NumberValue)"/>
    public NumberValue IsEqualTo(double other) => Compare(new Equal(), this, Constant(this, other));

    static NumberValue Combine(Operator op, NumberValue left, NumberValue right) => new(left.Builder, left.Then(op, right), mayBeMissing: true);

    static NumberValue Compare(Operator op, NumberValue left, NumberValue right) =>
        new(left.Builder, left.Then(op, right), left.MayBeMissing || right.MayBeMissing);

    static NumberValue Constant(NumberValue beside, double value)
    {
        beside.RequireFinite("A calculation", value);
        return new(beside.Builder, beside.Builder.Apply(new Constant(value)), mayBeMissing: false);
    }

    void RequireRange(string what, double min, double max)
    {
        RequireFinite(what, min, max);
        if (!(min < max))
            Builder.Error($"{what} was given {Written(min)} to {Written(max)}. Give a first number below the second.");
    }

    void RequireFinite(string what, params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                Builder.Error($"{what} was given {Written(value)}. Give a finite number.");
        }
    }

    static string Written(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
