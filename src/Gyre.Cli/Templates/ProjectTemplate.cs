using System.Reflection;
using System.Text;
using Gyre.Runners;

namespace Gyre.Cli.Templates;

/// <summary>A file of a new project.</summary>
sealed record TemplateFile(string Name, string Content);

/// <summary>The project that <c>init</c> makes: a whole small pipeline that runs as it is.</summary>
static class ProjectTemplate
{
    const string Package = "Gyre.Cli";

    /// <param name="name">The project's name.</param>
    /// <param name="sources">Where Gyre's own sources lie, to refer to them instead of to the package; null for the package.</param>
    public static IReadOnlyList<TemplateFile> Files(string name, string? sources)
    {
        var namespaceName = string.Concat(name.Split('-', '_', '.', ' ').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        string Fill(string resource) => Read(resource)
            .Replace("{{NAMESPACE}}", char.IsDigit(namespaceName[0]) ? $"_{namespaceName}" : namespaceName, StringComparison.Ordinal)
            .Replace("{{PIPELINE}}", name, StringComparison.Ordinal)
            .Replace("{{REFERENCES}}", References(sources), StringComparison.Ordinal);
        return
        [
            new($"{name}.csproj", Fill("Project.csproj.txt")),
            new("Program.cs", Fill("Program.cs.txt")),
            new("VisitFeatures.cs", Fill("VisitFeatures.cs.txt")),
            new("visits.csv", MadeUpVisits.Csv()),
            new(".gitignore", Read("ignored.txt")),
        ];
    }

    /// <summary>The directory of Gyre's sources, when this program was built from them; null when it came from a package.</summary>
    public static string? FindSources()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "src", Package, $"{Package}.csproj")))
                return directory.FullName;
        }

        return null;
    }

    static string References(string? sources) => sources is null
        ? $"""
              <ItemGroup>
                <PackageReference Include="{Package}" Version="{GyreVersion.Text}" />
              </ItemGroup>
            """
        : $"""
              <!-- Gyre from its sources. -->
              <ItemGroup>
                <ProjectReference Include="{Path.Combine(sources, "src", Package, $"{Package}.csproj")}" />
              </ItemGroup>
              <Import Project="{Path.Combine(sources, "src", Package, "buildTransitive", $"{Package}.props")}" />
            """;

    static string Read(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"{typeof(ProjectTemplate).Namespace}.{name}")
            ?? throw new FileNotFoundException($"The template '{name}' is not in {assembly.GetName().Name}. This is a fault of the build.", name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
