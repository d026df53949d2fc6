using System.Globalization;
using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Runners;

/// <summary>
/// The parts of one execution, such as the trials of a search, each an execution of its own. They belong to the pipeline and the run as the whole does, but
/// not to the node, whose executions are the wholes; a context of the type <c>execution_parts</c>, named as the whole, holds them together.
/// </summary>
public sealed class ExecutionParts
{
    const string ContextType = "execution_parts";

    readonly Dictionary<(string Kind, string Name), long> _ids = [];
    readonly Lock _lock = new();
    readonly Home _home;
    readonly Run _run;
    readonly NodeSpec _node;
    readonly long _whole;

    internal ExecutionParts(Home home, Run run, NodeSpec node, long whole) => (_home, _run, _node, _whole) = (home, run, node, whole);

    /// <summary>The parts of an execution, in the order in which they began.</summary>
    public static IReadOnlyList<StoredExecution> Of(MetadataTransaction transaction, long whole) =>
        transaction.Context(ContextType, NameOf(whole)) is { } context ? [.. transaction.ExecutionsOf(context.Id).Reverse()] : [];

    /// <summary>Ends the parts that the end of the whole cut off.</summary>
    internal static void End(MetadataTransaction transaction, long whole, ExecutionState state)
    {
        foreach (var part in Of(transaction, whole).Where(part => part.State == ExecutionState.Running))
            transaction.UpdateExecution(part.Id, state, Properties((ExecutionProperties.Error, $"The execution {NameOf(whole)}, of which it is a part, ended before it.")));
    }

    internal void Record(ExecutionPart part)
    {
        lock (_lock)
        {
            _home.Store.Write(transaction =>
            {
                if (!_ids.TryGetValue((part.Kind, part.Name), out var id))
                    _ids[(part.Kind, part.Name)] = id = Begin(transaction, part);
                transaction.UpdateExecution(id, StateOf(part.State), Results(part));
            });
        }
    }

    long Begin(MetadataTransaction transaction, ExecutionPart part)
    {
        var id = transaction.InsertExecution(part.Kind, ExecutionState.Running, Properties(
            (ExecutionProperties.Pipeline, _run.Pipeline),
            (ExecutionProperties.Node, $"{_node.Id}/{part.Name}"),
            (ExecutionProperties.Run, _run.Id),
            (ExecutionProperties.Whole, _whole),
            (ExecutionProperties.Reason, $"part of {NameOf(_whole)}"),
            (ExecutionProperties.Code, _node.Code),
            (ExecutionProperties.Parameters, part.Parameters.ToJsonString(SpecJson.Compact)),
            (ExecutionProperties.GyreVersion, GyreVersion.Text)));
        foreach (var context in new[] { transaction.PutContext("pipeline", _run.Pipeline), _run.ContextId, transaction.PutContext(ContextType, NameOf(_whole)) })
            transaction.Associate(context, id);
        return id;
    }

    static Dictionary<string, PropertyValue> Results(ExecutionPart part)
    {
        var properties = new Dictionary<string, PropertyValue>(part.Properties, StringComparer.Ordinal);
        if (part.Seconds is { } seconds)
            properties[ExecutionProperties.Seconds] = seconds;
        if (part.Error is { } error)
            properties[ExecutionProperties.Error] = error;
        return properties;
    }

    static ExecutionState StateOf(PartState state) => state switch
    {
        PartState.Running => ExecutionState.Running,
        PartState.Reused => ExecutionState.Cached,
        PartState.Failed => ExecutionState.Failed,
        _ => ExecutionState.Complete,
    };

    static Dictionary<string, PropertyValue> Properties(params ReadOnlySpan<(string Name, PropertyValue Value)> properties)
    {
        var result = new Dictionary<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (name, value) in properties)
            result[name] = value;
        return result;
    }

    static string NameOf(long execution) => string.Create(CultureInfo.InvariantCulture, $"e{execution}");
}
