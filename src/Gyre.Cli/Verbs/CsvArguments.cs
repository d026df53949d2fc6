using System.CommandLine;
using Gyre.Cli.Inspection;

namespace Gyre.Cli.Verbs;

/// <summary>The options of all verbs that read a file of rows; most are for CSV, the others tell of themselves what they are.</summary>
/// <param name="mayReject">Whether rows that break the format may be left out; not where results are matched to rows by their place.</param>
sealed class CsvArguments(bool mayReject = true)
{
    readonly Option<string?> _delimiter = new("--delimiter") { HelpName = "CHAR", Description = "The character between fields of a CSV file; \\t for a tab. A comma by default, a tab in .tsv files." };

    readonly Option<string> _quote = new("--quote") { HelpName = "CHAR", Description = "The character around fields of a CSV file; empty for none.", DefaultValueFactory = _ => "\"" };

    readonly Option<string> _encoding = new("--encoding") { HelpName = "NAME", Description = "The encoding of a CSV file, such as windows-1252 or utf-16.", DefaultValueFactory = _ => "utf-8" };

    readonly Option<bool> _noHeader = new("--no-header") { Description = "The CSV file has no header; its columns are c1, c2, …" };

    readonly Option<string[]> _null = new("--null") { HelpName = "TEXT", Description = "A text that means that the value is missing, such as N/A; may be given several times." };

    readonly Option<long> _maxRejected = new("--max-rejected") { HelpName = "N", Description = "How many rows that break the format are left out before it is an error." };

    public IEnumerable<Option> All => mayReject ? [_delimiter, _quote, _encoding, _noHeader, _null, _maxRejected] : [_delimiter, _quote, _encoding, _null];

    public CsvReading Read(Session session) => new(session.Value(_delimiter) is "\\t" ? "\t" : session.Value(_delimiter), mayReject ? session.Value(_maxRejected) : 0)
    {
        Quote = session.Value(_quote)!,
        Encoding = session.Value(_encoding)!,
        Header = !mayReject || !session.Value(_noHeader),
        NullTokens = ["", .. session.Value(_null) ?? []],
    };
}
