using System.Globalization;
using System.Text.Json;
using Gyre.Data;
using Gyre.Onnx;

namespace Gyre.Serving;

/// <summary>
/// Writes predictions as TensorFlow Serving does. What is one number to an example is a plain number. Classes are two outputs:
/// in row form <c>[{"probabilities": […], "class": "b"}, …]</c>, in columnar form <c>{"probabilities": [[…], …], "class": ["b", …]}</c>;
/// a multilabel model has <c>classes</c>, the list of those above one half, in place of <c>class</c>.
/// </summary>
static class PredictionAnswer
{
    public static void Write(Utf8JsonWriter writer, ModelSignature signature, bool isColumnar, float[] predictions)
    {
        if (!signature.Label.HasClasses)
        {
            writer.WriteStartArray();
            foreach (var prediction in predictions)
                writer.WriteNumberValue(prediction);
            writer.WriteEndArray();
        }
        else if (isColumnar)
        {
            WriteColumns(writer, signature, predictions);
        }
        else
        {
            WriteRows(writer, signature, predictions);
        }
    }

    /// <summary>The outputs as tensors.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="signature">Of the model.</param>
    /// <param name="write">Writes a tensor: its name, type and dimensions.</param>
    public static void WriteTensors(Utf8JsonWriter writer, ModelSignature signature, WriteTensor write)
    {
        var name = ModelSignature.OutputOf(signature.Task);
        if (!signature.Label.HasClasses)
        {
            write(writer, name, "DT_FLOAT", "-1");
            return;
        }

        write(writer, name, "DT_FLOAT", "-1", signature.Label.OutputWidth.ToString(CultureInfo.InvariantCulture));
        if (signature.Task == LearningTask.Multiclass)
            write(writer, ChosenOf(signature), "DT_STRING", "-1");
        else
            write(writer, ChosenOf(signature), "DT_STRING", "-1", "-1");
    }

    /// <summary>What the numbers mean, beside what TensorFlow Serving tells; nothing for a binary model.</summary>
    public static void WriteMeaning(Utf8JsonWriter writer, ModelSignature signature)
    {
        if (signature.Task == LearningTask.Binary)
            return;
        writer.WriteString("task", signature.Task.ToString().ToLowerInvariant());
        if (signature.Label.HasClasses)
        {
            writer.WriteStartArray("classes");
            foreach (var name in signature.Label.Classes)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        if (signature.Label.Unit is { } unit)
            writer.WriteString("unit", unit);
    }

    static void WriteRows(Utf8JsonWriter writer, ModelSignature signature, float[] predictions)
    {
        var width = signature.Label.OutputWidth;
        writer.WriteStartArray();
        for (var start = 0; start < predictions.Length; start += width)
        {
            var own = predictions.AsSpan(start, width);
            writer.WriteStartObject();
            writer.WritePropertyName(OnnxModel.Probabilities);
            WriteNumbers(writer, own);
            writer.WritePropertyName(ChosenOf(signature));
            WriteChosen(writer, signature, own);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static void WriteColumns(Utf8JsonWriter writer, ModelSignature signature, float[] predictions)
    {
        var width = signature.Label.OutputWidth;
        writer.WriteStartObject();
        writer.WriteStartArray(OnnxModel.Probabilities);
        for (var start = 0; start < predictions.Length; start += width)
            WriteNumbers(writer, predictions.AsSpan(start, width));
        writer.WriteEndArray();
        writer.WriteStartArray(ChosenOf(signature));
        for (var start = 0; start < predictions.Length; start += width)
            WriteChosen(writer, signature, predictions.AsSpan(start, width));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static string ChosenOf(ModelSignature signature) => signature.Task == LearningTask.Multiclass ? "class" : "classes";

    static void WriteNumbers(Utf8JsonWriter writer, ReadOnlySpan<float> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    static void WriteChosen(Utf8JsonWriter writer, ModelSignature signature, ReadOnlySpan<float> probabilities)
    {
        var chosen = signature.ClassesOf(probabilities);
        if (signature.Task == LearningTask.Multiclass)
        {
            writer.WriteStringValue(chosen[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var name in chosen)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}

/// <summary>Writes the description of a tensor.</summary>
delegate void WriteTensor(Utf8JsonWriter writer, string name, string type, params ReadOnlySpan<string> dimensions);
