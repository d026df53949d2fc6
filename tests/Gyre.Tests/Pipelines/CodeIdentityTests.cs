using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Text;
using Gyre.Pipelines;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Gyre.Tests.Pipelines;

public sealed class CodeIdentityTests
{
    const string Source = """
        [assembly: System.Reflection.AssemblyInformationalVersion("1.0.0+aaaa")]
        public static class Work
        {
            public static int Twice(int x) => x * 2;
            public static string Name() => "name";
        }
        """;

    [Theory]
    [InlineData("public static class Work", "// a comment\n\n\npublic static class Work // and another")]
    [InlineData("1.0.0+aaaa", "1.0.0+bbbb")]
    [InlineData("x * 2;", "x   *   2;")]
    public void What_changes_no_instruction_changes_no_identity(string before, string after) =>
        Digest(Source.Replace(before, after, StringComparison.Ordinal)).ShouldBe(Digest(Source));

    [Theory]
    [InlineData("x * 2", "x * 3")]
    [InlineData("x * 2", "x + x")]
    [InlineData("\"name\"", "\"game\"")]
    [InlineData("Name()", "Game()")]
    public void What_changes_an_instruction_a_text_or_a_name_changes_the_identity(string before, string after) =>
        Digest(Source.Replace(before, after, StringComparison.Ordinal)).ShouldNotBe(Digest(Source));

    [Fact]
    public void The_folder_of_the_source_does_not_matter() => Digest(Source, "/one/Work.cs").ShouldBe(Digest(Source, "/another/place/Work.cs"));

    /// <summary>Compiled as the SDK does it: deterministic, optimised, the debugging information inside.</summary>
    static string Digest(string source, string path = "/src/Work.cs")
    {
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(source, Encoding.UTF8), path: path);
        var runtime = MetadataReference.CreateFromFile(typeof(object).Assembly.Location);
        var compilation = CSharpCompilation.Create("work", [tree], [runtime], new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, deterministic: true, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        compilation.Emit(stream, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded), cancellationToken: TestContext.Current.CancellationToken)
            .Success.ShouldBeTrue();
        using var image = new PEReader(ImmutableArray.Create(stream.ToArray()));
        return CodeIdentity.Digest(image);
    }
}
