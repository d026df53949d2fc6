using System.Reflection;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.Conventions.Tests;

public sealed class SourceTests
{
    const int LongestFile = 500;

    static readonly string[] EmptyWords = ["Helpers", "Common", "Utils", "Utilities", "Models", "Interfaces", "Misc", "Shared"];

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        new[] { "src", "samples", "tests", "bench" }.SelectMany(folder => Code.Files(folder, "*.cs"))
            .Where(file => File.ReadLines(file).Count() > LongestFile).ShouldBeEmpty();

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() =>
        new[] { "src", "samples", "tests" }.SelectMany(folder => Code.Files(folder, "*.cs"))
            .SelectMany(file => Path.GetRelativePath(Code.Repository, file).Split(Path.DirectorySeparatorChar).SkipLast(1))
            .Distinct(StringComparer.Ordinal).Intersect(EmptyWords, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void The_library_knows_nothing_of_the_samples() =>
        Code.Files("src", "*").Where(file => File.ReadAllText(file) is var text
            && new[] { "complaint", "narrative", "taxi", "tipper", "dispute" }.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))).ShouldBeEmpty();

    [Fact]
    public void No_type_bears_the_last_name_of_its_namespace() =>
        Code.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.Split('.') is ["Gyre", .., var last] && last == type.Name).ShouldBeEmpty();

    [Fact]
    public void The_namespace_is_the_folder() =>
        Code.Files("src", "*.cs").Where(file =>
        {
            var space = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            var folder = Path.GetRelativePath(Path.Combine(Code.Repository, "src"), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            return space is not null && space != $"namespace {folder};";
        }).ShouldBeEmpty();

    [Fact]
    public void Every_component_and_trainer_of_ours_bears_the_version_of_its_code() =>
        Code.Assemblies.Where(assembly => assembly.GetName().Name != "Gyre.Testing").SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsAbstract && (typeof(Component).IsAssignableFrom(type) || typeof(Trainer).IsAssignableFrom(type)))
            .Where(type => type.GetCustomAttribute<CodeVersionAttribute>() is null).ShouldBeEmpty();

    [Fact]
    public void Public_classes_are_sealed_static_or_made_to_be_derived_from() =>
        Code.Assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !typeof(Exception).IsAssignableFrom(type)).ShouldBeEmpty();
}
