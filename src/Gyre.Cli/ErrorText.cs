using System.Reflection;

namespace Gyre.Cli;

/// <summary>Turns an exception into one message for people.</summary>
static class ErrorText
{
    /// <summary>errno of a full disk, as .NET passes it on in <see cref="Exception.HResult"/> on Unix.</summary>
    const int NoSpaceLeft = 28;

    const int WindowsDiskFull = unchecked((int)0x80070070);

    public static string Of(Exception error) => error switch
    {
        IOException { HResult: NoSpaceLeft or WindowsDiskFull } => $"The disk is full ({error.Message}). Free some space and run again: finished nodes are kept.",
        UnauthorizedAccessException => $"{error.Message} Give the user of this program access, or choose another directory.",
        AggregateException { InnerException: { } inner } => Of(inner),
        TargetInvocationException { InnerException: { } inner } => Of(inner),
        TypeInitializationException { InnerException: { } inner } => Of(inner),
        ArgumentException argument => WithoutParameter(argument),
        IOException or InvalidDataException or NotSupportedException or InvalidOperationException or TimeoutException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message} Run again with -v for where it happened.",
    };

    /// <summary>.NET appends which parameter of a method it was, which is nothing that a person at the command line has.</summary>
    static string WithoutParameter(ArgumentException error)
    {
        var appended = $" (Parameter '{error.ParamName}')";
        var at = error.ParamName is { Length: > 0 } ? error.Message.LastIndexOf(appended, StringComparison.Ordinal) : -1;
        return at < 0 ? error.Message : error.Message.Remove(at, appended.Length);
    }
}
