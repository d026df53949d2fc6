using System.Globalization;
using Gyre.Cli.Arguments;
using Gyre.Registry;
using Gyre.Runners;

namespace Gyre.Cli.Registering;

/// <summary>The files of one version of a model, pushed or registered.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its number.</param>
/// <param name="Directory">Where its files lie.</param>
sealed record ModelFiles(string Name, long Version, string Directory)
{
    /// <exception cref="UsageException">There is no such model.</exception>
    public static ModelFiles Find(Session session, string? name, string? givenDirectory)
    {
        var model = name ?? Only(session, givenDirectory);
        var parts = model.Split('/');
        var wanted = parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        if (!ModelName.IsValid(parts[0]) || parts.Length > 2 || (parts.Length == 2 && wanted is null))
            throw new UsageException($"'{model}' is no model. Expected NAME or NAME/VERSION, for example churn/2.");
        var root = Path.GetFullPath(givenDirectory ?? Path.Combine(session.HomeDirectory, "serving"));
        return Pushed(root, parts[0], wanted)
            ?? (givenDirectory is null && Home.Exists(session.HomeDirectory) ? Registered(session, model) : null)
            ?? throw new UsageException($"There is no model '{model}' in '{root}'{(givenDirectory is null ? " nor among the registered ones" : "")}. 'model list' tells what there is.");
    }

    /// <summary>The name of the only model among the pushed and registered ones.</summary>
    static string Only(Session session, string? givenDirectory)
    {
        var root = Path.GetFullPath(givenDirectory ?? Path.Combine(session.HomeDirectory, "serving"));
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (System.IO.Directory.Exists(root))
            names.UnionWith(System.IO.Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)!).Where(name => ModelName.IsValid(name) && Pushed(root, name, null) is not null));
        if (givenDirectory is null && Home.Exists(session.HomeDirectory))
        {
            using var home = session.OpenHome();
            names.UnionWith(home.Store.Read(transaction => RegisteredVersion.All(transaction, home)).Select(version => version.Name));
        }

        return names.Count == 1 ? names.Min!
            : throw new UsageException(names.Count == 0
                ? $"There is no model to predict with in '{root}'{(givenDirectory is null ? " nor among the registered ones" : "")}. Run a pipeline that registers or pushes one, or name another place with --home or --model-dir."
                : $"There are several models: {string.Join(", ", names)}. Choose one with --model, for example --model {names.Min}.");
    }

    static ModelFiles? Pushed(string root, string name, long? wanted)
    {
        var folder = Path.Combine(root, name);
        return !System.IO.Directory.Exists(folder) ? null : System.IO.Directory.EnumerateDirectories(folder)
            .Select(path => (Path: path, IsNumber: long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number), Number: number))
            .Where(version => version.IsNumber && (wanted is null || version.Number == wanted))
            .OrderByDescending(version => version.Number)
            .Select(version => new ModelFiles(name, version.Number, version.Path))
            .FirstOrDefault();
    }

    static ModelFiles? Registered(Session session, string model)
    {
        using var home = session.OpenHome();
        return home.Store.Read(transaction => RegisteredVersion.Find(transaction, home, model)) is { } version
            ? new ModelFiles(version.Name, version.Version, version.Path)
            : null;
    }
}
