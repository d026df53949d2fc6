using System.Text.RegularExpressions;

namespace Gyre.Pipelines;

/// <summary>The rules a graph must meet before anything runs, one small function each. All are always tried.</summary>
static partial class GraphChecks
{
    public static IReadOnlyList<DefinitionError> Run(Pipeline pipeline)
    {
        var errors = new List<DefinitionError>();
        CheckName(pipeline, errors);
        CheckIds(pipeline, errors);
        CheckWires(pipeline, errors);
        CheckCycles(pipeline, errors);
        errors.AddRange(pipeline.Alerts.Select(alert => alert.Problem()).OfType<string>().Select(problem => new DefinitionError("", problem)));
        foreach (var component in pipeline.Components)
        {
            CheckParameters(component, errors);
            component.Check(new DefinitionCheck(component, errors));
        }

        return errors;
    }

    static void CheckName(Pipeline pipeline, List<DefinitionError> errors)
    {
        if (!NamePattern().IsMatch(pipeline.Name))
            errors.Add(new("", $"The pipeline's name is '{pipeline.Name}'. Use letters, digits, '-', '_' and '.', beginning with a letter or digit."));
        if (pipeline.Components.Count == 0)
            errors.Add(new("", $"The pipeline '{pipeline.Name}' has no components. Add at least one."));
    }

    static void CheckIds(Pipeline pipeline, List<DefinitionError> errors)
    {
        foreach (var component in pipeline.Components.Where(component => !NamePattern().IsMatch(component.NodeId)))
            errors.Add(new(component.NodeId, $"The id '{component.NodeId}' cannot name a folder. Use letters, digits, '-', '_' and '.', beginning with a letter or digit."));
        foreach (var same in pipeline.Components.GroupBy(component => component.NodeId, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            errors.Add(new(same.Key, $"{same.Count()} nodes have the id '{same.Key}' ({string.Join(", ", same.Select(c => c.GetType().Name))}). "
                + "Give each its own: new X(…) { Id = \"…\" }."));
        }
    }

    static void CheckWires(Pipeline pipeline, List<DefinitionError> errors)
    {
        foreach (var component in pipeline.Components)
        {
            var wires = ComponentParts.Of(component).Inputs.Values.SelectMany(wires => wires).Concat(component.After);
            foreach (var wire in wires.Select(wire => wire.Resolver?.Candidate ?? wire).Where(wire => !pipeline.Components.Contains(wire.Producer)))
            {
                errors.Add(new(component.NodeId, $"It reads {wire}, but that component was not added to the pipeline '{pipeline.Name}'. "
                    + "Pass the wire that pipeline.Add(…) returned."));
            }
        }
    }

    static void CheckCycles(Pipeline pipeline, List<DefinitionError> errors)
    {
        var upstream = pipeline.Components.ToLookup(component => component.NodeId, UpstreamOf, StringComparer.Ordinal);
        var sorted = GraphOrder.Sort(pipeline.Components.Select(component => component.NodeId), id => upstream[id].SelectMany(ids => ids)).ToHashSet(StringComparer.Ordinal);
        var stuck = pipeline.Components.Where(component => !sorted.Contains(component.NodeId)).Select(component => component.NodeId).Distinct(StringComparer.Ordinal).ToList();
        if (stuck.Count > 0)
            errors.Add(new("", $"These nodes wait for each other in a cycle, or for one that does: {string.Join(", ", stuck)}. Remove one of the entries in After."));
    }

    static IEnumerable<string> UpstreamOf(Component component) =>
        ComponentParts.Of(component).Inputs.Values.SelectMany(wires => wires).Concat(component.After)
            .Select(wire => (wire.Resolver?.Candidate ?? wire).Producer?.NodeId).OfType<string>();

    static void CheckParameters(Component component, List<DefinitionError> errors)
    {
        foreach (var (name, field) in ComponentParts.Of(component).Parameters)
        {
            try
            {
                ParameterJson.Write(field.GetValue(component), field.FieldType);
            }
            catch (NotSupportedException error)
            {
                errors.Add(new(component.NodeId, $"The parameter '{name}' ({field.FieldType.Name}) cannot be part of the record of a run: {error.Message}. "
                    + "Hold plain values, lists and records, make what you need of them in ExecuteAsync, or mark it [NotAParameter] if results do not depend on it."));
            }
        }

        if (component.Retry.Attempts < 1)
            errors.Add(new(component.NodeId, $"Retry.Attempts is {component.Retry.Attempts}. Expected at least 1."));
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    private static partial Regex NamePattern();
}
