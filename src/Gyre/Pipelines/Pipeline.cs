using System.Text.Json.Nodes;

namespace Gyre.Pipelines;

/// <summary>
/// A graph of components. Adding one returns its typed outputs, which the next ones take:
/// <code>
/// var pipeline = new Pipeline("churn");
/// var examples = pipeline.Add(new IngestCsv("customers.csv"));
/// var statistics = pipeline.Add(new ComputeStatistics(examples));
/// </code>
/// </summary>
public sealed class Pipeline(string name)
{
    readonly List<Component> _components = [];

    /// <summary>The name under which the store keeps this pipeline's runs and artifacts.</summary>
    public string Name { get; } = name;

    /// <summary>Who is told when a run stops, by those that run the pipeline for people; no part of what the pipeline is.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    internal IReadOnlyList<Component> Components => _components;

    /// <summary>Adds a component and returns the wires out of it.</summary>
    public TOutputs Add<TOutputs>(Component<TOutputs> component)
        where TOutputs : class
    {
        _components.Add(component);
        return component.Outputs;
    }

    /// <summary>Everything that is wrong with the definition; empty when it can run.</summary>
    public IReadOnlyList<DefinitionError> Check() => GraphChecks.Run(this);

    /// <summary>The pipeline as data.</summary>
    /// <exception cref="DefinitionException">The definition is wrong; the exception holds all errors.</exception>
    public PipelineSpec ToSpec()
    {
        var errors = Check();
        if (errors.Count > 0)
            throw new DefinitionException(errors);
        var nodes = _components.ToDictionary(component => component.NodeId, ToSpec, StringComparer.Ordinal);
        return new PipelineSpec { Name = Name, Nodes = [.. GraphOrder.Sort(_components.Select(c => c.NodeId), id => nodes[id].Upstream).Select(id => nodes[id])] };
    }

    /// <summary>Applies assignments <c>node.parameter=value</c>.</summary>
    /// <exception cref="DefinitionException">Some cannot be applied; the exception holds all errors.</exception>
    public void Set(IEnumerable<string> assignments)
    {
        var errors = assignments.Select(assignment => ParameterOverride.Apply(_components, assignment))
            .Where(error => error is not null).Select(error => new DefinitionError("", error!)).ToList();
        if (errors.Count > 0)
            throw new DefinitionException(errors);
    }

    internal Component Component(string nodeId) => _components.First(component => component.NodeId == nodeId);

    static NodeSpec ToSpec(Component component)
    {
        var parts = ComponentParts.Of(component);
        var parameters = new JsonObject();
        foreach (var (name, field) in parts.Parameters)
        {
            if (ParameterJson.Write(field.GetValue(component), field.FieldType) is { } value)
                parameters[name] = value;
        }

        return new NodeSpec
        {
            Id = component.NodeId,
            Component = component.GetType().Name,
            Code = CodeIdentity.Of(component, parts.Parameters.Values.Select(field => field.GetValue(component))),
            Parameters = parameters,
            Inputs = parts.Inputs.ToDictionary(
                input => input.Key,
                input => (IReadOnlyList<InputSpec>)[.. input.Value.Select(ToSpec)],
                StringComparer.Ordinal),
            Outputs = component.AllOutputs.ToDictionary(
                output => output.Key, output => Artifact.TypeName(output.ArtifactType), StringComparer.Ordinal),
            After = [.. component.After.Select(output => output.Producer!.NodeId).Distinct(StringComparer.Ordinal)],
            Attempts = component.Retry.Attempts,
            FirstPauseSeconds = component.Retry.FirstPause.TotalSeconds,
        };
    }

    static InputSpec ToSpec(Output wire) => wire.Resolver is { } resolver
        ? new InputSpec(resolver.Candidate.Producer!.NodeId, resolver.Candidate.Key, resolver.Strategy)
        : new InputSpec(wire.Producer!.NodeId, wire.Key);
}
