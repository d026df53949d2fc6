namespace Gyre.Cli.Terminal;

/// <summary>What a piece of text means; the terminal shows it as a colour.</summary>
enum Tone
{
    Plain,
    Good,
    Reused,
    Bad,
    Warning,
    Faint,
    Strong,
    Accent,
}

/// <summary>Colours by their codes for terminals: a few bytes need no library.</summary>
static class Ink
{
    public static string Paint(string text, Tone tone) => Code(tone) is { } code && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;

    static string? Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Reused => "36",
        Tone.Bad => "31",
        Tone.Warning => "33",
        Tone.Faint => "2",
        Tone.Strong => "1",
        Tone.Accent => "34",
        _ => null,
    };
}
