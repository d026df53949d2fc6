using Gyre.Cli.Inspection;
using Gyre.Cli.Terminal;

namespace Gyre.Cli.Verbs;

/// <summary>Says what is wrong with this machine.</summary>
sealed class DoctorVerb : Verb
{
    public DoctorVerb()
        : base("doctor", "Say what is wrong with this machine.")
    {
    }

    public override string Explanation => "Looks at the runtime, the home, disk, memory, and whether the native libraries load. Exit code 1 when something is wrong.";

    public override IReadOnlyList<Example> Examples => [new("doctor", "when something does not work"), new("doctor --home /mnt/home", "for another home")];

    public override Task<int> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var findings = MachineCheck.Run(session.HomeDirectory).ToList();
        if (session.Screen.IsJson)
            session.Screen.Json(new { healthy = findings.All(finding => finding.Health != Health.Bad), findings });
        else
            Show(session.Screen, findings);
        return Task.FromResult(findings.Any(finding => finding.Health == Health.Bad) ? ExitCodes.Failed : ExitCodes.Done);
    }

    static void Show(Screen screen, List<Finding> findings)
    {
        var table = new TextTable();
        foreach (var finding in findings)
        {
            var (glyph, tone) = finding.Health switch
            {
                Health.Good => ("✓", Tone.Good),
                Health.Doubtful => ("!", Tone.Warning),
                _ => ("✗", Tone.Bad),
            };
            table.Add(new Cell(glyph, tone), finding.Name, finding.Cure is null ? finding.Found : $"{finding.Found}\n{finding.Cure}");
        }

        table.Write(screen);
    }
}
