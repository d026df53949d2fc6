using Google.Protobuf;
using Gyre.Schemas.Protos;

namespace Gyre.Schemas;

/// <summary>Whether an anomaly stops a run.</summary>
public enum AnomalySeverity
{
    /// <summary>Worth a look: recorded, but no reason to stop.</summary>
    Warning,

    /// <summary>The data is not as expected; nothing should be learnt from it.</summary>
    Error,
}

/// <summary>What is wrong with one feature of a data set, or with the set as a whole.</summary>
/// <param name="Feature">The feature's path; empty when it is the data set as a whole.</param>
/// <param name="Types">What kinds of anomaly, by TFX's names, for example <c>ENUM_TYPE_UNEXPECTED_STRING_VALUES</c>.</param>
/// <param name="Severity">Whether it stops a run.</param>
/// <param name="ShortDescription">In a few words.</param>
/// <param name="Description">What was found and what was expected.</param>
public sealed record FeatureAnomaly(
    string Feature, IReadOnlyList<string> Types, AnomalySeverity Severity, string ShortDescription, string Description)
{
    public override string ToString() => Feature.Length == 0 ? Description : $"{Feature}: {Description}";
}

/// <summary>
/// What validation found in one data set. Files hold it as TFX's <c>Anomalies</c> (<c>SchemaDiff.pb</c>), together with
/// the schema that was not met.
/// </summary>
public sealed class AnomalyReport
{
    readonly Protos.Anomalies _message;

    internal AnomalyReport(Protos.Anomalies message)
    {
        _message = message;
        Found = [.. Views(message)];
    }

    /// <summary>The anomalies: those of the data set as a whole first, then errors, then warnings, by feature.</summary>
    public IReadOnlyList<FeatureAnomaly> Found { get; }

    /// <summary>The anomalies that stop a run.</summary>
    public IEnumerable<FeatureAnomaly> Errors => Found.Where(anomaly => anomaly.Severity == AnomalySeverity.Error);

    /// <summary>The anomalies that do not.</summary>
    public IEnumerable<FeatureAnomaly> Warnings => Found.Where(anomaly => anomaly.Severity == AnomalySeverity.Warning);

    /// <summary>
    /// What the schema allows, but people may want to know, such as a few values outside a set. Not kept in the file.
    /// </summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>
    /// The schema with every rule that was broken relaxed as little as is needed for the data to meet it; null in a report
    /// that was read from a file, beside which it lies as <c>fixed_schema.pbtxt</c>.
    /// </summary>
    public SchemaDefinition? Fixed { get; internal init; }

    /// <summary>For each anomaly that single examples are to blame for some of them, where the examples were at hand.</summary>
    public IReadOnlyList<Offenders> Offenders { get; internal init; } = [];

    /// <summary>Findings for which single examples are to blame.</summary>
    internal IReadOnlyList<FoundOffence> Offences { get; init; } = [];

    internal Protos.Anomalies Message => _message;

    /// <summary>Reads a file of anomalies.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static AnomalyReport Load(string path) => Load(path, []);

    /// <summary>Reads the anomalies of one split, with the examples to blame.</summary>
    /// <param name="directory">The directory of the split in an artifact of anomalies.</param>
    /// <exception cref="InvalidDataException">A file in it holds something else.</exception>
    public static AnomalyReport LoadWithExamples(string directory) =>
        Load(Path.Join(directory, "SchemaDiff.pb"), Schemas.Offenders.Load(Path.Join(directory, "offending.json")));

    static AnomalyReport Load(string path, IReadOnlyList<Offenders> offenders)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}. Expected anomalies (SchemaDiff.pb).", path);
        try
        {
            return new AnomalyReport(Protos.Anomalies.Parser.ParseFrom(File.ReadAllBytes(path))) { Offenders = offenders };
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new InvalidDataException($"{path} holds no anomalies: {problem.Message} Expected TFX's Anomalies, binary.", problem);
        }
    }

    /// <summary>The same report with some of the examples that are to blame, see <see cref="Offenders"/>.</summary>
    /// <param name="files">The Parquet files whose statistics were validated, in order.</param>
    /// <param name="most">How many examples of each anomaly are wanted.</param>
    /// <param name="threads">How many threads may look for them.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public AnomalyReport WithExamples(IReadOnlyList<string> files, int most = 5, int threads = 1, CancellationToken cancellationToken = default) =>
        With(OffendingRows.Find(files, Offences, most, threads, cancellationToken));

    AnomalyReport With(IReadOnlyList<Offenders> offenders) => new(_message) { Notes = Notes, Fixed = Fixed, Offences = Offences, Offenders = offenders };

    /// <summary>Writes the anomalies to a file; equal ones give equal files.</summary>
    public void Save(string path)
    {
        using var file = File.Create(path);
        using var output = new CodedOutputStream(file) { Deterministic = true };
        _message.WriteTo(output);
    }

    static IEnumerable<FeatureAnomaly> Views(Protos.Anomalies message)
    {
        if (message.DatasetAnomalyInfo is { } dataset)
            yield return View("", dataset);
        foreach (var anomaly in message.AnomalyInfo.Select(entry => View(entry.Key, entry.Value))
            .OrderByDescending(anomaly => anomaly.Severity).ThenBy(anomaly => anomaly.Feature, StringComparer.Ordinal))
        {
            yield return anomaly;
        }
    }

    static FeatureAnomaly View(string feature, AnomalyInfo info) => new(
        feature,
        [.. info.Reason.Select(reason => AnomalyTypes.NameOf(reason.Type))],
        info.Severity == AnomalyInfo.Types.Severity.Warning ? AnomalySeverity.Warning : AnomalySeverity.Error,
        info.ShortDescription,
        info.Description);
}
