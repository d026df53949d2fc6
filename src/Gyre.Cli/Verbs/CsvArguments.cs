using System.CommandLine;
using Gyre.Cli.Inspection;

namespace Gyre.Cli.Verbs;

/// <summary>The options of all verbs that read a CSV file.</summary>
/// <param name="mayReject">Whether rows that break the format may be left out; not where results are matched to rows by their place.</param>
sealed class CsvArguments(bool mayReject = true)
{
    readonly Option<string> _delimiter = new("--delimiter") { HelpName = "CHAR", Description = "The character between fields of a CSV file; \\t for a tab.", DefaultValueFactory = _ => "," };

    readonly Option<long> _maxRejected = new("--max-rejected") { HelpName = "N", Description = "How many rows that break the format of a CSV file are left out before it is an error." };

    public IEnumerable<Option> All => mayReject ? [_delimiter, _maxRejected] : [_delimiter];

    public CsvReading Read(Session session) => new(session.Value(_delimiter) == "\\t" ? "\t" : session.Value(_delimiter)!, mayReject ? session.Value(_maxRejected) : 0);
}
