using System.Globalization;

namespace Gyre.Torch.Layers;

/// <summary>
/// What the places along one side of a tensor of weights belong to: ids, features, classes, by keys that stay the same in another
/// network of the same design; or nothing that could be told, as the outputs of a hidden layer.
/// </summary>
sealed class Axis
{
    /// <summary>Stands between the name of a feature and what tells its places apart.</summary>
    public const char Separator = '\0';

    Axis(int length, IReadOnlyList<string>? keys) => (Length, Keys) = (length, keys);

    public int Length { get; }

    /// <summary>A key for each place; null where places mean nothing but their position.</summary>
    public IReadOnlyList<string>? Keys { get; }

    public static Axis Of(long length) => new(checked((int)length), null);

    public static Axis Named(IReadOnlyList<string> keys) => new(keys.Count, keys);

    /// <summary>Axes one behind the other; the places of those without keys get the name of theirs.</summary>
    public static Axis Concat(IReadOnlyList<(string Name, Axis Axis)> parts) => parts is [var only]
        ? only.Axis
        : Named([.. parts.SelectMany(part => part.Axis.Keys ?? part.Axis.Places(part.Name))]);

    /// <summary>Keys for places that have none: they hold as long as there are as many.</summary>
    public IEnumerable<string> Places(string name) =>
        Enumerable.Range(0, Length).Select(place => string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{place} of {Length}"));

    /// <summary>For each place that of another axis which means the same, −1 where none does; null where the axes cannot be matched.</summary>
    public int[]? PlacesIn(Axis other)
    {
        if (Keys is null || other.Keys is null)
            return Keys is null && other.Keys is null && Length == other.Length ? [.. Enumerable.Range(0, Length)] : null;
        var places = new Dictionary<string, int>(other.Length, StringComparer.Ordinal);
        for (var place = 0; place < other.Length; place++)
            places.TryAdd(other.Keys[place], place);
        return [.. Keys.Select(key => places.GetValueOrDefault(key, -1))];
    }

    public bool IsSame(Axis other) => Keys is null ? other.Keys is null && Length == other.Length : other.Keys is not null && Keys.SequenceEqual(other.Keys, StringComparer.Ordinal);
}
