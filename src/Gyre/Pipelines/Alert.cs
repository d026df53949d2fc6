namespace Gyre.Pipelines;

/// <summary>What people are alerted of.</summary>
[Flags]
public enum AlertOn
{
    None = 0,

    /// <summary>A gate is shut: data is not as expected, a model is not blessed, a review is waited for.</summary>
    ClosedGates = 1,

    /// <summary>A node failed.</summary>
    Failures = 2,

    /// <summary>Data has anomalies that do not stop the run.</summary>
    Warnings = 4,
}

/// <summary>
/// Somebody to be told when a run stops: a web address or a program. Alerts are sent beside the run and never hold it up,
/// fail it or change its exit code. They are no part of what a pipeline is: neither the store nor a log holds an address.
/// </summary>
/// <example><code>new Pipeline("churn") { Alerts = [Alert.SlackFrom("SLACK_URL"), Alert.Command("notify-send")] }</code></example>
public sealed record Alert
{
    Alert(AlertTarget target, string value, IReadOnlyList<string> arguments) => (Target, Value, Arguments) = (target, value, arguments);

    /// <summary>Of what; by default of closed gates and failures.</summary>
    public AlertOn On { get; init; } = AlertOn.ClosedGates | AlertOn.Failures;

    /// <summary>
    /// Whether the message may hold values of the data, such as an unexpected category, and the texts of failures. By default it
    /// names features and kinds of anomalies only.
    /// </summary>
    public bool IncludeValues { get; init; }

    /// <summary>How often it is tried.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What kind of thing the message goes to.</summary>
    public AlertTarget Target { get; }

    /// <summary>The address, variable or program; may be secret.</summary>
    public string Value { get; }

    /// <summary>The arguments of a program.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Whether the message has the form that Slack understands.</summary>
    public bool IsSlack { get; private init; }

    /// <summary>For messages: whom it goes to, without anything secret.</summary>
    public string Name => Target switch
    {
        AlertTarget.Address => $"{Kind} at {(Uri.TryCreate(Value, UriKind.Absolute, out var address) ? address.Host : "an address that is none")}",
        AlertTarget.Variable => $"{Kind} of {Value}",
        _ => $"command {Path.GetFileName(Value)}",
    };

    string Kind => IsSlack ? "slack" : "webhook";

    /// <summary>Posts a JSON document to an address.</summary>
    /// <param name="url">An absolute http or https address.</param>
    public static Alert Webhook(string url) => new(AlertTarget.Address, url, []);

    /// <summary>The same, with the address taken from an environment variable when the alert is sent.</summary>
    public static Alert WebhookFrom(string variable) => new(AlertTarget.Variable, variable, []);

    /// <summary>Posts a message that Slack and services like it understand: <c>{"text": "…"}</c>.</summary>
    /// <param name="url">The address of an incoming webhook.</param>
    public static Alert Slack(string url) => new(AlertTarget.Address, url, []) { IsSlack = true };

    /// <summary>The same, with the address taken from an environment variable when the alert is sent.</summary>
    public static Alert SlackFrom(string variable) => new(AlertTarget.Variable, variable, []) { IsSlack = true };

    /// <summary>Runs a program that gets the JSON document on standard input; it has understood when it exits with 0.</summary>
    /// <param name="program">Its path or name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Alert Command(string program, params string[] arguments) => new(AlertTarget.Program, program, arguments);

    public override string ToString() => Name;

    /// <summary>What is wrong with the definition, in words; null when nothing is.</summary>
    internal string? Problem() =>
        Attempts < 1 ? FormattableString.Invariant($"The alert to {Name} has {Attempts} attempts. Expected at least 1.")
        : Timeout <= TimeSpan.Zero || FirstPause < TimeSpan.Zero ? $"The alert to {Name} has a time limit or pause below zero. Expected a positive limit."
        : string.IsNullOrWhiteSpace(Value) ? "An alert has no address, variable or program. Name one."
        : Target == AlertTarget.Address && !(Uri.TryCreate(Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? "The address of an alert is none. Expected an absolute one that begins with http:// or https://."
        : null;
}

/// <summary>What kind of thing an alert goes to.</summary>
public enum AlertTarget
{
    /// <summary>A web address.</summary>
    Address,

    /// <summary>An environment variable that holds one.</summary>
    Variable,

    /// <summary>A program on this machine.</summary>
    Program,
}
