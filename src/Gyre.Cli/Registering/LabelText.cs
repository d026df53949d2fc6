using Gyre.Data;

namespace Gyre.Cli.Registering;

/// <summary>What a model predicts, in a few words.</summary>
static class LabelText
{
    const int Shown = 6;

    public static string Describe(LabelSpec label) => label.Task switch
    {
        LearningTask.Binary => $"{label.Column} being {string.Join(" or ", label.Positive)}",
        LearningTask.Multiclass => $"the class of {label.Column}: {Classes(label)}",
        LearningTask.Multilabel => $"the classes of {label.Column}: {Classes(label)}",
        LearningTask.Regression => $"the number {label.Column}{(label.Unit is { } unit ? $" in {unit}" : "")}",
        _ => $"the order by {label.Column} within {label.Group}",
    };

    static string Classes(LabelSpec label) =>
        string.Join(", ", label.Classes.Take(Shown)) + (label.Classes.Count > Shown ? $" and {label.Classes.Count - Shown} more" : "");
}
