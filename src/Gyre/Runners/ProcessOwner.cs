using System.Diagnostics;
using System.Globalization;
using Gyre.Metadata;

namespace Gyre.Runners;

/// <summary>Names the process that holds a claim so that others on the machine can tell whether it still lives.</summary>
static class ProcessOwner
{
    /// <summary>Host, process id and start time: ids are given again, together with the start they are not.</summary>
    public static string Current { get; } = Describe(Process.GetCurrentProcess());

    /// <summary>The most memory that this process has used so far.</summary>
    public static long PeakBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>A process on this machine is asked for directly; of others only the lease is known.</summary>
    public static bool IsAlive(Claim claim, long now) => claim.Expires > now && IsAlive(claim.Owner);

    public static bool IsAlive(string owner)
    {
        var parts = owner.Split('|');
        if (parts.Length != 3 || parts[0] != Environment.MachineName)
            return true;
        try
        {
            using var process = Process.GetProcessById(int.Parse(parts[1], CultureInfo.InvariantCulture));
            return Describe(process) == owner;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            return false;
        }
    }

    static string Describe(Process process) => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}|{process.Id}|{new DateTimeOffset(process.StartTime).ToUnixTimeSeconds()}");
}
