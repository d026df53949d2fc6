using System.Text.Json.Nodes;
using Gyre.Data;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>
/// What a definition of features says, as data: the label, and for each feature its operators. Definitions that mean the same
/// are equal, whatever the code that wrote them looks like.
/// </summary>
public sealed class TransformDefinition : IParameter
{
    readonly IReadOnlyDictionary<string, FeatureValue> _features;
    readonly Lazy<IReadOnlyDictionary<string, string>> _lines;

    TransformDefinition(
        LabelSpec label, Step? labelRule, IReadOnlyDictionary<string, FeatureValue> features, IReadOnlyList<string> errors, Lazy<IReadOnlyDictionary<string, string>> lines)
    {
        _lines = lines;
        Label = label;
        LabelRule = labelRule;
        _features = features;
        Errors = errors;
        Columns =
        [
            .. features.Values.SelectMany(feature => feature.Step.Chain()).Select(step => step.Operator)
                .Select(ColumnOf).OfType<ExampleColumn>().Distinct().OrderBy(column => column.Name, StringComparer.Ordinal),
        ];
        LabelColumns = [.. LabelColumnsOf(label, labelRule)];
    }

    /// <summary>Where the label stands.</summary>
    public LabelSpec Label { get; }

    /// <summary>Everything that is wrong with it; empty when it can be fitted.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The names of the features, in ordinal order.</summary>
    public IEnumerable<string> FeatureNames => _features.Keys;

    /// <summary>The raw columns that features are made of, in ordinal order, with the type that they are read as.</summary>
    internal IReadOnlyList<ExampleColumn> Columns { get; }

    /// <summary>The raw columns that the label is made of, with the type that they are read as.</summary>
    internal IReadOnlyList<ExampleColumn> LabelColumns { get; }

    /// <summary>What computes the label; null where it is a column.</summary>
    internal Step? LabelRule { get; }

    internal IReadOnlyDictionary<string, FeatureValue> Features => _features;

