using System.Diagnostics;
using System.Text.RegularExpressions;
using Gyre.Onnx;
using Gyre.Transforms.Kernels;
using Gyre.Transforms.Operators;

namespace Gyre.Transforms;

/// <summary>
/// What the definition of features is written with: begin with a column, <see cref="Text"/> or <see cref="Number"/>, apply
/// operators, and end with <see cref="Output"/>. Nothing is computed while the definition is written.
/// </summary>
public sealed partial class FeatureBuilder
{
    readonly Dictionary<string, Step> _steps = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, FeatureValue> _outputs = new(StringComparer.Ordinal);
    readonly List<string> _errors = [];

    readonly Dictionary<string, string>? _lines;

    /// <param name="locates">Whether to take down where in the user's code each step and feature is defined, which takes time.</param>
    internal FeatureBuilder(bool locates = false) => _lines = locates ? new(StringComparer.Ordinal) : null;

    /// <summary>Where in the user's code each step stands first, by its JSON, and each feature, by its name after a colon.</summary>
    internal IReadOnlyDictionary<string, string> Lines => _lines ?? [];

    internal IReadOnlyDictionary<string, FeatureValue> Outputs => _outputs;

    internal IReadOnlyList<string> Errors => _errors;

    /// <summary>A column as text. Numbers are taken in their shortest form.</summary>
    public TextValue Text(string column)
    {
        RequireColumnName(column);
        return new(this, Apply(new Text(column)));
    }

    /// <summary>A column of numbers. For a column that the data holds as text, <c>Text(…).ToNumber()</c>.</summary>
    public NumberValue Number(string column)
    {
        RequireColumnName(column);
        return new(this, Apply(new Number(column)), mayBeMissing: true);
    }

    /// <summary>A column of lists of texts, in order. A missing list counts as an empty one.</summary>
    public TokensValue Texts(string column)
    {
        RequireColumnName(column);
        return new(this, Apply(new TextList(column)));
    }

    /// <summary>A column of lists of numbers, in order. A missing list counts as an empty one.</summary>
    public NumbersValue Numbers(string column)
    {
        RequireColumnName(column);
        return new(this, Apply(new NumberList(column)));
    }

    /// <summary>
    /// One of two numbers: the first where the condition is other than 0, the second where it is 0. Missing where the condition is, or
    /// where the number that was chosen is.
    /// </summary>
    public NumberValue If(NumberValue condition, NumberValue then, NumberValue otherwise) => new(
        this, Apply(new If(), condition.Step, then.Step, otherwise.Step), condition.MayBeMissing || then.MayBeMissing || otherwise.MayBeMissing);

    /// <inheritdoc cref="If(NumberValue, NumberValue, NumberValue)"/>
    public NumberValue If(NumberValue condition, double then, double otherwise) => If(condition, Constant(then), Constant(otherwise));

    /// <inheritdoc cref="If(NumberValue, NumberValue, NumberValue)"/>
    public NumberValue If(NumberValue condition, NumberValue then, double otherwise) => If(condition, then, Constant(otherwise));

    /// <inheritdoc cref="If(NumberValue, NumberValue, NumberValue)"/>
    public NumberValue If(NumberValue condition, double then, NumberValue otherwise) => If(condition, Constant(then), otherwise);

    /// <summary>One of two texts: the first where the condition is other than 0, the second where it is 0; missing where the condition is.</summary>
    public TextValue If(NumberValue condition, TextValue then, TextValue otherwise) =>
        new(this, Apply(new IfText(), condition.Step, then.Step, otherwise.Step));

    /// <summary>Several numbers and vectors side by side, as one vector.</summary>
    /// <param name="parts">Values that cannot be missing.</param>
    public VectorValue Vector(params IReadOnlyList<FeatureValue> parts)
    {
        if (parts.Count == 0)
            Error("Vector was given nothing. Give at least one number.");
        foreach (var part in parts)
        {
            if (part.Kind != FeatureKind.Number)
                Error("Vector was given ids. Give numbers and vectors; ids become a feature each.");
            else if (part.MayBeMissing)
                Error("Vector was given a number that may be missing. Say what a missing one becomes: put FillMissing(…) before Vector.");
        }

        return new(this, Apply(new Join(parts.Count), [.. parts.Select(part => part.Step)]));
    }

