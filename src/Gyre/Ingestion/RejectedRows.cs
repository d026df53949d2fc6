using System.Globalization;
using System.Text;

namespace Gyre.Ingestion;

/// <summary>A row that was not what the format, or the type of a column, demands.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the fault, counted from 1.</param>
/// <param name="Position">The position in the line, in characters, counted from 1.</param>
/// <param name="Reason">What was found, what was expected, and the cure.</param>
/// <param name="Text">The row itself; a very long one is cut.</param>
readonly record struct Rejection(string File, long Line, long Position, string Reason, string Text)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Position}: {Reason}.");
}

/// <summary>Writes rejected rows to a CSV file and remembers the first of them.</summary>
sealed class RejectedRows : IDisposable
{
    const int LongestText = 10_000;
    const int Remembered = 5;

    readonly StreamWriter _writer;
    readonly List<Rejection> _first = [];

    public RejectedRows(string path)
    {
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        _writer.WriteLine("file,line,column,reason,text");
    }

    public long Count { get; private set; }

    public void Add(Rejection rejection)
    {
        Count++;
        if (_first.Count < Remembered)
            _first.Add(rejection);
        _writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Quote(rejection.File)},{rejection.Line},{rejection.Position},{Quote(rejection.Reason)},{Quote(Shorten(rejection.Text))}"));
    }

    /// <summary>Fails when more rows were rejected than is allowed.</summary>
    /// <exception cref="InvalidDataException">The message holds the first few.</exception>
    public void RequireAtMost(long allowed, long read)
    {
        _writer.Flush();
        if (Count <= allowed)
            return;
        var more = Count > _first.Count ? $"{Environment.NewLine}  … and {Count - _first.Count} more" : "";
        throw new InvalidDataException(
            $"{Count} of {read} rows were rejected, more than the {allowed} that MaxRejected allows. Correct the rows, or allow more.{Environment.NewLine}"
            + string.Join(Environment.NewLine, _first.Select(rejection => $"  {rejection}")) + more);
    }

    public void Dispose() => _writer.Dispose();

    static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Shorten(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…");
}
