namespace Gyre.Pipelines;

/// <summary>One thing that is wrong with a pipeline's definition.</summary>
/// <param name="NodeId">The node concerned; empty when it is the pipeline as a whole.</param>
/// <param name="Message">What was found, what was expected, and the cure.</param>
public sealed record DefinitionError(string NodeId, string Message)
{
    public override string ToString() => NodeId.Length == 0 ? Message : $"{NodeId}: {Message}";
}

/// <summary>A pipeline's definition is wrong; all errors found are in <see cref="Errors"/>.</summary>
public sealed class DefinitionException(IReadOnlyList<DefinitionError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<DefinitionError> Errors { get; } = errors;
}

/// <summary>Collects what is wrong with a component before anything runs.</summary>
public sealed class DefinitionCheck
{
    /// <summary>A graph with a cycle would be asked for ever.</summary>
    const int DeepestQuestion = 100;

    readonly List<DefinitionError> _errors;
    readonly Component _component;
    readonly int _depth;

    internal DefinitionCheck(Component component, List<DefinitionError> errors, int depth = 0)
    {
        _component = component;
        _errors = errors;
        _depth = depth;
    }

    /// <summary>Reports a problem of this component.</summary>
    public void Error(string message) => _errors.Add(new DefinitionError(_component.NodeId, message));

    /// <summary>The columns behind a wire, where they are known before anything ran; otherwise null.</summary>
    public IReadOnlyCollection<string>? ColumnsOf(Output output)
    {
        if (output.Producer is not { } producer || _depth > DeepestQuestion)
            return null;
        return producer.KnownColumns(new DefinitionCheck(producer, [], _depth + 1), output);
    }

    /// <summary>Reports each of the columns that the wire is known not to have.</summary>
    /// <param name="output">The wire.</param>
    /// <param name="columns">The columns wanted.</param>
    /// <param name="usedFor">What they are wanted for, to follow «used», for example «as a slice».</param>
    public void RequireColumns(Output output, IEnumerable<string> columns, string usedFor)
    {
        if (ColumnsOf(output) is not { } known)
            return;
        foreach (var column in columns.Where(column => !known.Contains(column, StringComparer.Ordinal)))
        {
            Error($"The column '{column}', used {usedFor}, is not among the columns of {output}: {string.Join(", ", known)}. "
                + "Correct the name, or add the column to the data.");
        }
    }
}
