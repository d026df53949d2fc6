using PublicApiGenerator;

namespace Gyre.Conventions.Tests;

/// <summary>
/// The public surface is written down, so that a change of it is a decision. After a wanted change copy the file that the
/// message names over the approved one.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Names => [.. Code.Assemblies.Select(assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_surface_is_the_approved_one(string name)
    {
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = ["Gyre.Pipelines.CodeVersionAttribute"] };
        var received = Code.Assemblies.Single(assembly => assembly.GetName().Name == name).GeneratePublicApi(options).ReplaceLineEndings("\n");
        var file = Path.Combine(Code.Repository, "tests", "Gyre.Conventions.Tests", "Approved", $"{name}.txt");
        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd() : "";
        if (approved == received.TrimEnd())
            return;
        var copy = Path.Combine(AppContext.BaseDirectory, $"{name}.received.txt");
        File.WriteAllText(copy, received);
        Assert.Fail($"The public surface of {name} changed. If that is wanted, copy '{copy}' to '{file}' and look at the difference.");
    }
}
