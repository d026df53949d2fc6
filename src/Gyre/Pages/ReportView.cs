namespace Gyre.Pages;

/// <summary>What a report says, ready to be shown: see <see cref="WebPage.OfReport"/>.</summary>
public sealed record ReportView
{
    public required string Title { get; init; }

    /// <summary>What is reported on, in words.</summary>
    public string? Source { get; init; }

    /// <summary>What the colours of all plots mean, the first for colour 0; empty where plots say it themselves.</summary>
    public IReadOnlyList<string> Colours { get; init; } = [];

    public required IReadOnlyList<ReportSection> Sections { get; init; }
}

/// <summary>A part of a report, under a heading of its own.</summary>
/// <param name="Title">The heading.</param>
public sealed record ReportSection(string Title)
{
    /// <summary>What is to be known of it, in a sentence or two.</summary>
    public string? Note { get; init; }

    public IReadOnlyList<PlotView> Plots { get; init; } = [];

    public IReadOnlyList<TableView> Tables { get; init; } = [];
}

/// <summary>A plot of lines or points over a common axis.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Series">The lines.</param>
public sealed record PlotView(string Title, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>What the horizontal axis is.</summary>
    public string Across { get; init; } = "";

    /// <summary>Whether the horizontal axis goes by orders of magnitude; all places must then be above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The names of the places 0, 1, 2, … of the horizontal axis; empty where it has numbers.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];
}

/// <summary>A line, or points without one.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Colour">Which of the <see cref="WebPage.MostColours"/> colours it has, from 0.</param>
/// <param name="Points">Its points; those that are no numbers are left out.</param>
public sealed record PlotSeries(string Name, int Colour, IReadOnlyList<PlotPoint> Points)
{
    /// <summary>Draws the points joined by a line; otherwise alone.</summary>
    public bool IsLine { get; init; } = true;

    public bool IsDashed { get; init; }

    /// <summary>Where on the horizontal axis a ring is drawn round its point; null for none.</summary>
    public double? Ring { get; init; }

    /// <summary>Draws it faintly, behind those that count.</summary>
    public bool IsFaint { get; init; }
}

/// <summary>A point of a plot.</summary>
/// <param name="X">Its place across.</param>
/// <param name="Y">Its height.</param>
/// <param name="Text">What is said of it under the pointer.</param>
public sealed record PlotPoint(double X, double Y, string? Text = null);

/// <summary>A table; the first column names the rows.</summary>
/// <param name="Headers">The heads of the columns.</param>
/// <param name="Rows">The cells.</param>
public sealed record TableView(IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<TableCell>> Rows);

/// <summary>A cell of a table.</summary>
/// <param name="Text">What stands in it.</param>
public sealed record TableCell(string Text)
{
    /// <summary>From 0 to 1: a bar below the text; null for none.</summary>
    public double? Share { get; init; }

    /// <summary>Whether it stands out, as the best of its row does.</summary>
    public bool IsStrong { get; init; }

    /// <summary>Whether it is a text rather than a number, and begins at the left.</summary>
    public bool IsText { get; init; }

    public static implicit operator TableCell(string text) => new(text);
}
