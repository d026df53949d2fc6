using System.CommandLine;

namespace Gyre.Cli.Arguments;

/// <summary>The options that stand beside any verb.</summary>
sealed class GlobalOptions
{
    const string HomeVariable = "GYRE_HOME";
    const string DefaultHome = ".gyre";

    public Option<string?> Home { get; } = new("--home")
    {
        Recursive = true,
        HelpName = "DIR",
        Description = $"The directory of store, artifacts and logs (default: {DefaultHome}, or the variable {HomeVariable}).",
    };

    public Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Write one JSON document to standard output, and nothing else there." };

    public Option<bool> Quiet { get; } = new("--quiet") { Recursive = true, Description = "Write only the result." };

    public Option<bool> NoColor { get; } = new("--no-color") { Recursive = true, Description = "Write without colours; so does the variable NO_COLOR." };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Recursive = true, Description = "Write more, and stack traces with errors." };

    public IEnumerable<Option> All => [Home, Json, Quiet, NoColor, Verbose];

    public string HomeOf(ParseResult parsed)
    {
        var variable = Environment.GetEnvironmentVariable(HomeVariable);
        return Path.GetFullPath(parsed.GetValue(Home) is { Length: > 0 } given ? given : string.IsNullOrEmpty(variable) ? DefaultHome : variable);
    }
}
