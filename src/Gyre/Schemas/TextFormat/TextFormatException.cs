namespace Gyre.Schemas.TextFormat;

/// <summary>A text is not a message in protobuf's text format; the message says where and what was expected.</summary>
/// <param name="source">The name of the file.</param>
/// <param name="line">The line of the fault, from 1.</param>
/// <param name="column">The character within the line, from 1.</param>
/// <param name="problem">What was found and what was expected.</param>
public sealed class TextFormatException(string source, int line, int column, string problem)
    : FormatException($"{source}({line},{column}): {problem}")
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}
