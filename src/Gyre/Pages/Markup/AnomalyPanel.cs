using Gyre.Schemas;

namespace Gyre.Pages.Markup;

/// <summary>What validation found, as a table: errors first, each with the rows that offend where they are known.</summary>
static class AnomalyPanel
{
    /// <summary>The anomalies of a split with the rows to blame.</summary>
    public static IEnumerable<AnomalyNote> NotesOf(ValidationView split) => split.Report.Found.Select(found => new AnomalyNote(
        split.Name, found.Feature, found.Severity == AnomalySeverity.Error, string.Join(", ", found.Types), found.Description,
        [.. split.Rows.Where(row => row.Feature == found.Feature).Select(row => row.ToString()).Distinct(StringComparer.Ordinal)]));

    /// <param name="notes">The anomalies.</param>
    /// <param name="wasValidated">Whether somebody looked; then finding nothing is worth a line.</param>
    public static Fragment Draw(IReadOnlyList<AnomalyNote> notes, bool wasValidated)
    {
        if (!wasValidated)
            return Fragment.None;
        if (notes.Count == 0)
            return Fragment.Of($"<section id=\"anomalies\"><h2>Anomalies</h2><p class=\"good\">The data is as expected.</p></section>\n");
        var errors = notes.Count(note => note.IsError);
        var severalSets = notes.Select(note => note.Set).Distinct(StringComparer.Ordinal).Count() > 1;
        var rows = notes.OrderByDescending(note => note.IsError).Select(note => Fragment.Of(
            $"<tr><td><span class=\"tag {(note.IsError ? "bad" : "warn")}\">{(note.IsError ? "error" : "warning")}</span></td>{(severalSets ? Fragment.Of($"<td><bdi>{VisibleText.Name(note.Set, 60)}</bdi></td>") : Fragment.None)}<th scope=\"row\"><bdi>{(note.Feature.Length == 0 ? "(all)" : VisibleText.Of(note.Feature, 80))}</bdi></th><td class=\"text\"><bdi>{VisibleText.Of(note.Text, 1000)}</bdi>{Rows(note)}<small>{note.Types}</small></td></tr>"));
        return Fragment.Of($"<section id=\"anomalies\"><h2>Anomalies <span class=\"n\">{errors} {(errors == 1 ? "error" : "errors")}, {notes.Count - errors} {(notes.Count - errors == 1 ? "warning" : "warnings")}</span></h2><table class=\"facts\">{Fragment.Join(rows)}</table></section>\n");
    }

    static Fragment Rows(AnomalyNote note) => note.Rows.Count == 0
        ? Fragment.None
        : Fragment.Of($"<ul class=\"rows\">{Fragment.Join(note.Rows.Select(row => Fragment.Of($"<li><bdi>{VisibleText.Of(row, 300)}</bdi></li>")))}</ul>");
}
