using System.Text.Json.Nodes;

namespace Gyre.Transforms.Operators;

/// <summary>An operator applied to the results of others. Equal applications within one definition are one step.</summary>
sealed class Step(Operator op, IReadOnlyList<Step> inputs)
{
    public Operator Operator => op;

    public IReadOnlyList<Step> Inputs => inputs;

    /// <summary>How many analyzers must have run, one behind the other, before this step's own can; its own included.</summary>
    public int AnalyzerDepth { get; } = inputs.Select(input => input.AnalyzerDepth).DefaultIfEmpty().Max() + (op.CreateAnalyzer() is null ? 0 : 1);

    /// <summary>All steps that lead here, this one included, inputs before those who read them.</summary>
    public IReadOnlyList<Step> Chain()
    {
        var chain = new List<Step>();
        var seen = new HashSet<Step>();
        Add(this);
        return chain;

        void Add(Step step)
        {
            if (!seen.Add(step))
                return;
            foreach (var input in step.Inputs)
                Add(input);
            chain.Add(step);
        }
    }

    /// <summary>
    /// The steps as JSON, the first operator first: <c>[{"text":{"column":"zip"}},{"extract":{"pattern":"[0-9]+"}}]</c>. What an
    /// operator reads besides the step before it stands among its parameters as <c>with</c>: the steps of one, or a list of those
    /// of several.
    /// </summary>
    public JsonArray ToJson()
    {
        var steps = inputs.Count == 0 ? [] : inputs[0].ToJson();
        var parameters = op.ToJson();
        if (inputs.Count == 2)
            parameters["with"] = inputs[1].ToJson();
        else if (inputs.Count > 2)
            parameters["with"] = new JsonArray([.. inputs.Skip(1).Select(input => input.ToJson())]);
        steps.Add(new JsonObject { [op.Name] = parameters });
        return steps;
    }
}
