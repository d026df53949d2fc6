using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Nodes;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>Says which options of a trainer are searched over, and what each may be.</summary>
public sealed class SearchBuilder<TTrainer>
    where TTrainer : Trainer
{
    readonly TTrainer _trainer;
    readonly List<SearchDimension> _dimensions = [];
    readonly List<string> _problems = [];

    internal SearchBuilder(TTrainer trainer) => _trainer = trainer;

    internal IReadOnlyList<SearchDimension> Dimensions => _dimensions;

    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>A real number between two bounds, every one as likely as any other.</summary>
    public SearchOption<TTrainer> Uniform(Expression<Func<TTrainer, double>> option, double low, double high) =>
        Range(option, low, high, isLog: false, isInteger: false);

    /// <summary>A real number above 0 between two bounds, every order of magnitude as likely as any other.</summary>
    public SearchOption<TTrainer> LogUniform(Expression<Func<TTrainer, double>> option, double low, double high) =>
        Range(option, low, high, isLog: true, isInteger: false);

    /// <summary>A whole number between two bounds, both included.</summary>
    public SearchOption<TTrainer> Integer(Expression<Func<TTrainer, int>> option, int low, int high) =>
        Range(option, low, high, isLog: false, isInteger: true);

    /// <summary>A whole number above 0 between two bounds, both included, every order of magnitude as likely as any other.</summary>
    public SearchOption<TTrainer> LogInteger(Expression<Func<TTrainer, int>> option, int low, int high) =>
        Range(option, low, high, isLog: true, isInteger: true);

    /// <summary>On or off.</summary>
    public SearchOption<TTrainer> Flag(Expression<Func<TTrainer, bool>> option) => Choice(option, false, true);

    /// <summary>One of some values of any kind that can be recorded: numbers, texts, enums, lists, such as <c>[64, 16]</c>.</summary>
    public SearchOption<TTrainer> Choice<TValue>(Expression<Func<TTrainer, TValue>> option, params TValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var path = PathOf(option);
        var recorded = Recorded(path, values, typeof(TValue));
        if (path is not null && values.Length == 0)
            Problem(path, "has no values to choose from. Give at least one");
        if (path is not null && recorded.DistinctBy(Text, StringComparer.Ordinal).Count() < recorded.Count)
            Problem(path, $"is offered the same value twice among {string.Join(", ", recorded.Select(Text))}. Give each once");
        return Add(path is null ? null : new ChoiceDimension(path, recorded));
    }

    internal void Require(SearchDimension? dimension, LambdaExpression option, Type type, Array values)
    {
        var path = PathOf(option);
        if (dimension is null || path is null)
            return;
        var name = TrainerOptions.NameOf(path);
        if (_dimensions.TakeWhile(earlier => earlier != dimension).All(earlier => earlier.Name != name))
            Problem(dimension.Path, $"depends on '{name}', which is not searched over before it. Name that option first");
        if (values.Length == 0)
            Problem(dimension.Path, $"depends on '{name}' being one of no values. Give at least one");
        dimension.Condition = new SearchCondition(name, Recorded(path, values, type));
    }

    SearchOption<TTrainer> Range(LambdaExpression option, double low, double high, bool isLog, bool isInteger)
    {
        var path = PathOf(option);
        if (path is null)
            return Add(null);
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high)
            Problem(path, string.Create(CultureInfo.InvariantCulture, $"is to lie between {low} and {high}. Expected two finite numbers, the smaller first"));
        else if (isLog && low <= 0)
            Problem(path, string.Create(CultureInfo.InvariantCulture, $"is to lie between {low} and {high} on a scale of magnitudes. Expected numbers above 0; Uniform and Integer take others"));
        return Add(new RangeDimension(path, low, high, isLog, isInteger));
    }

    SearchOption<TTrainer> Add(SearchDimension? dimension)
    {
        if (dimension is not null && _dimensions.Exists(other => other.Name == dimension.Name))
            Problem(dimension.Path, "is searched over twice. Name each option once");
        else if (dimension is not null)
            _dimensions.Add(dimension);
        return new SearchOption<TTrainer>(this, dimension);
    }

    /// <summary>The properties from the trainer to the option; null, with a problem noted, when the expression names none.</summary>
    PropertyInfo[]? PathOf(LambdaExpression option)
    {
        var path = new Stack<PropertyInfo>();
        var at = option.Body;
        while (at is UnaryExpression { NodeType: ExpressionType.Convert } cast)
            at = cast.Operand;
        for (; at is MemberExpression { Member: PropertyInfo property } member; at = member.Expression!)
            path.Push(property);
        if (at != option.Parameters[0] || path.Count == 0)
        {
            _problems.Add($"'{option}' names no option of {_trainer.GetType().Name}. Expected a property, such as t => t.Seed.");
            return null;
        }

        if (path.FirstOrDefault(property => property.SetMethod is not { IsPublic: true }) is { } fixedOne)
        {
            _problems.Add($"{fixedOne.DeclaringType!.Name}.{fixedOne.Name} cannot be set, so it cannot be searched over. Expected a property with init.");
            return null;
        }

        return [.. path];
    }

    List<JsonNode?> Recorded(PropertyInfo[]? path, Array values, Type type)
    {
        var recorded = new List<JsonNode?>();
        if (path is null)
            return recorded;
        foreach (var value in values)
        {
            try
            {
                var json = ParameterJson.Write(value, path[^1].PropertyType);
                var back = ParameterJson.Write(TrainerOptions.Value(json, path[^1].PropertyType, TrainerOptions.NameOf(path)), path[^1].PropertyType);
                if (!JsonNode.DeepEquals(json, back))
                    throw new NotSupportedException("what is read back differs");
                recorded.Add(json);
            }
            catch (Exception error) when (error is NotSupportedException or InvalidDataException)
            {
                Problem(path, $"is offered a {type.Name} that cannot be recorded and read again: {error.Message}. Search over plain values, lists and enums");
            }
        }

        return recorded;
    }

    void Problem(IEnumerable<PropertyInfo> path, string what) => _problems.Add($"{_trainer.GetType().Name}.{string.Join('.', path.Select(property => property.Name))} {what}.");

    static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";
}

/// <summary>An option that is searched over.</summary>
public sealed class SearchOption<TTrainer>
    where TTrainer : Trainer
{
    readonly SearchBuilder<TTrainer> _builder;
    readonly SearchDimension? _dimension;

    internal SearchOption(SearchBuilder<TTrainer> builder, SearchDimension? dimension) => (_builder, _dimension) = (builder, dimension);

    /// <summary>Searches over the option only where another one, named before it, has one of these values; elsewhere it keeps the trainer's own.</summary>
    public SearchOption<TTrainer> When<TValue>(Expression<Func<TTrainer, TValue>> other, params TValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _builder.Require(_dimension, other, typeof(TValue), values);
        return this;
    }
}
