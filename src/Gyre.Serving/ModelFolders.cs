using System.Globalization;
using Gyre.Onnx;
using Gyre.Registry;

namespace Gyre.Serving;

/// <summary>A version of a model on the disk.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Path">Its directory.</param>
/// <param name="Stamp">Lengths and times of its files: when it changes, the version is loaded again.</param>
sealed record VersionFolder(long Version, string Path, string Stamp);

/// <summary>Looks for models and versions in a directory.</summary>
static class ModelFolders
{
    public const string GraphFile = "model.onnx";
    public const string ExampleFile = "example.json";

    static readonly string[] Files = [GraphFile, ModelSignature.FileName];

    /// <summary>Every model with its versions, the highest first. A model without versions is not there.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<VersionFolder>> Scan(string directory) =>
        Directory.EnumerateDirectories(directory)
            .Where(path => ModelName.IsValid(Path.GetFileName(path)))
            .Select(path => (Name: Path.GetFileName(path), Versions: Versions(path)))
            .Where(model => model.Versions.Count > 0)
            .ToDictionary(model => model.Name, model => model.Versions, StringComparer.Ordinal);

    /// <summary>The number that a directory's name is; null when it is none and so no version.</summary>
    public static long? NumberOf(string path)
    {
        var name = Path.GetFileName(path);
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == name ? number : null;
    }

    static IReadOnlyList<VersionFolder> Versions(string model) =>
    [
        .. Directory.EnumerateDirectories(model)
            .Select(path => (Number: NumberOf(path), Path: path))
            .Where(version => version.Number is not null)
            .Select(version => new VersionFolder(version.Number!.Value, version.Path, Stamp(version.Path)))
            .OrderByDescending(version => version.Version),
    ];

    static string Stamp(string version) => string.Join(
        ' ',
        Files.Select(file => new FileInfo(Path.Combine(version, file)))
            .Select(file => file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}@{file.LastWriteTimeUtc.Ticks}") : "-"));
}
