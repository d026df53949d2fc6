using System.Reflection;

namespace Gyre.Pipelines;

/// <summary>
/// One step of a pipeline. Everything a component holds is what it is: fields and properties of type
/// <see cref="Output{TArtifact}"/> are its inputs, all others are its parameters, and both are part of its cache key.
/// Derive from <see cref="Component{TOutputs}"/>.
/// </summary>
public abstract class Component
{
    private protected Component()
    {
    }

    /// <summary>The name of the node in the graph; by default the class's name in kebab-case.</summary>
    [NotAParameter]
    public string? Id { get; init; }

    /// <summary>Nodes that must have ended well, and gates that must be open, before this one starts, though nothing of theirs is read.</summary>
    [NotAParameter]
    public IList<Output> After { get; init; } = [];

    /// <summary>How often, and after which pause, a failed execution is tried again.</summary>
    [NotAParameter]
    public Retry Retry { get; init; } = Retry.Never;

    internal string NodeId => Id ?? Names.Kebab(GetType().Name);

    internal abstract IReadOnlyList<Output> AllOutputs { get; }

    /// <summary>
    /// Does the work: reads inputs, writes outputs into the directories it is given, reports progress. It never chooses
    /// paths and never talks to the store. An exception fails the node; its message should say what, where and the cure.
    /// </summary>
    protected internal abstract Task ExecuteAsync(Execution execution, CancellationToken cancellationToken);

    /// <summary>
    /// Paths of the files outside the home that an execution would read now. Their contents become part of the cache
    /// key, and they stand in the lineage. A file that does not exist fails the node with a message that names it.
    /// </summary>
    protected internal virtual IReadOnlyList<string> ExternalFiles() => [];

    /// <summary>
    /// Checks the definition before anything runs. Report every problem, do not stop at the first. Must be cheap.
    /// </summary>
    protected internal virtual void Check(DefinitionCheck check)
    {
    }

    /// <summary>
    /// The columns that an output will have, as far as they are known before anything ran; null when they are not.
    /// Lets components behind it report unknown columns at definition time.
    /// </summary>
    protected internal virtual IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) => null;

    /// <summary>
    /// Why results of an earlier execution, otherwise fit for reuse, no longer hold: for components with an effect
    /// outside the home. Null when they do hold.
    /// </summary>
    protected internal virtual string? WhyStale(Reuse reuse) => null;
}

/// <summary>
/// The base of every component. <typeparamref name="TOutputs"/> is <see cref="Output{TArtifact}"/> for one output, or a
/// record whose constructor takes several: their parameter names become the keys of the outputs.
/// </summary>
/// <example>
/// <code>
/// sealed class CountWords(Output&lt;Examples&gt; examples, string column) : Component&lt;Output&lt;WordCounts&gt;&gt; { … }
/// </code>
/// </example>
public abstract class Component<TOutputs> : Component
    where TOutputs : class
{
    [NotAParameter]
    readonly List<Output> _all = [];

    protected Component() => Outputs = Create();

    /// <summary>The wires out of this component.</summary>
    [NotAParameter]
    public TOutputs Outputs { get; }

    internal override IReadOnlyList<Output> AllOutputs => _all;

    TOutputs Create()
    {
        var type = typeof(TOutputs);
        if (IsOutput(type))
            return (TOutputs)(object)Wire(type, Names.Snake(type.GenericTypeArguments[0].Name));
        var constructors = type.GetConstructors();
        if (constructors is not [var constructor] || constructor.GetParameters() is not { Length: > 0 } parameters
            || !parameters.All(parameter => IsOutput(parameter.ParameterType)))
        {
            throw new InvalidOperationException(
                $"{GetType().Name} declares its outputs as {type.Name}. Expected Output<TArtifact>, or a record with one "
                + "constructor that takes only Output<TArtifact> parameters.");
        }

        return (TOutputs)constructor.Invoke(
            [.. parameters.Select(parameter => (object)Wire(parameter.ParameterType, Names.Snake(parameter.Name!)))]);
    }

    Output Wire(Type type, string key)
    {
        var output = (Output)Activator.CreateInstance(
            type, BindingFlags.NonPublic | BindingFlags.Instance, binder: null, [this, key], culture: null)!;
        _all.Add(output);
        return output;
    }

    static bool IsOutput(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Output<>);
}

/// <summary>Says that a field or property of a component or option is not part of what it computes.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NotAParameterAttribute : Attribute;

/// <summary>
/// Gives code a version by hand. With it a component (or trainer) is computed anew only when the number changes; without
/// it, whenever the compiled code of its assembly changes.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CodeVersionAttribute(int version) : Attribute
{
    public int Version { get; } = version;
}

/// <summary>How a failed execution is tried again: <paramref name="Attempts"/> in all, the pause doubling each time.</summary>
public sealed record Retry(int Attempts, TimeSpan FirstPause)
{
    public static Retry Never { get; } = new(1, TimeSpan.Zero);

    /// <summary>Up to <paramref name="attempts"/> tries with pauses of 1, 2, 4, … seconds between them.</summary>
    public static Retry UpTo(int attempts) => new(attempts, TimeSpan.FromSeconds(1));
}
