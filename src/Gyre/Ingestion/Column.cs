using Gyre.Data;

namespace Gyre.Ingestion;

/// <summary>A column to take from a file, and how.</summary>
/// <param name="Name">Its name among the examples.</param>
public sealed record Column(string Name)
{
    /// <summary>Its possible names in the file's header; the first that is there counts. By default only <see cref="Name"/>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [Name];

    /// <summary>Its type; null to find it from the values. A row whose value is of another type is rejected.</summary>
    public ColumnType? Type { get; init; }

    /// <summary>Texts that mean that the value is missing, besides those that mean it in every column.</summary>
    public IReadOnlyList<string> NullTokens { get; init; } = [];

    public static Column Named(string name) => new(name);

    public static implicit operator Column(string name) => new(name);

    /// <summary>The names that the column may have in the file's header.</summary>
    public Column From(params IReadOnlyList<string> sources) => this with { Sources = sources };

    public Column Of(ColumnType type) => this with { Type = type };

    /// <summary>Texts that mean that the value is missing, such as <c>N/A</c>.</summary>
    public Column WithNullTokens(params IReadOnlyList<string> tokens) => this with { NullTokens = tokens };
}
