using System.Text;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>Reads how grave anomalies are from TFX's <c>ValidationConfig</c> in text format.</summary>
public static class ValidationConfiguration
{
    /// <summary>The severities that a file sets, fit for <see cref="ValidationOptions.Severities"/>.</summary>
    /// <exception cref="TextFormatException">The file is no such configuration; the message gives line and column.</exception>
    public static IReadOnlyDictionary<string, AnomalySeverity> Load(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path, Encoding.UTF8), path)
        : throw new FileNotFoundException($"There is no file {path}. Expected a ValidationConfig, such as severity_overrides {{ type: SCHEMA_NEW_COLUMN severity: WARNING }}.", path);

    /// <summary>The same for a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name of the file, for messages.</param>
    /// <exception cref="TextFormatException">The text is no such configuration; the message gives line and column.</exception>
    public static IReadOnlyDictionary<string, AnomalySeverity> Parse(string text, string source = "validation config")
    {
        var config = TextParser.Parse<ValidationConfig>(text, source);
        var severities = new SortedDictionary<string, AnomalySeverity>(StringComparer.Ordinal);
#pragma warning disable CS0612 // Old files still say so.
        if (config.NewFeaturesAreWarnings)
#pragma warning restore CS0612
            severities[AnomalyTypes.NameOf(AnomalyInfo.Types.Type.SchemaNewColumn)] = AnomalySeverity.Warning;
        foreach (var change in config.SeverityOverrides)
            severities[AnomalyTypes.NameOf(change.Type)] = change.Severity == AnomalyInfo.Types.Severity.Error ? AnomalySeverity.Error : AnomalySeverity.Warning;
        return severities;
    }
}
