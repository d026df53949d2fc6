using System.CommandLine;
using Gyre.Cli.Inspection;

namespace Gyre.Cli.Verbs;

/// <summary>The options of all verbs that read a CSV file.</summary>
sealed class CsvArguments
{
    readonly Option<string> _delimiter = new("--delimiter") { HelpName = "CHAR", Description = "The character between fields of a CSV file; \\t for a tab.", DefaultValueFactory = _ => "," };

    readonly Option<long> _maxRejected = new("--max-rejected") { HelpName = "N", Description = "How many rows that break the format of a CSV file are left out before it is an error." };

    public IEnumerable<Option> All => [_delimiter, _maxRejected];

    public CsvReading Read(Session session) => new(session.Value(_delimiter) == "\\t" ? "\t" : session.Value(_delimiter)!, session.Value(_maxRejected));
}
