namespace Gyre.Runners;

/// <summary>Turns an exception of a component into one message for people.</summary>
static class FailureMessage
{
    /// <summary>errno of a full disk, as .NET passes it on in <see cref="Exception.HResult"/> on Unix; on Windows ERROR_DISK_FULL.</summary>
    const int NoSpaceLeft = 28;

    const int WindowsDiskFull = unchecked((int)0x80070070);

    public static string Of(Exception error) => error switch
    {
        IOException { HResult: NoSpaceLeft or WindowsDiskFull } full => $"The disk is full ({full.Message}). Free some space and run again: finished nodes are kept.",
        { Message: var message } when message.Contains("No space left on device", StringComparison.Ordinal)
            => $"The disk is full ({message}). Free some space and run again: finished nodes are kept.",
        AggregateException { InnerException: { } inner } => Of(inner),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Of(inner),
        InvalidDataException or IOException or ArgumentException or NotSupportedException or UnauthorizedAccessException or InvalidOperationException or TimeoutException
            => error.Message,
        _ => $"{error.GetType().Name}: {error.Message}",
    };
}
