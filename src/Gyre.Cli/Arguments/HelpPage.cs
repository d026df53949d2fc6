using System.CommandLine;
using System.CommandLine.Help;
using Gyre.Cli.Terminal;
using Gyre.Cli.Verbs;

namespace Gyre.Cli.Arguments;

/// <summary>What <c>--help</c> shows: what a verb does, examples first, then its arguments and options.</summary>
static class HelpPage
{
    public static int Write(Screen screen, CommandTree tree, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (screen.IsJson)
        {
            screen.Json(Describe(command));
            return ExitCodes.Done;
        }

        screen.Line(command.Description ?? "");
        if (command is Verb { Explanation: { Length: > 0 } explanation })
        {
            screen.Line();
            foreach (var line in TextTable.Wrap(explanation, screen.Width ?? int.MaxValue))
                screen.Line(line);
        }

        var examples = command is Verb verb ? verb.Examples : tree.Examples;
        Section(screen, "Usage", [(Usage(command), "")]);
        Section(screen, "Examples", examples.Select(example => ($"{Program} {example.Arguments}", example.Meaning)));
        Section(screen, "Verbs", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? "")));
        Section(screen, "Arguments", command.Arguments.Select(argument => (NameOf(argument), argument.Description ?? "")));
        var global = tree.Global.All.ToList();
        var own = command.Options.Where(option => !option.Hidden && !global.Contains(option) && !tree.ProgramOptions.Contains(option) && option is not (HelpOption or VersionOption));
        Section(screen, command is RootCommand ? "Options of run" : "Options", own.Select(Row));
        Section(screen, "Options of this program", tree.ProgramOptions.Select(Row));
        Section(screen, "Options of every verb", global.Select(Row).Append(("-h, --help", "Show this.")));
        if (command is RootCommand)
            Section(screen, "Exit codes", [("0 done · 1 failed · 2 usage or definition error · 3 stopped by a gate · 130 interrupted", "")]);
        return ExitCodes.Done;
    }

    /// <summary>How to call a command, for example <c>churn model show</c>.</summary>
    public static string PathOf(Command command) => command is RootCommand
        ? Program
        : $"{(command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? PathOf(parent) : Program)} {command.Name}";

    /// <summary>What a person types to start this program; the tool's file has another name than its command.</summary>
    static string Program => RootCommand.ExecutableName == "Gyre.Tool" ? "gyre" : RootCommand.ExecutableName;

    static string Usage(Command command)
    {
        var arguments = command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{NameOf(argument)}]" : NameOf(argument));
        var verb = command is RootCommand ? ["[VERB]"] : command.Subcommands.Count > 0 ? ["VERB"] : Array.Empty<string>();
        return string.Join(' ', [PathOf(command), .. verb, .. arguments, "[options]"]);
    }

    static string NameOf(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    static (string, string) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2).Append(option.Name));
        var value = option.ValueType == typeof(bool) ? "" : " " + (option.HelpName ?? Placeholder(option.ValueType));
        var standard = option.HasDefaultValue && option.GetDefaultValue() is { } given and not Array && !Equals(given, false) && $"{given}".Length > 0
            ? $" (default: {(given is Enum ? $"{given}".ToLowerInvariant() : Convert.ToString(given, System.Globalization.CultureInfo.InvariantCulture))})"
            : "";
        return (names + value, $"{option.Description}{standard}");
    }

    /// <summary>The words that an option of an enum takes.</summary>
    public static IReadOnlyList<string> NamesOf(Type type) => [.. Enum.GetNames(type).Select(name => name.ToLowerInvariant())];

    static string Placeholder(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum ? string.Join('|', NamesOf(plain))
            : plain == typeof(int) || plain == typeof(long) || plain == typeof(double) || plain == typeof(float) ? "N"
            : "TEXT";
    }

    static void Section(Screen screen, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        screen.Line();
        screen.Line(screen.Paint($"{title}:", Tone.Strong));
        var table = new TextTable { Indent = "  " };
        foreach (var (left, right) in all)
            table.Add(right.Length == 0 ? [left] : [left, right]);
        table.Write(screen);
    }

    static object Describe(Command command) => new
    {
        verb = command is RootCommand ? "" : command.Name,
        description = command.Description,
        examples = (command as Verb)?.Examples.Select(example => new { command = $"{Program} {example.Arguments}", meaning = example.Meaning }),
        arguments = command.Arguments.Select(argument => new { name = argument.Name, description = argument.Description }),
        options = command.Options.Where(option => !option.Hidden).Select(option => new { name = option.Name, description = option.Description }),
        verbs = command.Subcommands.Where(sub => !sub.Hidden).Select(Describe),
    };
}
