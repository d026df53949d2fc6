using System.Text;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;

namespace Gyre.Schemas;

/// <summary>
/// What is expected of data: for each feature its type, presence and allowed values. Files hold it as TFX's
/// <c>Schema</c> in protobuf's text format (<c>schema.pbtxt</c>), made to be read, corrected and reviewed by people.
/// </summary>
public sealed class SchemaDefinition
{
    internal SchemaDefinition(Schema message) => Message = message;

    internal Schema Message { get; }

    /// <summary>What the file holds beyond a schema and was passed over, each with its place.</summary>
    public IReadOnlyList<string> Ignored { get; private init; } = [];

    /// <summary>The names of the features, in order.</summary>
    public IReadOnlyList<string> Columns => [.. Message.Feature.Select(feature => feature.Name)];

    /// <summary>The features in short, in order.</summary>
    public IReadOnlyList<ExpectedFeature> Features => [.. Message.Feature.Select(feature => ExpectedFeature.Of(feature, Message))];

    /// <summary>
    /// The columns of which every example must have the feature, but it need hold no value, in a schema that elsewhere
    /// demands values. TFX makes such schemas of CSV files, of which an empty cell is a feature without a value to it.
    /// </summary>
    public IReadOnlyList<string> MayBeEmpty
    {
        get
        {
            var inUse = Message.Feature.Where(feature => !SchemaFeatures.IsRetired(feature)).ToList();
            return inUse.Exists(HasValency)
                ? [.. inUse.Where(feature => feature.Presence is { MinFraction: >= 1 } && !HasValency(feature)).Select(feature => feature.Name)]
                : [];

            static bool HasValency(Feature feature) => feature.ShapeTypeCase != Feature.ShapeTypeOneofCase.None;
        }
    }

    /// <summary>The schema as a file holds it; equal schemas have equal texts.</summary>
    public string Text => TextPrinter.Print(Message);

    /// <summary>Reads a schema out of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name of the file, for messages.</param>
    /// <exception cref="TextFormatException">The text is no schema; the message gives line and column.</exception>
    public static SchemaDefinition Parse(string text, string source = "schema")
    {
        var ignored = new List<string>();
        var schema = new SchemaDefinition(TextParser.Parse<Schema>(text, source, ignored)) { Ignored = ignored };
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, feature) in schema.Message.Feature.Index())
        {
            if (!known.Add(feature.Name))
            {
                var (line, column) = SchemaFileText.PlaceOf(text, source, "feature", index);
                throw new TextFormatException(source, line, column, $"the feature '{feature.Name}' is described more than once. Expected one 'feature' for each column: remove the others.");
            }
        }

        return schema;
    }

    /// <summary>Reads a schema file.</summary>
    /// <exception cref="TextFormatException">The file is no schema; the message gives line and column.</exception>
    public static SchemaDefinition Load(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path, Encoding.UTF8), path)
        : throw new FileNotFoundException($"There is no file {path}. Expected a schema (schema.pbtxt).", path);

    public void Save(string path) => File.WriteAllText(path, Text);
}

/// <summary>What is expected of one feature, in short, for people.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Type"><c>BYTES</c> (texts), <c>INT</c>, <c>FLOAT</c> or <c>STRUCT</c>.</param>
/// <param name="Presence">In how many examples it must be: a share in words, <c>required</c> or <c>optional</c>.</param>
/// <param name="Domain">Which values are allowed, in words; empty when any.</param>
public sealed record ExpectedFeature(string Name, string Type, string Presence, string Domain)
{
    const int ShownValues = 6;

    internal static ExpectedFeature Of(Feature feature, Schema schema) => new(
        feature.Name,
        SchemaFeatures.TypeName(feature.Type),
        feature.Presence switch
        {
            { MinFraction: > 0 and < 1 } presence => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at least {presence.MinFraction * 100:0.####} %"),
            { MinFraction: >= 1 } or { MinCount: > 0 } => "required",
            _ => "optional",
        },
        DomainOf(feature, schema));

    static string DomainOf(Feature feature, Schema schema) => feature.DomainInfoCase switch
    {
        Feature.DomainInfoOneofCase.None => "",
        Feature.DomainInfoOneofCase.Domain or Feature.DomainInfoOneofCase.StringDomain when SchemaFeatures.StringDomainOf(feature, schema) is { } domain =>
            string.Join(", ", domain.Value.Take(ShownValues).Select(value => $"'{value}'"))
            + (domain.Value.Count > ShownValues ? FormattableString.Invariant($" and {domain.Value.Count - ShownValues} more") : ""),
        Feature.DomainInfoOneofCase.IntDomain => Range(
            feature.IntDomain.HasMin ? feature.IntDomain.Min : null, feature.IntDomain.HasMax ? feature.IntDomain.Max : null, "whole numbers"),
        Feature.DomainInfoOneofCase.FloatDomain => Range(
            feature.FloatDomain.HasMin ? feature.FloatDomain.Min : null, feature.FloatDomain.HasMax ? feature.FloatDomain.Max : null, "numbers"),
        Feature.DomainInfoOneofCase.BoolDomain => feature.BoolDomain.HasTrueValue || feature.BoolDomain.HasFalseValue
            ? $"'{feature.BoolDomain.TrueValue}' or '{feature.BoolDomain.FalseValue}'"
            : "0 or 1",
        var other => other.ToString(),
    };

    static string Range(double? least, double? greatest, string what) => (least, greatest) switch
    {
        ({ } from, { } to) => FormattableString.Invariant($"{what} from {from} to {to}"),
        ({ } from, null) => FormattableString.Invariant($"{what} from {from}"),
        (null, { } to) => FormattableString.Invariant($"{what} to {to}"),
        _ => what,
    };
}
