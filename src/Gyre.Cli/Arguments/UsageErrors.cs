using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gyre.Cli.Verbs;

namespace Gyre.Cli.Arguments;

/// <summary>Says what is wrong with the arguments and what was probably meant.</summary>
static class UsageErrors
{
    /// <summary>How many letters a word may differ from what was meant.</summary>
    const int MostEdits = 3;

    /// <summary>What only programs with a pipeline have.</summary>
    static readonly string[] PipelineVerbs = ["run", "plan", "graph", "node"];

    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand && !command.Subcommands.OfType<RunVerb>().Any() && parsed.UnmatchedTokens is [var verb, ..] && PipelineVerbs.Contains(verb, StringComparer.Ordinal))
            return $"There is no verb '{verb}' in this tool: it belongs to the program that defines the pipeline. In its directory type: dotnet run -- {verb}";
        var known = Known(parsed).ToList();
        var others = parsed.Errors.Select(Message)
            .Where(message => !parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        var unknown = parsed.UnmatchedTokens.Where((token, index) => !IsValueOfUnknownOption(parsed.UnmatchedTokens, token, index))
            .Select(token => Unknown(token, known, parsed));
        return string.Join(Environment.NewLine, others.Concat(unknown).Distinct(StringComparer.Ordinal).Append($"See {HelpPage.PathOf(command)} --help."));
    }

    /// <summary>A word behind an unknown option is most likely its value, and no second mistake.</summary>
    static bool IsValueOfUnknownOption(IReadOnlyList<string> tokens, string token, int index) =>
        index > 0 && !token.StartsWith('-') && tokens[index - 1].StartsWith('-');

    static string Unknown(string token, List<string> known, ParseResult parsed)
    {
        var kind = token.StartsWith('-') ? "option" : parsed.CommandResult.Command.Subcommands.Count > 0 ? "verb" : "argument";
        var nearest = known.Select(name => (Name: name, Edits: Distance(token.TrimStart('-'), name.TrimStart('-')))).OrderBy(pair => pair.Edits).ThenBy(pair => pair.Name, StringComparer.Ordinal).FirstOrDefault();
        var suggestion = nearest.Name is not null && nearest.Edits <= Math.Min(MostEdits, token.TrimStart('-').Length / 2) ? $" Did you mean '{nearest.Name}'?" : "";
        return $"There is no {kind} '{token}'.{suggestion}";
    }

    /// <summary>A value that could not be read, in words: what was found and what was expected.</summary>
    static string Message(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: { } option, Tokens: [.., { Value: var found }] } || !IsAboutType(error.Message))
            return error.Message;
        var (expected, example) = Expected(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType);
        return $"{option.Name} is '{found}'. Expected {expected}, for example {option.Name} {example}.";
    }

    /// <summary>Words of the library that reads arguments; its other messages are for people already.</summary>
    static bool IsAboutType(string message) => message.Contains("as expected type", StringComparison.Ordinal);

    static (string Expected, string Example) Expected(Type type) =>
        type.IsEnum ? ($"one of {string.Join(", ", HelpPage.NamesOf(type))}", HelpPage.NamesOf(type)[0])
        : type == typeof(bool) ? ("true or false", "true")
        : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? ("a number", "0.5")
        : type == typeof(int) || type == typeof(long) ? ($"a whole number of at most {Convert.ToString(type == typeof(int) ? int.MaxValue : long.MaxValue, CultureInfo.InvariantCulture)}", "10")
        : ($"a value that can be read as {type.Name}", "…");

    static IEnumerable<string> Known(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)
            .Concat(command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
                .Where(option => !option.Hidden).Select(option => option.Name))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The number of letters to insert, remove, replace or swap with a neighbour.</summary>
    internal static int Distance(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
                table[i, j] = Math.Min(i, j) == 0 ? Math.Max(i, j) : Cell(i, j);
        }

        return table[from.Length, to.Length];

        int Cell(int i, int j)
        {
            var cost = from[i - 1] == to[j - 1] ? 0 : 1;
            var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
            var swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
        }
    }
}
