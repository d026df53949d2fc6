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
        IOException or InvalidDataException or ArgumentException or NotSupportedException or InvalidOperationException or TimeoutException => error.Message,
        _ => $"{error.GetType().Name}: {error.Message} Run again with -v for where it happened.",
    };
}
