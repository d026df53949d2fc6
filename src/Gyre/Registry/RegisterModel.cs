using System.Security.Cryptography;
using Gyre.Evaluation;
using Gyre.Onnx;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.Registry;

/// <summary>
/// Gives a blessed model a name and a version number, and keeps with it what went into it. Where a review is asked for,
/// nothing behind it runs until a person has approved the version.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="evaluation">Its evaluation; the blessing is a gate before this component.</param>
/// <param name="name">The name under which versions are counted and served, see <see cref="ModelName.Rule"/>.</param>
[CodeVersion(2)]
public sealed class RegisterModel(Output<Model> model, EvaluationOutputs evaluation, string name) : Component<Output<ModelVersion>>
{
    /// <summary>The model's files that every version has; a server needs these and <c>version.json</c>.</summary>
    internal static readonly IReadOnlyList<string> ModelFiles = [Model.GraphFile, ModelSignature.FileName];

    /// <summary>Whether a person must approve the version before it goes further.</summary>
    public bool Review { get; init; }

    protected internal override void Check(DefinitionCheck check)
    {
        if (!ModelName.IsValid(name))
            check.Error($"The model's name is '{name}'. Expected {ModelName.Rule}, because it becomes a directory and a part of URLs.");
    }

    protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var source = execution.Read(model);
        var measured = execution.Read(evaluation.Evaluation);
        var report = measured.ReadReport();
        foreach (var file in ModelFiles)
            File.Copy(source.PathOf(file), execution.PathOf(Outputs, file));
        if (File.Exists(source.PathOf(Model.ExampleFile)))
            File.Copy(source.PathOf(Model.ExampleFile), execution.PathOf(Outputs, Model.ExampleFile));

        var unnumbered = new VersionRecord
        {
            Name = name,
            Version = 0,
            Pipeline = execution.PipelineName,
            GyreVersion = typeof(RegisterModel).Assembly.GetName().Version?.ToString(3) ?? "",
            Review = Review,
            ModelFingerprint = source.Fingerprint,
            EvaluationFingerprint = measured.Fingerprint,
            BlessingFingerprint = execution.Read(evaluation.Blessing).Fingerprint,
            Signature = ModelSignature.Load(source.PathOf(ModelSignature.FileName)),
            Evaluation = new VersionEvaluation(report.Split, report.Blessed, report.BaselineFingerprint, report.Overall.Model),
        };

        // All that a version holds decides its number: what differs in anything is another version, what is equal never is.
        var version = execution.NumberFor($"models/{name}", Convert.ToHexStringLower(SHA256.HashData(RegistryJson.Write(unnumbered))));
        var record = unnumbered with { Version = version };
        File.WriteAllBytes(execution.PathOf(Outputs, VersionRecord.FileName), RegistryJson.Write(record));

        execution.SetProperty(Outputs, ModelVersion.NameProperty, name);
        execution.SetProperty(Outputs, ModelVersion.NumberProperty, version);
        execution.SetProperty(Outputs, ModelVersion.ModelIdProperty, source.Id);
        execution.SetProperty(Outputs, ModelVersion.EvaluationIdProperty, measured.Id);
        execution.SetProperty(Outputs, ModelVersion.RunIdProperty, execution.RunId);
        if (Review)
        {
            execution.AskForReview(
                Outputs,
                $"Version {version} of the model '{name}' waits for a review.",
                $"Look at it with 'model show {name}/{version}', decide with 'model approve {name}/{version} --reason \"…\"' or 'model reject …', then run again.");
        }

        return Task.CompletedTask;
    }
}
