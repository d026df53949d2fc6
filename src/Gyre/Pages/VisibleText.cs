using System.Globalization;
using System.Text;

namespace Gyre.Pages;

/// <summary>
/// Makes texts from data safe and honest to look at: line ends, control characters (terminals obey them) and marks that
/// turn the direction of writing are shown as signs, and long texts are cut.
/// </summary>
public static class VisibleText
{
    const int FirstControlPicture = 0x2400;
    const char DeletePicture = '␡';
    const int FirstPrintable = 0x20;
    const int Delete = 0x7F;

    /// <summary>These two join letters in the scripts of India and Persia and signs of emoji: without them words break.</summary>
    const int ZeroWidthNonJoiner = 0x200C;
    const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text on one line, without anything that a terminal or a browser would act upon.</summary>
    /// <param name="text">The text, as it stands in the data.</param>
    /// <param name="longest">How many characters are shown; a longer text ends in an ellipsis.</param>
    public static string Of(string text, int longest = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder();
        var characters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (characters++ >= longest)
                return shown.Append('…').ToString();
            Append(shown, rune);
        }

        return shown.ToString();
    }

    /// <summary>The name of a feature; what has none is called so.</summary>
    public static string Name(string name, int longest = int.MaxValue) => string.IsNullOrWhiteSpace(name) ? "(no name)" : Of(name, longest);

    static void Append(StringBuilder shown, Rune rune)
    {
        var code = rune.Value;
        if (code < FirstPrintable)
            shown.Append(code is '\n' ? '↵' : code is '\t' ? '→' : (char)(FirstControlPicture + code));
        else if (code == Delete)
            shown.Append(DeletePicture);
        else if (IsUnseen(rune) && code is not (ZeroWidthJoiner or ZeroWidthNonJoiner))
            shown.Append(CultureInfo.InvariantCulture, $"⟨U+{code:X4}⟩");
        else
            shown.Append(rune.ToString());
    }

    static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
