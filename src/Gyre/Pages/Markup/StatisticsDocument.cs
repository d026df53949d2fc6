namespace Gyre.Pages.Markup;

/// <summary>The page of statistics: what stands out, anomalies, then numbers and texts feature by feature.</summary>
sealed class StatisticsDocument
{
    const int ShownPairs = 30;

    /// <summary>Light, dark, or as the machine is set.</summary>
    internal static readonly Fragment Colours = Choice("Colours", "colours", ("auto", "auto"), ("light", "light"), ("dark", "dark"));

    readonly IReadOnlyList<DataSetView> _sets;
    readonly WebPageOptions _options;
    readonly IReadOnlyList<AnomalyNote> _notes;
    readonly SideBySide? _comparison;

    public StatisticsDocument(IReadOnlyList<DataSetView> sets, WebPageOptions options)
    {
        (_sets, _options) = (sets, options);
        _notes = [.. (options.Anomalies ?? []).SelectMany(AnomalyPanel.NotesOf)];
        _comparison = sets.Count > 1 ? SideBySide.Between(sets[0], sets[1]) : null;
    }

    public string Write()
    {
        var labels = SetLabels.Of([.. _sets.Select(set => set.Name)]);
        var title = _options.Title ?? $"Statistics of {string.Join(" and ", labels.Select(label => VisibleText.Name(label)))}";
        var rows = Rows();
        var section = new FeatureSection(labels, new FeatureDetails(_sets, labels, _notes.ToLookup(note => note.Feature, StringComparer.Ordinal)));
        var (numbers, texts) = (rows.Where(row => row.Main.IsNumber).ToList(), rows.Where(row => !row.Main.IsNumber).ToList());
        var body = Fragment.Of($"""
            <header><div class="colours">{Colours}</div><h1>{title}</h1>{(_options.Source is { } source ? Fragment.Of($"<p class=\"source\"><bdi>{VisibleText.Of(source)}</bdi></p>") : Fragment.None)}
            <ul class="sets">{Fragment.Join(_sets.Select(Set))}</ul></header>
            <main>{Remarks()}{AnomalyPanel.Draw(_notes, _options.Anomalies is not null)}{Tools(numbers.Count > 0, texts.Count > 0)}
            {section.Draw("numbers", "Numbers", numbers, isNumber: true)}{section.Draw("texts", "Texts and other values", texts, isNumber: false)}{Pairs()}</main>
            """);
        return PageFrame.Write(title, body);
    }

    List<FeatureRow> Rows()
    {
        var distances = _comparison?.Features.ToLookup(pair => pair.Name, StringComparer.Ordinal);
        return [.. _sets.SelectMany(set => set.Features).Select(feature => feature.Name).Distinct(StringComparer.Ordinal)
            .Select((name, order) => new FeatureRow(name, order, [.. _sets.Select(set => set.Find(name))], distances?[name].FirstOrDefault()))];
    }

    Fragment Set(DataSetView set, int index) => Fragment.Of(
        $"<li><i class=\"s{index}\"></i><bdi class=\"title\">{VisibleText.Name(set.Name)}</bdi> <b>{FigureText.Count(set.Examples)}</b> {(set.Examples == 1 ? "example" : "examples")} · <b>{set.Features.Count}</b> {(set.Features.Count == 1 ? "feature" : "features")}{(set.WeightedExamples is { } weight ? $" · weight {FigureText.Number(weight)}" : "")}</li>");

    Fragment Remarks()
    {
        var remarks = _comparison is not null
            ? _comparison.Remarks.Concat(_sets.SelectMany(set => Remark.Of(set).Where(remark => remark.Weight == RemarkWeight.Warning).Select(remark => remark with { Text = $"{VisibleText.Name(set.Name)}: {remark.Text}" })))
            : Remark.Of(_sets[0]);
        var lines = remarks.Select(remark => Fragment.Of($"<li class=\"{(remark.Weight == RemarkWeight.Warning ? "warn" : "note")}\"><bdi>{remark.Text}</bdi></li>")).ToList();
        return lines.Count == 0 ? Fragment.None : Fragment.Of($"<section class=\"remarks\"><h2>What stands out</h2><ul>{Fragment.Join(lines)}</ul></section>");
    }

    Fragment Tools(bool hasNumbers, bool hasTexts)
    {
        var orders = new List<(string Key, string Title)>
        {
            ("order", "column order"), ("name", "name"), ("missing", "missing"), ("zeros", "zeros"), ("unique", "distinct values"), ("uneven", "non-uniformity"),
        };
        if (_comparison is not null)
            orders.Insert(1, ("drift", "drift"));
        var kinds = _sets.SelectMany(set => set.Features).Select(feature => feature.Type.ToString().ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Concat(_sets.Any(set => set.Features.Any(feature => feature.IsList)) ? ["list"] : []);
        return Fragment.Of($"""
            <form class="tools" role="search" aria-label="Find, sort and draw">
            <label class="js">Find <input type="search" id="find" placeholder="name" autocomplete="off"></label>
            <label class="js">Type <select id="kind"><option value="">all</option>{Fragment.Join(kinds.Select(kind => Fragment.Of($"<option>{kind}</option>")))}</select></label>
            <label class="js">Sort by <select id="sort">{Fragment.Join(orders.Select(order => Fragment.Of($"<option value=\"{order.Key}\">{order.Title}</option>")))}</select></label>
            {(hasNumbers ? Choice("Numbers", "numbers-as", ("width", "equal width"), ("quantiles", "quantiles")) : Fragment.None)}
            {(hasTexts ? Choice("Texts", "texts-as", ("values", "values"), ("cumulative", "cumulative")) : Fragment.None)}
            {Choice("Scale", "scale", ("linear", "linear"), ("log", "log"))}
            {(_sets.Any(set => set.WeightedExamples is not null) ? Choice("Count", "count-by", ("examples", "examples"), ("weight", "weight")) : Fragment.None)}
            <button type="button" id="open" class="js" aria-pressed="false">Open all</button><output id="shown" class="js" aria-live="polite"></output></form>

            """);
    }

    /// <summary>Radio buttons: style alone reads them, so they work without a script.</summary>
    static Fragment Choice(string title, string name, params (string Value, string Text)[] choices) => Fragment.Of(
        $"<fieldset><legend>{title}</legend>{Fragment.Join(choices.Select((choice, index) => Fragment.Of($"<label><input type=\"radio\" name=\"{name}\" id=\"{name}-{choice.Value}\" value=\"{choice.Value}\"{(index == 0 ? Fragment.Of($" checked") : Fragment.None)}><span>{choice.Text}</span></label>")))}</fieldset>");

    Fragment Pairs()
    {
        var pairs = _sets.SelectMany(set => set.Pairs.Take(ShownPairs).Select(pair => Fragment.Of(
            $"<tr>{(_sets.Count > 1 ? Fragment.Of($"<td>{set.Name}</td>") : Fragment.None)}<td><bdi>{VisibleText.Name(pair.First, 60)}</bdi></td><td><bdi>{VisibleText.Name(pair.Second, 60)}</bdi></td><td class=\"text\">{FeatureFacts.Relation(pair)}</td></tr>"))).ToList();
        return pairs.Count == 0 ? Fragment.None : Fragment.Of($"<section class=\"pairs\"><h2>Pairs of features</h2><table class=\"facts\">{Fragment.Join(pairs)}</table></section>");
    }
}
