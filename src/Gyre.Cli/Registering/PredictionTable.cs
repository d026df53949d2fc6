using System.Globalization;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Cli.Registering;

/// <summary>The predictions of a model as lines of CSV, and as values for JSON.</summary>
sealed class PredictionTable(ModelSignature signature, OnnxModel model)
{
    /// <summary>The names of the columns, the row's number first.</summary>
    public string Header => !signature.Label.HasClasses
        ? $"row,{ModelSignature.OutputOf(signature.Task)}"
        : $"row,{Chosen},{string.Join(',', signature.Label.Classes.Select(name => Field($"probability of {name}")))}";

    string Chosen => signature.Task == LearningTask.Multiclass ? "class" : "classes";

    /// <summary>For each example of a batch what stands behind its number; several classes are separated by bars.</summary>
    public IEnumerable<string> Lines(ExampleBatch batch)
    {
        foreach (var own in Rows(batch))
        {
            var numbers = string.Join(',', own.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            yield return signature.Label.HasClasses ? $"{Field(string.Join('|', signature.ClassesOf(own)))},{numbers}" : numbers;
        }
    }

    /// <summary>For each example of a batch its prediction as the server answers it: a number, or probabilities and classes.</summary>
    public IEnumerable<object> Values(ExampleBatch batch) => Rows(batch).Select(own => signature.Task switch
    {
        LearningTask.Multiclass => new Dictionary<string, object>(StringComparer.Ordinal) { [OnnxModel.Probabilities] = own, [Chosen] = signature.ClassesOf(own)[0] },
        LearningTask.Multilabel => new Dictionary<string, object>(StringComparer.Ordinal) { [OnnxModel.Probabilities] = own, [Chosen] = signature.ClassesOf(own) },
        _ => (object)own[0],
    });

    IEnumerable<float[]> Rows(ExampleBatch batch) => model.Predict(batch).Chunk(model.PredictionWidth);

    static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
