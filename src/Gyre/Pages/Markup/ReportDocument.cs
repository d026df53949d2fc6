namespace Gyre.Pages.Markup;

/// <summary>A page of plots and tables, section by section.</summary>
sealed class ReportDocument(ReportView report)
{
    public string Write()
    {
        var body = Fragment.Of($"""
            <header><div class="colours">{StatisticsDocument.Colours}</div><h1>{VisibleText.Of(report.Title)}</h1>{(report.Source is { } source ? Fragment.Of($"<p class=\"source\"><bdi>{VisibleText.Of(source)}</bdi></p>") : Fragment.None)}
            <ul class="sets">{Fragment.Join(report.Colours.Select((name, index) => Fragment.Of($"<li><i class=\"s{index % WebPage.MostColours}\"></i><bdi class=\"title\">{VisibleText.Of(name)}</bdi></li>")))}</ul></header>
            <main class="report">{Fragment.Join(report.Sections.Select(Section))}</main>
            """);
        return PageFrame.Write(VisibleText.Of(report.Title), body);
    }

    Fragment Section(ReportSection section) => Fragment.Of($"""
        <section><h2>{VisibleText.Of(section.Title)}</h2>{(section.Note is { } note ? Fragment.Of($"<p class=\"about\">{VisibleText.Of(note)}</p>") : Fragment.None)}
        <div class="plots">{Fragment.Join(section.Plots.Select(plot => new LinePlot(plot, saysNames: report.Colours.Count == 0).Draw()))}</div>{Fragment.Join(section.Tables.Select(Table))}</section>

        """);

    static Fragment Table(TableView table) => Fragment.Of($"""
        <div class="scroll"><table class="facts"><thead><tr>{Fragment.Join(table.Headers.Select((header, column) => Fragment.Of($"<th scope=\"col\" class=\"{(table.Rows.Count > 0 && table.Rows.All(row => row[column].IsText) ? "text" : "")}\">{VisibleText.Of(header)}</th>")))}</tr></thead>
        <tbody>{Fragment.Join(table.Rows.Select(row => Fragment.Of($"<tr>{Fragment.Join(row.Select(Cell))}</tr>\n")))}</tbody></table></div>
        """);

    static Fragment Cell(TableCell cell, int column)
    {
        var content = Fragment.Of($"<bdi>{VisibleText.Of(cell.Text)}</bdi>{(cell.Share is { } share ? Fragment.Of($"<span class=\"meter\"><i style=\"--w:{Math.Clamp(share, 0, 1) * 100}%\"></i></span>") : Fragment.None)}");
        if (column == 0)
            return Fragment.Of($"<th scope=\"row\">{content}</th>");
        return Fragment.Of($"<td class=\"{(cell.IsText ? "text" : "")}{(cell.IsStrong ? " best" : "")}\">{content}</td>");
    }
}
