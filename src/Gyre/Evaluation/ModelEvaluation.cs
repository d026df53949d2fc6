using Gyre.Pipelines;

namespace Gyre.Evaluation;

/// <summary>
/// What a model achieves on a split: <c>evaluation.json</c>. Properties for quick listings: <c>example_count</c>, every
/// defined metric under its name, and the baseline's as <c>baseline.&lt;name&gt;</c>.
/// </summary>
public sealed record ModelEvaluation : Artifact
{
    /// <summary>Reads the whole report.</summary>
    public EvaluationReport ReadReport() => EvaluationReport.Load(PathOf(EvaluationReport.FileName));
}

/// <summary>
/// The verdict on a model: a file <c>BLESSED</c> or <c>NOT_BLESSED</c> that lists the thresholds and how they were judged.
/// A gate: without the blessing nothing behind it runs.
/// </summary>
[ArtifactType("ModelBlessing")]
public sealed record Blessing : Artifact
{
    internal const string BlessedFile = "BLESSED";
    internal const string NotBlessedFile = "NOT_BLESSED";

    internal const string BlessedProperty = "blessed";
    internal const string ModelIdProperty = "current_model_id";
    internal const string ModelFingerprintProperty = "current_model_fingerprint";
    internal const string BaselineIdProperty = "baseline_model_id";

    /// <summary>Whether the model may be used.</summary>
    public bool IsBlessed => Properties.TryGetValue(BlessedProperty, out var blessed) && blessed.AsFlag();
}

/// <summary>The wires out of <see cref="EvaluateModel"/>.</summary>
public sealed record EvaluationOutputs(Output<ModelEvaluation> Evaluation, Output<Blessing> Blessing);
