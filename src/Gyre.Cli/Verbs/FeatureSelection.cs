using System.CommandLine;
using System.IO.Enumeration;
using Gyre.Cli.Arguments;
using Gyre.Cli.Inspection;
using Gyre.Pages;

namespace Gyre.Cli.Verbs;

/// <summary>By what features are sorted.</summary>
enum FeatureOrder
{
    /// <summary>As the columns stand.</summary>
    Columns,

    Name,

    Missing,

    Zeros,

    Distinct,

    /// <summary>The farthest from being spread evenly first.</summary>
    Uneven,

    /// <summary>Those that differ most first; where two sets are compared.</summary>
    Drift,
}

/// <summary>The options that choose splits and features to look at, and their order.</summary>
sealed class FeatureSelection
{
    readonly Option<string[]> _features = new("--feature") { HelpName = "NAME", Description = "Show this feature whole, with bars; * stands for any letters; may be given several times.", DefaultValueFactory = _ => [] };

    readonly Option<bool> _details = new("--details") { Description = "Show every feature whole, with bars." };

    readonly Option<string[]> _splits = new("--split") { HelpName = "NAME", Description = "Only this split or slice; may be given several times.", DefaultValueFactory = _ => [] };

    readonly Option<FeatureOrder?> _order = new("--sort") { Description = "The order of the features; by default that of the columns, or of drift where sets are compared." };

    public IEnumerable<Option> All => [_features, _details, _splits, _order];

    public bool WantsDetails(Session session) => session.Value(_details) || session.Value(_features) is { Length: > 0 };

    public IReadOnlyList<string> Splits(Session session) => session.Value(_splits) ?? [];

    /// <summary>The parts that are asked for, in the order asked.</summary>
    /// <exception cref="UsageException">There is no such part.</exception>
    public IReadOnlyList<DataPart> Parts(Session session, DataSet data)
    {
        var wanted = Splits(session);
        return wanted.Count == 0 ? data.Parts : [.. wanted.SelectMany(name => Named(data, name))];
    }

    /// <exception cref="UsageException">There is no such part.</exception>
    public static IReadOnlyList<DataPart> Named(DataSet data, string name)
    {
        var found = data.Parts.Where(part => part.Name == name).ToList();
        return found.Count > 0 ? found : throw new UsageException($"{data.Source} has no split '{name}'. It has: {string.Join(", ", data.Parts.Select(part => $"'{part.Name}'"))}.");
    }

    /// <summary>The features that are asked for, in the order asked.</summary>
    /// <exception cref="UsageException">There is no such feature.</exception>
    public IReadOnlyList<FeatureView> Of(Session session, DataSetView set)
    {
        var chosen = Chosen(session, set.Features, feature => feature.Name, set.Name);
        return session.Value(_order) switch
        {
            FeatureOrder.Name => [.. chosen.OrderBy(feature => feature.Name, StringComparer.OrdinalIgnoreCase)],
            FeatureOrder.Missing => [.. chosen.OrderByDescending(feature => feature.MissingShare)],
            FeatureOrder.Zeros => [.. chosen.OrderByDescending(ZeroShare)],
            FeatureOrder.Distinct => [.. chosen.OrderByDescending(feature => feature.Unique ?? -1)],
            FeatureOrder.Uneven => [.. chosen.OrderByDescending(feature => feature.NonUniformity ?? -1)],
            FeatureOrder.Drift => throw new UsageException("--sort drift needs two sets of data: stats diff A B."),
            _ => chosen,
        };
    }

    /// <summary>The same of two sets; by default those that differ most first.</summary>
    public IReadOnlyList<FeaturePair> Of(Session session, SideBySide comparison)
    {
        var chosen = Chosen(session, comparison.Features, pair => pair.Name, comparison.First.Name);
        var places = comparison.First.Features.Concat(comparison.Second.Features).Select(feature => feature.Name).Distinct(StringComparer.Ordinal).Index().ToDictionary(place => place.Item, place => place.Index, StringComparer.Ordinal);
        return session.Value(_order) switch
        {
            FeatureOrder.Columns => [.. chosen.OrderBy(pair => places[pair.Name])],
            FeatureOrder.Name => [.. chosen.OrderBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase)],
            FeatureOrder.Missing => [.. chosen.OrderByDescending(pair => Math.Max(pair.First?.MissingShare ?? 1, pair.Second?.MissingShare ?? 1))],
            FeatureOrder.Zeros => [.. chosen.OrderByDescending(pair => Math.Max(ZeroShare(pair.First), ZeroShare(pair.Second)))],
            FeatureOrder.Distinct => [.. chosen.OrderByDescending(pair => Math.Max(pair.First?.Unique ?? -1, pair.Second?.Unique ?? -1))],
            FeatureOrder.Uneven => [.. chosen.OrderByDescending(pair => Math.Max(pair.First?.NonUniformity ?? -1, pair.Second?.NonUniformity ?? -1))],
            _ => chosen,
        };
    }

    static double ZeroShare(FeatureView? feature) => feature?.Zeros is { } zeros ? (double)zeros / Math.Max(1, feature.Values) : -1;

    IReadOnlyList<T> Chosen<T>(Session session, IReadOnlyList<T> all, Func<T, string> nameOf, string set)
    {
        if (session.Value(_features) is not { Length: > 0 } patterns)
            return all;
        foreach (var pattern in patterns)
        {
            if (!all.Any(each => Matches(pattern, nameOf(each))))
                throw new UsageException(Missing(pattern, [.. all.Select(nameOf)], set));
        }

        return [.. all.Where(each => patterns.Any(pattern => Matches(pattern, nameOf(each))))];
    }

    static bool Matches(string pattern, string name) => pattern == name || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    static string Missing(string pattern, IReadOnlyList<string> names, string set)
    {
        const int shown = 10;
        var nearest = names.MinBy(name => UsageErrors.Distance(pattern, name));
        var hint = nearest is not null && UsageErrors.Distance(pattern, nearest) <= Math.Max(1, pattern.Length / 3) ? $" Did you mean '{VisibleText.Of(nearest)}'?" : "";
        return $"{VisibleText.Name(set)} has no feature '{pattern}'.{hint} It has: {string.Join(", ", names.Take(shown).Select(name => VisibleText.Name(name)))}{(names.Count > shown ? ", …" : "")}.";
    }
}
