using Gyre.Ingestion;
using Gyre.Pipelines;

namespace Gyre.Transforms;

/// <summary>What <c>FitTransform</c> gives.</summary>
/// <param name="Graph">The fitted transform.</param>
/// <param name="Examples">The transformed examples: a column per feature, and the label.</param>
public sealed record TransformOutputs(Output<TransformGraph> Graph, Output<Examples> Examples);
