namespace Gyre.Data;

/// <summary>Tells that a file cannot be read.</summary>
static class UnreadableFile
{
    /// <summary>An error that names the file, and a cure where the cause names none.</summary>
    public static InvalidDataException Of(string name, Exception cause) => new(
        $"{name} cannot be read: {cause.Message}{(cause.Message.Contains("Expected", StringComparison.Ordinal) ? "" : " Expected a whole file that may be read: fetch it again, or look at its permissions.")}", cause);

    /// <summary>Whether an error tells of the file, not of the program: what unpackers throw at bytes that make no sense differs.</summary>
    public static bool IsCause(Exception error) =>
        error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException or ArgumentException or OverflowException;
}