    /// <summary>Makes a value a feature.</summary>
    /// <param name="name">The feature's name: letters, digits, '_', '.' and '-', not beginning with a digit.</param>
    /// <param name="value">What it is; a number must not be missing, unless <see cref="NumberValue.KeepMissing"/> says so.</param>
    public void Output(string name, FeatureValue value)
    {
        if (!FeatureName().IsMatch(name))
            Error($"'{name}' cannot name a feature. Use letters, digits, '_', '.' and '-', beginning with a letter or '_'.");
        else if (name.Equals(FeatureReader.LabelColumn, StringComparison.OrdinalIgnoreCase))
            Error($"A feature cannot be named '{name}': transformed examples hold the label under that name. Choose another name.");
        if (_outputs.Keys.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } same)
            Error($"There is a feature '{same}' already. Give '{name}' another name; upper and lower case do not tell features apart.");
        if (value.MayBeMissing && !value.KeepsMissing)
        {
            Error($"The feature '{name}' may be missing for some examples, which models cannot be given. Say what a missing value becomes: "
                + "put FillMissing(…) or ScaleToZScore() (which makes it 0) before Output, or KeepMissing() where the trainer takes missing numbers, as trees do.");
        }

        _outputs.TryAdd(name, value);
        Locate($":{name}");
    }

    internal NumberValue Constant(double value)
    {
        if (!double.IsFinite(value))
            Error($"A constant was given as {value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}. Give a finite number.");
        return new(this, Apply(new Constant(value)), mayBeMissing: false);
    }

    internal Step Apply(Operator op, params IReadOnlyList<Step> inputs)
    {
        var step = new Step(op, inputs);
        var key = step.ToJson().ToJsonString();
        if (_steps.TryGetValue(key, out var equal))
            return equal;
        _steps.Add(key, step);
        Locate(key);
        return step;
    }

    void Locate(string key)
    {
        if (_lines is not null && UsersLine() is { } line)
            _lines.TryAdd(key, line);
    }

    /// <summary>Takes down a mistake together with the line of the user's code that made it.</summary>
    internal void Error(string message) => _errors.Add(UsersLine() is { } line ? $"{line}: {message}" : message);

    internal void RequireAtLeast(int least, int value, string op, string what)
    {
        if (value < least)
            Error($"{op} was given {value} {what}. Expected at least {least}.");
    }

    internal void RequireVocabulary(int top, int minCount, int oovBuckets)
    {
        RequireAtLeast(1, top, "Vocabulary", "as top");
        RequireAtLeast(1, minCount, "Vocabulary", "as minCount");
        RequireAtLeast(0, oovBuckets, "Vocabulary", "as oovBuckets");
    }

    internal void RequirePattern(string pattern, bool mayMatchEmpty)
    {
        // Runs of one class of characters, the most usual ones, are right and match something: a whole expression takes far longer to make.
        if (BytePattern.Parse(pattern) is not null)
            return;
        try
        {
            // Without backtracking .NET refuses what RE2 does not know either.
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (!mayMatchEmpty && regex.IsMatch(""))
                Error($"The pattern '{pattern}' matches the empty text. Write it so that a match has at least one character, for example + instead of *.");
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            Error($"The pattern '{pattern}' is no regular expression of the kind in use here (RE2, without look-around and back-references): {error.Message}");
        }
    }

    void RequireColumnName(string column)
    {
        if (column.Length == 0 || column[0] == '/')
            Error($"'{column}' cannot be a column of a model. Give a name that is not empty and does not begin with '/'.");
        else if (column == OnnxModel.Probability)
            Error($"A column '{column}' cannot be read: models give their result under that name. Rename the column in the data.");
    }

    /// <summary>
    /// The innermost line outside this library. Taken from the stack, and only when there is an error: were the compiler to
    /// write line numbers into calls, moving a line would change the user's compiled code, and so the identity of their components.
    /// </summary>
    static string? UsersLine()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod()?.DeclaringType is { } type && type.Assembly != typeof(FeatureBuilder).Assembly)
                return frame.GetFileName() is { } file ? $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}" : null;
        }

        return null;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]{0,99}$")]
    private static partial Regex FeatureName();
}
