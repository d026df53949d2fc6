using System.Text.Json.Serialization;

namespace Gyre.Data;

/// <summary>Where the label of an example stands, what is to be predicted of it, and what its values mean.</summary>
/// <param name="Column">The column of the raw examples; the name of the label where it is computed from <see cref="Sources"/>.</param>
[method: JsonConstructor]
public sealed record LabelSpec(string Column)
{
    /// <summary>A label that is yes or no.</summary>
    /// <param name="column">The column of the raw examples.</param>
    /// <param name="positive">See <see cref="Positive"/>.</param>
    public LabelSpec(string column, IReadOnlyList<string> positive)
        : this(column) => Positive = positive;

    /// <summary>What is predicted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LearningTask Task { get; init; }

    /// <summary>Of a binary label the texts that mean yes; a number counts by its shortest text. Every other text means no.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Positive { get; init; } = [];

    /// <summary>
    /// The classes of a multiclass or multilabel one: probabilities stand in this order. Empty in a definition that leaves
    /// them to the data: then all values of the training split, in ordinal order.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The unit of the number that a regression predicts; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Unit { get; init; }

    /// <summary>The columns that the label is computed from by a rule; null where it is a column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>The column whose equal values make the groups of a ranking; null for other tasks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>The column with the weight of each example, in learning and in metrics; null where all weigh the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weight { get; init; }

    /// <summary>How many numbers make up one label: one to a class for multilabel, otherwise 1.</summary>
    [JsonIgnore]
    public int LabelWidth => Task == LearningTask.Multilabel ? Classes.Count : 1;

    /// <summary>How many numbers a model predicts for one example: one to a class for multiclass and multilabel, otherwise 1.</summary>
    [JsonIgnore]
    public int OutputWidth => HasClasses ? Classes.Count : 1;

    /// <summary>Whether the label is made of named classes.</summary>
    [JsonIgnore]
    public bool HasClasses => Task is LearningTask.Multiclass or LearningTask.Multilabel;

    /// <summary>The raw columns that say what the label is, how much the example weighs and to which group it belongs.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Columns =>
        [.. (Sources ?? [Column]).Concat(new[] { Group, Weight }.OfType<string>()).Distinct(StringComparer.Ordinal)];

    /// <summary><see cref="Positive"/> as files hold it: other tasks leave it out.</summary>
    [JsonInclude, JsonPropertyName("positive"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal IReadOnlyList<string>? WrittenPositive
    {
        get => Task == LearningTask.Binary ? Positive : null;
        init => Positive = value ?? [];
    }

    /// <summary><see cref="Classes"/> as files hold it: other tasks leave it out.</summary>
    [JsonInclude, JsonPropertyName("classes"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal IReadOnlyList<string>? WrittenClasses
    {
        get => HasClasses ? Classes : null;
        init => Classes = value ?? [];
    }
}
