using System.Globalization;
using Gyre.Cli.History;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Registering;

/// <summary>What <c>model show</c> and <c>model compare</c> write.</summary>
static class VersionPage
{
    public static void Write(Screen screen, RegisteredVersion version)
    {
        screen.Line($"{screen.Paint($"{version.Name}/{version.Version}", Tone.Strong)} {screen.Paint(version.State, version.Tone)}");
        screen.Line();
        var facts = new TextTable();
        facts.Add("registered", $"{HistoryText.Moment(version.Registered)} in run {version.Run} as {version.Artifact}");
        facts.Add("at", version.Path);
        foreach (var place in version.PushedTo)
            facts.Add("pushed to", place);
        foreach (var decision in version.Decisions)
            facts.Add(decision.Approved ? "approved" : "rejected", $"{HistoryText.Moment(decision.Time)} by {decision.By}: {decision.Reason}");
        if (version.Record is { } record)
        {
            facts.Add("takes", string.Join(", ", record.Signature.Inputs.Select(input => $"{input.Name} ({input.Type})")));
            facts.Add("predicts", LabelText.Describe(record.Signature.Label));
            facts.Add("measured on", $"{record.Evaluation.Split}, {(record.Evaluation.Blessed ? "blessed" : "not blessed")}");
            facts.Add("model", record.ModelFingerprint);
            facts.Add("made by", $"{record.Pipeline}, Gyre {record.GyreVersion}");
        }

        facts.Write(screen);
        screen.Line();
        if (version.Metrics is { } metrics)
            MetricTable.Write(screen, "value", metrics, null, null);
        screen.Note();
        screen.Note(screen.Paint($"Where it came from: lineage {version.Name}/{version.Version}", Tone.Faint));
    }

    public static void Compare(Screen screen, RegisteredVersion first, RegisteredVersion second)
    {
        var (left, right) = (NameOf(first), NameOf(second));
        if (first.Metrics is null || second.Metrics is null)
            throw new FileNotFoundException($"The files of {(first.Metrics is null ? left : right)} are gone. Run the pipeline again to make them anew.");
        MetricTable.Compare(screen, left, first.Metrics, right, second.Metrics);
        if (first.Record!.Evaluation.Split != second.Record!.Evaluation.Split || first.Metrics.ExampleCount != second.Metrics.ExampleCount)
            screen.Note("\nThey were measured on different examples, so small differences mean little.");
        if (first.Record.ModelFingerprint == second.Record.ModelFingerprint)
            screen.Note("\nBoth are the same model.");
    }

    static string NameOf(RegisteredVersion version) => string.Create(CultureInfo.InvariantCulture, $"{version.Name}/{version.Version}");
}
