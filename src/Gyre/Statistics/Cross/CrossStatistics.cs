namespace Gyre.Statistics.Cross;

/// <summary>What columns have to do with each other and with the label.</summary>
public sealed record CrossStatistics
{
    /// <summary>Each pair of columns of numbers.</summary>
    public IReadOnlyList<NumberPair> Numbers { get; init; } = [];

    /// <summary>Each pair of columns of categories.</summary>
    public IReadOnlyList<CategoryPair> Categories { get; init; } = [];

    /// <summary>Each column of numbers with each of categories.</summary>
    public IReadOnlyList<MixedPair> Mixed { get; init; } = [];

    /// <summary>Each column with the label, the one that tells most about it first.</summary>
    public IReadOnlyList<LabelAssociation> Labels { get; init; } = [];

    /// <summary>Lift of each column of categories for the label.</summary>
    public IReadOnlyList<FeatureLift> Lifts { get; init; } = [];

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<SkippedColumn> Skipped { get; init; } = [];

    internal LabelCodes? Codes { get; init; }

    internal bool HasWeights { get; init; }
}

/// <summary>Two columns of numbers, over the examples in which both are finite.</summary>
/// <param name="X">The one.</param>
/// <param name="Y">The other.</param>
/// <param name="Count">The examples.</param>
/// <param name="Correlation">Pearson's, from −1 to 1; 0 when one of them does not vary.</param>
/// <param name="Covariance">That of the population.</param>
public sealed record NumberPair(string X, string Y, long Count, double Correlation, double Covariance);

/// <summary>Two columns of categories, over the examples in which both have a value.</summary>
/// <param name="X">The one.</param>
/// <param name="Y">The other.</param>
/// <param name="Count">The examples.</param>
/// <param name="ChiSquared">Pearson's χ² of independence.</param>
/// <param name="DegreesOfFreedom">Those of χ².</param>
/// <param name="PValue">The chance of such a χ², or a greater one, were they independent.</param>
/// <param name="CramersV">Cramér's V with Bergsma's correction of its bias, from 0 to 1.</param>
/// <param name="XGivenY">Theil's U: the share of X's entropy that Y takes away.</param>
/// <param name="YGivenX">Theil's U: the share of Y's entropy that X takes away.</param>
public sealed record CategoryPair(
    string X, string Y, long Count, double ChiSquared, long DegreesOfFreedom, double PValue, double CramersV, double XGivenY, double YGivenX);

/// <summary>A column of numbers and one of categories, over the examples in which the one is finite and the other has a value.</summary>
/// <param name="Number">The column of numbers.</param>
/// <param name="Category">The column of categories.</param>
/// <param name="Count">The examples.</param>
/// <param name="CorrelationRatio">η²: the share of the numbers' variance that lies between categories, from 0 to 1.</param>
public sealed record MixedPair(string Number, string Category, long Count, double CorrelationRatio);

/// <summary>
/// What a column tells about the label, over the examples that have a label. A missing value is a value of its own. Numbers
/// are cut into bins of equal count unless they have few different values. All figures are of the data seen, not of data to come.
/// </summary>
/// <param name="Feature">The column.</param>
/// <param name="Count">The examples.</param>
/// <param name="Values">How many different values or bins the column has among them, missing included.</param>
/// <param name="MutualInformation">In bits, from the table of counts.</param>
/// <param name="AdjustedMutualInformation">The same less what chance brings on average to a column with the same counts; may be negative.</param>
/// <param name="UncertaintyCoefficient">The share of the label's entropy that the column takes away, from 0 to 1; 1 means that it determines the label.</param>
/// <param name="BestAccuracy">The share of labels guessed right from this column alone; for numbers the best of bins and of one threshold.</param>
/// <param name="MajorityAccuracy">The share guessed right without any column.</param>
/// <param name="AreaUnderCurve">For labels with two values, how well the column orders them: 0.5 to 1; null otherwise.</param>
public sealed record LabelAssociation(
    string Feature,
    long Count,
    int Values,
    double MutualInformation,
    double AdjustedMutualInformation,
    double UncertaintyCoefficient,
    double BestAccuracy,
    double MajorityAccuracy,
    double? AreaUnderCurve);

/// <summary>How much more frequent values of the label are where a column has a certain value.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Label">The label's column.</param>
/// <param name="Series">For each value of the label.</param>
public sealed record FeatureLift(string Feature, string Label, IReadOnlyList<LiftSeries> Series);

/// <summary>The lift of values for one value of the label.</summary>
/// <param name="LabelValue">The value, or the bounds of its bin.</param>
/// <param name="Count">The examples with it, or their weight.</param>
/// <param name="Values">The greatest lift first.</param>
public sealed record LiftSeries(string LabelValue, double Count, IReadOnlyList<LiftValue> Values);

/// <summary>P(label = y | feature = x) ÷ P(label = y).</summary>
/// <param name="Value">The value x.</param>
/// <param name="Lift">1 when x and y are independent.</param>
/// <param name="Count">The examples with x, or their weight.</param>
/// <param name="CountWithLabel">Those of them with y.</param>
/// <param name="Low">The lower bound of 95 % confidence (Wilson's, of the share of y among x); null when weighted.</param>
/// <param name="High">The upper bound.</param>
public sealed record LiftValue(string Value, double Lift, double Count, double CountWithLabel, double? Low, double? High);

/// <summary>A column that was left out.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedColumn(string Column, string Reason);
