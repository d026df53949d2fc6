using System.Text.Json;
using Gyre.Cli.Terminal;
using Gyre.Schemas;

namespace Gyre.Cli.Inspection;

/// <summary>Who changed a schema file, when and why: a line of JSON for each change, in a file beside it that belongs into version control with it.</summary>
static class SchemaHistory
{
    const string Suffix = ".history.jsonl";

    public static string PathOf(string schemaFile) => Path.ChangeExtension(schemaFile, null) + Suffix;

    public static void Append(string schemaFile, string by, string reason, DateTimeOffset time, string? anomalies, IReadOnlyList<SchemaChange> changes) =>
        File.AppendAllText(PathOf(schemaFile), JsonSerializer.Serialize(
            new { time, by, reason, anomalies, changes = changes.Select(change => change.ToString()) }, Screen.CompactJson) + "\n");

    /// <summary>The person at this machine.</summary>
    public static string ThisPerson => $"{Environment.UserName}@{Environment.MachineName}";
}
