using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gyre.Pipelines;
using Gyre.Schemas;

namespace Gyre.Cli.Alerting;

/// <summary>One anomaly as an alert tells it.</summary>
/// <param name="Description">With values of the data; null unless the alert may hold them.</param>
sealed record AlertedAnomaly(string Split, string Feature, IReadOnlyList<string> Types, AnomalySeverity Severity, string Summary, string? Description);

/// <summary>What an alert says. The JSON form is for programs, the text for people.</summary>
sealed record AlertMessage
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public int Format { get; init; } = 1;

    /// <summary>closed_gates, failures or warnings.</summary>
    public required AlertOn Kind { get; init; }

    public required string Pipeline { get; init; }

    public required string Run { get; init; }

    public required string Node { get; init; }

    /// <summary>The execution as <c>show</c> and <c>logs</c> take it; null when there is none.</summary>
    public string? Execution { get; init; }

    /// <summary>In one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The whole message with values; null unless the alert may hold them.</summary>
    public string? Details { get; init; }

    /// <summary>What to do.</summary>
    public required string Next { get; init; }

    public IReadOnlyList<AlertedAnomaly> Anomalies { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public string ToSlack()
    {
        const int most = 10;
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{Pipeline}* {Run}: {Summary}");
        foreach (var anomaly in Anomalies.Take(most))
            text.Append(CultureInfo.InvariantCulture, $"\n• {anomaly.Split}: {(anomaly.Feature.Length == 0 ? "the data set" : anomaly.Feature)}: {anomaly.Description ?? anomaly.Summary}");
        if (Anomalies.Count > most)
            text.Append(CultureInfo.InvariantCulture, $"\n• and {Anomalies.Count - most} more");
        if (Details is not null && Anomalies.Count == 0)
            text.Append(CultureInfo.InvariantCulture, $"\n{Details}");
        text.Append(CultureInfo.InvariantCulture, $"\n{Next}");

        // The three characters that Slack's markup reserves.
        var escaped = text.ToString().Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return JsonSerializer.Serialize(new { text = escaped }, Json);
    }
}
