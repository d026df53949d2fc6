using Gyre.Data;

namespace Gyre.Transforms;

/// <content>What is to be predicted.</content>
public sealed partial class FeatureBuilder
{
    LabelSpec? _label;
    string? _weight;

    /// <summary>What computes the label, where it is no column of its own.</summary>
    internal NumberValue? LabelRule { get; private set; }

    internal LabelSpec? LabelSpec => _label is null ? null : _label with { Weight = _weight };

    /// <summary>Yes or no is to be predicted: says which column holds the answer. It cannot be a feature.</summary>
    /// <param name="column">The raw column.</param>
    /// <param name="positive">Its values that mean yes; a number counts by its shortest text. Any other means no; examples without one are not learnt from.</param>
    public void Label(string column, params IReadOnlyList<string> positive)
    {
        if (positive.Count == 0 || positive.Any(string.IsNullOrEmpty))
            Error($"The label '{column}' needs at least one value that means yes, none of them empty: f.Label(\"{column}\", \"Yes\").");
        Declare(new LabelSpec(column, [.. positive]));
    }

    /// <summary>Yes or no is to be predicted, where a rule over columns says which.</summary>
    /// <param name="rule">1 for yes; any other number means no, and a missing one that there is no answer. Nothing of it may be learnt from the data.</param>
    /// <param name="name">What the label is called in files and messages.</param>
    /// <example><code>f.Label(f.Number("delay") &gt; 15, "late")</code></example>
    public void Label(NumberValue rule, string name = FeatureReader.LabelColumn) =>
        Declare(new LabelSpec(name, ["1"]) { Sources = SourcesOf(rule) }, rule);

    /// <summary>One of several classes is to be predicted.</summary>
    /// <param name="column">The raw column with the class; a number counts by its shortest text.</param>
    /// <param name="classes">
    /// The classes, in the order of the model's probabilities; none for all values of the training split in ordinal order. An
    /// example with another value counts as one without a label.
    /// </param>
    public void LabelClass(string column, params IReadOnlyList<string> classes)
    {
        RequireClasses("LabelClass", column, classes, least: 2);
        Declare(new LabelSpec(column) { Task = LearningTask.Multiclass, Classes = [.. classes] });
    }

    /// <summary>Any number of several classes is to be predicted, each with a probability of its own.</summary>
    /// <param name="column">The raw column of lists of classes. An empty list has none of them; a missing one is not known.</param>
    /// <param name="classes">
    /// The classes, in the order of the model's probabilities; none for all values of the training split in ordinal order. An
    /// example with another value in its list counts as one without a label.
    /// </param>
    public void LabelClasses(string column, params IReadOnlyList<string> classes)
    {
        RequireClasses("LabelClasses", column, classes, least: 1);
        Declare(new LabelSpec(column) { Task = LearningTask.Multilabel, Classes = [.. classes] });
    }

    /// <summary>A number is to be predicted.</summary>
    /// <param name="column">The raw column of numbers.</param>
    /// <param name="unit">What it counts or measures, such as «EUR»; stands in the model's signature.</param>
    public void LabelNumber(string column, string? unit = null)
    {
        if (unit is "")
            Error($"The unit of the label '{column}' is empty. Name it, such as unit: \"EUR\", or leave it out.");
        Declare(new LabelSpec(column) { Task = LearningTask.Regression, Unit = unit });
    }

    /// <summary>A number is to be predicted that is computed from columns.</summary>
    /// <param name="rule">The number; a missing one means that there is no answer. Nothing of it may be learnt from the data.</param>
    /// <param name="name">What the label is called in files and messages.</param>
    /// <param name="unit">What it counts or measures, such as «EUR»; stands in the model's signature.</param>
    public void LabelNumber(NumberValue rule, string name = FeatureReader.LabelColumn, string? unit = null) =>
        Declare(new LabelSpec(name) { Task = LearningTask.Regression, Unit = unit, Sources = SourcesOf(rule) }, rule);

    /// <summary>The order of examples within groups is to be predicted, the most relevant first.</summary>
    /// <param name="column">The raw column of numbers of 0 or more: how relevant an example is.</param>
    /// <param name="group">The raw column whose equal values make a group, such as the query that the examples answer.</param>
    public void LabelRelevance(string column, string group)
    {
        if (group.Length == 0 || group == column)
            Error($"The label '{column}' has {(group.Length == 0 ? "no group" : "itself as its group")}. Name the column whose equal values make a group: f.LabelRelevance(\"{column}\", group: \"query\").");
        Declare(new LabelSpec(column) { Task = LearningTask.Ranking, Group = group });
    }

    /// <summary>Says which column of numbers of 0 or more tells how much an example counts, in learning and in metrics.</summary>
    public void Weight(string column)
    {
        if (_weight is not null)
            Error($"The weight is '{_weight}' already. Call Weight once.");
        if (column.Length == 0)
            Error("The weight's column has no name. Give the name of a column.");
        _weight ??= column;
    }

    static IReadOnlyList<string> SourcesOf(NumberValue rule) =>
        [.. rule.Step.Chain().Select(step => TransformDefinition.ColumnOf(step.Operator)?.Name).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    void Declare(LabelSpec label, NumberValue? rule = null)
    {
        if (_label is not null)
            Error($"The label is '{_label.Column}' already. Call Label once.");
        if (label.Column.Length == 0)
            Error("The label's column has no name. Give the name of a column.");
        if (rule?.Step.Chain().FirstOrDefault(step => step.Operator.CreateAnalyzer() is not null) is { } learnt)
            Error($"The rule of the label '{label.Column}' uses {learnt.Operator.Name}, which learns from the data. A label is what is known of an example by itself: use other operators, or constants.");
        if (label.Sources is [])
            Error($"The rule of the label '{label.Column}' reads no column. Begin it with f.Number(…) or f.Text(…).");
        _label ??= label;
        LabelRule ??= rule;
    }

    void RequireClasses(string method, string column, IReadOnlyList<string> classes, int least)
    {
        if (classes.Any(string.IsNullOrEmpty))
            Error($"{method} of '{column}' was given an empty class: an empty text means that there is no label. Leave it out.");
        if (classes.Count > 0 && classes.Count < least)
            Error($"{method} of '{column}' was given {classes.Count} class. Expected at least {least}, or none for all values of the training split.");
        foreach (var twice in classes.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            Error($"{method} of '{column}' was given '{twice.Key}' {twice.Count()} times. Name it once.");
    }
}