    /// <summary>The files of the pretrained encoders, in ordinal order.</summary>
    internal IReadOnlyList<string> EncoderFiles =>
    [
        .. _features.Values.SelectMany(feature => feature.Step.Chain()).Select(step => step.Operator).OfType<Encode>()
            .Select(encode => encode.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Lets user code define features. Mistakes do not stop it; they are in <see cref="Errors"/>.</summary>
    public static TransformDefinition From(Action<FeatureBuilder> define)
    {
        var builder = new FeatureBuilder();
        define(builder);
        var label = builder.LabelSpec ?? new LabelSpec("", []);
        var rule = builder.LabelRule?.Step;
        var lines = new Lazy<IReadOnlyDictionary<string, string>>(() => Locate(define));
        var definition = new TransformDefinition(label, rule, builder.Outputs, builder.Errors, lines);
        return new TransformDefinition(label, rule, builder.Outputs, [.. builder.Errors, .. definition.FindErrors()], lines);
    }

    /// <summary>
    /// Where in the user's code things are defined. Lets it define them once more, and only when there is a mistake to be located:
    /// looking at the stack for each step takes time that those without mistakes need not spend.
    /// </summary>
    static IReadOnlyDictionary<string, string> Locate(Action<FeatureBuilder> define)
    {
        var builder = new FeatureBuilder(locates: true);
        define(builder);
        return builder.Lines;
    }

    /// <summary>Where a column is read first, as «file:line»; null where that is not known.</summary>
    internal string? LineOf(string column) =>
        _features.Values.SelectMany(feature => feature.Step.Chain()).FirstOrDefault(step => ColumnOf(step.Operator)?.Name == column) is { } step ? LineOf(step) : null;

    string? LineOf(Step step) => _lines.Value.GetValueOrDefault(step.ToJson().ToJsonString());

    string AtFeature(string name, string message) => _lines.Value.GetValueOrDefault($":{name}") is { } line ? $"{line}: {message}" : message;

    string AtColumn(string column, string message) => LineOf(column) is { } line ? $"{line}: {message}" : message;

    string AtStep(Step step, string message) => LineOf(step) is { } line ? $"{line}: {message}" : message;

    /// <summary>The features that a raw column is part of.</summary>
    internal IEnumerable<string> FeaturesOf(string column) => FeaturesWith(step => ColumnOf(step.Operator)?.Name == column);

    /// <summary>The features that a step is part of.</summary>
    internal IEnumerable<string> FeaturesOf(Step step) => FeaturesWith(part => part == step);

    /// <inheritdoc/>
    public JsonNode ToParameter() => new JsonObject
    {
        ["label"] = Recorded(),
        ["outputs"] = new JsonObject(_features.Select(feature => KeyValuePair.Create(feature.Key, (JsonNode?)feature.Value.Step.ToJson()))),
    };

    JsonObject Recorded()
    {
        var label = Label;
        var parts = new JsonObject { ["column"] = label.Column };
        if (LabelRule is { } rule)
            parts["rule"] = rule.ToJson();
        if (label.Task == LearningTask.Binary)
            parts["positive"] = ParameterJson.Write(label.Positive, typeof(IReadOnlyList<string>));
        else
            parts["task"] = ParameterJson.Write(label.Task, typeof(LearningTask));
        if (label.Classes.Count > 0)
            parts["classes"] = ParameterJson.Write(label.Classes, typeof(IReadOnlyList<string>));
        foreach (var (name, value) in new[] { ("unit", label.Unit), ("group", label.Group), ("weight", label.Weight) })
        {
            if (value is not null)
                parts[name] = value;
        }

        return parts;
    }

    /// <summary>Mistakes that show only when everything is defined.</summary>
    IEnumerable<string> FindErrors()
    {
        if (Label.Column.Length == 0)
            yield return "The features have no label. Say what is to be predicted: f.Label(\"column\", \"Yes\").";
        if (_features.Count == 0)
            yield return "There are no features. Add at least one: f.Output(\"name\", f.Text(\"column\").Vocabulary(top: 50).OneHot()).";
        foreach (var (name, feature) in _features)
        {
            if (LabelRule is null && feature.Step.Chain().Any(step => ColumnOf(step.Operator)?.Name == Label.Column))
                yield return AtFeature(name, $"The feature '{name}' is made of the label's column '{Label.Column}', so the model would see the answer. Make it of other columns.");
        }

        if (Label.Sources is { Count: > 0 } sources && sources.All(source => Columns.Any(column => column.Name == source)))
        {
            yield return $"The features are made of {string.Join(" and ", sources.Select(source => $"'{source}'"))}, all that the rule of the label '{Label.Column}' is made of, so the model would see the answer. "
                + "Leave out at least the column that is not known when the model is asked.";
        }

        foreach (var name in FeatureReader.LabelColumns(Label).Skip(1).Where(name => _features.Keys.Contains(name, StringComparer.OrdinalIgnoreCase)))
            yield return $"A feature cannot be named '{name}': transformed examples hold the {name} of each example under that name. Choose another name.";
        if (Columns.Any(column => column.Name == ModelSignature.OutputOf(Label.Task) && column.Name != OnnxModel.Probability))
            yield return $"A column '{ModelSignature.OutputOf(Label.Task)}' cannot be read: models of this task give their result under that name. Rename the column in the data.";
        foreach (var column in Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(types => types.Count() > 1))
        {
            yield return AtColumn(column.Key, column.Any(type => type.IsList)
                ? $"The column '{column.Key}' is read in several ways, among them as a list. Read it in one way: Texts(\"{column.Key}\") or Numbers(\"{column.Key}\") for lists."
                : $"The column '{column.Key}' is read both as text and as numbers. Read it as text, and use Text(\"{column.Key}\").ToNumber() for its numbers.");
        }

        foreach (var step in _features.Values.SelectMany(feature => feature.Step.Chain()).Distinct())
        {
            if (step.Operator.WrongLabel(Label.Task) is { } wrong)
                yield return AtStep(step, wrong);
        }
    }

    IEnumerable<string> FeaturesWith(Func<Step, bool> condition) =>
        _features.Where(feature => feature.Value.Step.Chain().Any(condition)).Select(feature => feature.Key);

    static IEnumerable<ExampleColumn> LabelColumnsOf(LabelSpec label, Step? rule)
    {
        if (rule is null)
        {
            var type = label.Task is LearningTask.Regression or LearningTask.Ranking ? ColumnType.Real : ColumnType.Text;
            yield return new ExampleColumn(label.Column, type) { IsList = label.Task == LearningTask.Multilabel };
        }
        else
        {
            foreach (var column in rule.Chain().Select(step => ColumnOf(step.Operator)).OfType<ExampleColumn>().Distinct())
                yield return column;
        }

        if (label.Group is { } group)
            yield return new ExampleColumn(group, ColumnType.Text);
        if (label.Weight is { } weight)
            yield return new ExampleColumn(weight, ColumnType.Real);
    }

    /// <summary>The raw column that an operator reads, and as what; null where it reads none.</summary>
    internal static ExampleColumn? ColumnOf(Operator op) => op switch
    {
        Text text => new ExampleColumn(text.Column, ColumnType.Text),
        Number number => new ExampleColumn(number.Column, ColumnType.Real),
        TextList list => new ExampleColumn(list.Column, ColumnType.Text) { IsList = true },
        NumberList list => new ExampleColumn(list.Column, ColumnType.Real) { IsList = true },
        _ => null,
    };
}
