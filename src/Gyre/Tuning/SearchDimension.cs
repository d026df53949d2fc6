using System.Reflection;
using System.Text.Json.Nodes;
using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>Where an option is searched over: only while another has one of these values.</summary>
sealed record SearchCondition(string Option, IReadOnlyList<JsonNode?> Values);

/// <summary>
/// One option that is searched over. A place in it is a number: from 0 to 1 in a range, along its scale; the position of the value
/// among choices.
/// </summary>
abstract class SearchDimension(PropertyInfo[] path)
{
    public PropertyInfo[] Path { get; } = path;

    public string Name { get; } = TrainerOptions.NameOf(path);

    public SearchCondition? Condition { get; set; }

    /// <summary>How many values there are to choose from; 0 in a range.</summary>
    public abstract int Choices { get; }

    /// <summary>The value at a place.</summary>
    public abstract JsonNode? At(double place);

    /// <summary>Places whose values stand for the whole range, in order; at most so many.</summary>
    public abstract IReadOnlyList<double> Grid(int points);

    /// <summary>A place chosen by chance, from a number from 0 to less than 1.</summary>
    public double Draw(double chance) => Choices > 0 ? Math.Floor(chance * Choices) : chance;

    public JsonObject Describe()
    {
        var description = DescribeValues();
        if (Condition is { } condition)
            description["when"] = new JsonObject { [condition.Option] = new JsonArray([.. condition.Values.Select(value => value?.DeepClone())]) };
        return description;
    }

    protected abstract JsonObject DescribeValues();
}

/// <summary>One of some values.</summary>
sealed class ChoiceDimension(PropertyInfo[] path, IReadOnlyList<JsonNode?> values) : SearchDimension(path)
{
    public override int Choices => values.Count;

    public override JsonNode? At(double place) => values[(int)place]?.DeepClone();

    public override IReadOnlyList<double> Grid(int points) => [.. Enumerable.Range(0, values.Count).Select(index => (double)index)];

    protected override JsonObject DescribeValues() => new() { ["choice"] = new JsonArray([.. values.Select(value => value?.DeepClone())]) };
}

/// <summary>A number between two bounds.</summary>
sealed class RangeDimension(PropertyInfo[] path, double low, double high, bool isLog, bool isInteger) : SearchDimension(path)
{
    const int Digits = 6;

    public double Low { get; } = low;

    public double High { get; } = high;

    public bool IsLog { get; } = isLog;

    public bool IsInteger { get; } = isInteger;

    public override int Choices => 0;

    public override JsonNode? At(double place)
    {
        // A whole number stands for all places nearer to it than to its neighbours, so that all are equally likely.
        var (low, high) = IsInteger ? (Low - 0.5, High + 0.5) : (Low, High);
        var value = IsLog ? low * Math.Pow(high / low, place) : low + ((high - low) * place);
        return IsInteger
            ? JsonValue.Create((int)Math.Clamp(Math.Round(value), Low, High))
            : JsonValue.Create(Math.Clamp(Short(value), Low, High));
    }

    public override IReadOnlyList<double> Grid(int points)
    {
        var count = IsInteger ? Math.Min(points, (int)(High - Low) + 1) : points;
        return count == 1 ? [0.5] : [.. Enumerable.Range(0, count).Select(index => (double)index / (count - 1))];
    }

    protected override JsonObject DescribeValues() => new()
    {
        [$"{(IsLog ? "log_" : "")}{(IsInteger ? "integer" : "uniform")}"] = new JsonArray(Low, High),
    };

    /// <summary>No result hangs on a seventh digit, and people read the values.</summary>
    static double Short(double value)
    {
        if (value == 0)
            return 0;
        var digits = Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (digits is >= 0 and <= 15)
            return Math.Round(value, digits);
        var unit = Math.Pow(10, -digits);
        return Math.Round(value / unit) * unit;
    }
}
