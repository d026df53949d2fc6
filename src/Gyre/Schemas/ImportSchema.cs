using System.Text;
using Gyre.Pipelines;
using Gyre.Schemas.TextFormat;
using Microsoft.Extensions.Logging;

namespace Gyre.Schemas;

/// <summary>
/// Takes a schema that people wrote, or corrected and reviewed, from a file in TFX's text format (<c>schema.pbtxt</c>).
/// It says exactly what validation allows; comments in it are kept.
/// </summary>
/// <param name="path">The file; a relative path counts from the current directory.</param>
/// <example><code>var schema = pipeline.Add(new ImportSchema("schema.pbtxt"));</code></example>
[CodeVersion(1)]
public sealed class ImportSchema(string path) : Component<Output<DataSchema>>
{
    protected internal override IReadOnlyList<string> ExternalFiles() => [path];

    protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(execution.ExternalFiles[0].Location, cancellationToken);
        foreach (var ignored in SchemaDefinition.Parse(Encoding.UTF8.GetString(content), path).Ignored)
            execution.Log.LogWarning("{Ignored}", ignored);
        await File.WriteAllBytesAsync(execution.PathOf(Outputs, DataSchema.FileName), content, cancellationToken);
    }

    protected internal override void Check(DefinitionCheck check)
    {
        try
        {
            _ = SchemaDefinition.Load(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException or TextFormatException)
        {
            check.Error($"{problem.Message} Correct the file, or the path given to {nameof(ImportSchema)}.");
        }
    }

    protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output)
    {
        try
        {
            return SchemaDefinition.Load(path).Columns;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException or TextFormatException)
        {
            return null;
        }
    }
}
