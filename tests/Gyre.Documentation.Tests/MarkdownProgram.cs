using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gyre.Documentation.Tests;

/// <summary>The C# blocks of a page that stand under the mark <c>&lt;!-- program --&gt;</c>, compiled together and run as a process.</summary>
sealed partial class MarkdownProgram
{
    readonly string _assembly;

    MarkdownProgram(string assembly) => _assembly = assembly;

    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    public static MarkdownProgram Compile(string page, string name)
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Repository, page))).Select(block => block.Groups["code"].Value).ToList();
        blocks.ShouldNotBeEmpty($"{page} has no marked program.");

        // Statements come before types in a program, whatever order a page tells them in.
        var parsed = blocks.ConvertAll(block => CSharpSyntaxTree.ParseText(block).GetCompilationUnitRoot());
        var source = string.Concat(parsed.SelectMany(unit => unit.Usings).Select(line => line.ToFullString()))
            + string.Join('\n', parsed.SelectMany(unit => unit.Members).OrderBy(member => member is Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax ? 0 : 1).Select(member => member.ToFullString()));
        var assembly = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(Usings() + source, path: page)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, deterministic: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(assembly);
        result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        return new MarkdownProgram(assembly);
    }

    /// <summary>Runs the program with the tests' own libraries beside it.</summary>
    public (int ExitCode, string Output) Run(string directory, params string[] arguments) => Run(directory, userHome: null, arguments);

    /// <inheritdoc cref="Run(string, string[])"/>
    /// <param name="userHome">What the program takes for the user's own folder.</param>
    public (int ExitCode, string Output) Run(string directory, string? userHome, string[] arguments)
    {
        var own = Path.Combine(AppContext.BaseDirectory, "Gyre.Documentation.Tests");
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", "--depsfile", own + ".deps.json", "--runtimeconfig", own + ".runtimeconfig.json", _assembly }.Concat(arguments))
            start.ArgumentList.Add(argument);
        if (userHome is not null)
        {
            start.Environment["HOME"] = userHome;
            start.Environment.Remove("XDG_CACHE_HOME");
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, string.Create(CultureInfo.InvariantCulture, $"{output}{error.GetAwaiter().GetResult()}"));
    }

    /// <summary>The global usings that users get with the package.</summary>
    static string Usings()
    {
        var framework = new[] { "System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks", "System.Net.Http" };
        var ours = Directory.GetFiles(Path.Combine(Repository, "src"), "*.props", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "buildTransitive")
            .SelectMany(file => XDocument.Load(file).Descendants("Using").Select(node => node.Attribute("Include")!.Value));
        return string.Concat(framework.Concat(ours).Select(name => $"global using {name};\n"));
    }

    static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gyre.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in the repository.");
    }

    [GeneratedRegex(@"<!-- program -->\s*```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
