namespace Gyre.Data;

/// <summary>Where the label of an example stands and which of its values mean «yes».</summary>
/// <param name="Column">The column of the raw examples.</param>
/// <param name="Positive">The texts that mean the positive class; a number counts by its shortest text. Every other text means the negative one.</param>
public sealed record LabelSpec(string Column, IReadOnlyList<string> Positive)
{
    /// <summary>The labels of a batch: 1 for the positive class, 0 for the negative one, NaN where missing.</summary>
    public float[] Of(ExampleBatch batch) => Array.ConvertAll(
        batch.Text(Column), text => string.IsNullOrEmpty(text) ? float.NaN : Positive.Contains(text, StringComparer.Ordinal) ? 1f : 0f);
}
