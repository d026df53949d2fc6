using System.Text;
using System.Text.Json.Nodes;
using Gyre.Pages;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Pages;

/// <summary>The page of statistics, opened in a real browser.</summary>
public sealed class StatisticsInTheBrowser : IDisposable
{
    const int TwoMegabytes = 2_000_000;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gyre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_fetches_nothing_and_complains_of_nothing()
    {
        var file = Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 100)));
        new FileInfo(file).Length.ShouldBeLessThan(TwoMegabytes);

        await using var browser = await Browser.OpenAsync(file);
        (await browser.AskAsync("document.querySelectorAll('tbody.f').length"))!.GetValue<int>().ShouldBe(100);

        browser.Requests.Where(request => !request.StartsWith("data:", StringComparison.Ordinal)).ShouldBe([new Uri(file).AbsoluteUri]);
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_cannot_become_part_of_the_page()
    {
        const string evil = "</script><script>window.evil=1</script><img src=x onerror=\"window.evil=2\">\"'&{{style}}";
        var set = AwkwardStatistics.Set("evil " + evil, AwkwardStatistics.Text(evil, (evil, 3), ("--></style>" + evil, 2)));
        var file = Save(WebPage.OfStatistics([DataSetView.Of(set), DataSetView.Of(set)], new WebPageOptions { Title = evil, Source = evil }));

        await using var browser = await Browser.OpenAsync(file);
        (await browser.AskAsync("typeof window.evil"))!.GetValue<string>().ShouldBe("undefined");
        (await browser.AskAsync("document.images.length + document.scripts.length"))!.GetValue<int>().ShouldBe(1);
        (await browser.AskAsync("document.querySelector('tbody .title').textContent"))!.GetValue<string>().ShouldBe(evil);
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Not_even_a_script_that_got_into_the_page_would_run()
    {
        var page = WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 3)).Replace("</main>", "<script>window.evil=1</script><a id=\"go\" onclick=\"window.evil=2\">x</a></main>", StringComparison.Ordinal);

        await using var browser = await Browser.OpenAsync(Save(page));
        await browser.AskAsync("document.getElementById('go').click()");
        (await browser.AskAsync("typeof window.evil"))!.GetValue<string>().ShouldBe("undefined");
        browser.Complaints.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Features_are_sorted_by_every_order_that_is_offered()
    {
        await using var browser = await Browser.OpenAsync(Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 40))));
        var orders = (JsonArray)(await browser.AskAsync("[...document.getElementById('sort').options].map(o => o.value)"))!;
        orders.Select(order => order!.GetValue<string>()).ShouldBe(["order", "drift", "name", "missing", "zeros", "unique", "uneven"]);

        foreach (var key in new[] { "drift", "missing", "zeros", "unique", "uneven" })
        {
            var values = await SortedByAsync(browser, key);
            values.Count.ShouldBeGreaterThan(5);
            values.ShouldBe([.. values.OrderDescending()], key);
        }

        var names = (JsonArray)(await browser.AskAsync("(() => { const s = document.getElementById('sort'); s.value = 'name'; s.dispatchEvent(new Event('change')); return [...document.querySelectorAll('#numbers tbody.f')].map(f => f.dataset.name); })()"))!;
        names.Count.ShouldBeGreaterThan(5);
        (await browser.AskAsync("(names => names.every((name, i) => i === 0 || names[i - 1].localeCompare(name) <= 0))([...document.querySelectorAll('#numbers tbody.f')].map(f => f.dataset.name))"))!.GetValue<bool>().ShouldBeTrue();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_click_on_a_column_sorts_by_it_and_another_turns_the_order_around()
    {
        await using var browser = await Browser.OpenAsync(Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 40))));
        const string click = "(() => { document.querySelector('#numbers thead th.mean button').click(); return [...document.querySelectorAll('#numbers tbody.f')].map(f => f.dataset.mean).filter(v => v !== undefined && Number.isFinite(Number(v))).map(Number); })()";

        var down = Numbers(await browser.AskAsync(click));
        down.ShouldBe([.. down.OrderDescending()]);
        (await browser.AskAsync("document.querySelector('#numbers thead th.mean').getAttribute('aria-sort')"))!.GetValue<string>().ShouldBe("descending");
        var up = Numbers(await browser.AskAsync(click));
        up.ShouldBe([.. up.Order()]);
    }

    [Fact]
    public async Task Features_are_found_by_name_and_by_type()
    {
        await using var browser = await Browser.OpenAsync(Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 40))));
        const string visible = "[...document.querySelectorAll('tbody.f')].filter(f => f.checkVisibility()).map(f => f.dataset.name)";
        const string find = "(word => { const f = document.getElementById('find'); f.value = word; f.dispatchEvent(new Event('input')); })";

        await browser.AskAsync($"{find}('COLUMN 21')");
        ((JsonArray)(await browser.AskAsync(visible))!).Select(name => name!.GetValue<string>()).ShouldBe(["column 21"]);
        (await browser.AskAsync("document.getElementById('shown').textContent"))!.GetValue<string>().ShouldBe("1 of 40");
        await browser.AskAsync($"{find}('')");
        await browser.AskAsync("(() => { const k = document.getElementById('kind'); k.value = 'text'; k.dispatchEvent(new Event('change')); })()");
        (await browser.AskAsync("document.getElementById('numbers').querySelector('.none').checkVisibility()"))!.GetValue<bool>().ShouldBeTrue();
        (await browser.AskAsync($"{visible}.length"))!.GetValue<int>().ShouldBeInRange(5, 35);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pictures_change_with_the_choices_even_without_a_script(bool scripted)
    {
        await using var browser = await Browser.OpenAsync(Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 12))), scripted: scripted);
        foreach (var (choice, seen, unseen) in new[] { ("numbers-as-quantiles", ".qu", ".eq"), ("numbers-as-width", ".eq", ".qu"), ("scale-log", ".eq .log", ".lin"), ("texts-as-cumulative", ".cum", ".vals") })
        {
            await browser.AskAsync($"document.getElementById('{choice}').checked = true");
            (await browser.AskAsync($"getComputedStyle(document.querySelector('{seen}')).display"))!.GetValue<string>().ShouldNotBe("none", choice);
            (await browser.AskAsync($"getComputedStyle(document.querySelector('{unseen}')).display"))!.GetValue<string>().ShouldBe("none", choice);
        }

        (await browser.AskAsync("getComputedStyle(document.getElementById('find')).display !== 'none' && document.getElementById('find').checkVisibility()"))!.GetValue<bool>().ShouldBe(scripted);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(800)]
    [InlineData(1400)]
    public async Task Nothing_sticks_out_at_the_side(int width)
    {
        await using var browser = await Browser.OpenAsync(Save(WebPage.OfStatistics(AwkwardStatistics.Sets(columns: 30))), width);
        await browser.AskAsync("document.getElementById('open').click()");

        (await browser.AskAsync("document.documentElement.scrollWidth - document.documentElement.clientWidth"))!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public void Sets_are_called_by_what_tells_them_apart()
    {
        Gyre.Pages.Markup.SetLabels.Of(["pipeline_Split-train_44446.pb", "pipeline_Split-eval_22353.pb"]).ShouldBe(["train_44446", "eval_22353"]);
        Gyre.Pages.Markup.SetLabels.Of(["train", "trainer"]).ShouldBe(["train", "trainer"]);
    }

    static async Task<List<double>> SortedByAsync(Browser browser, string key) => Numbers(await browser.AskAsync(
        $"(() => {{ const s = document.getElementById('sort'); s.value = '{key}'; s.dispatchEvent(new Event('change')); return ['numbers', 'texts'].flatMap((id, i) => [...document.querySelectorAll('#' + id + ' tbody.f')].map(f => f.dataset.{key}).filter(v => v !== undefined).map(v => Number(v) - i * 1e12)); }})()"));

    static List<double> Numbers(JsonNode? array) => [.. ((JsonArray)array!).Select(value => value!.GetValue<double>())];

    string Save(string page)
    {
        var file = System.IO.Path.Combine(_folder.FullName, "page.html");
        File.WriteAllText(file, page, new UTF8Encoding(false));
        return file;
    }
}

/// <summary>Statistics of data as nobody wants it.</summary>
static class AwkwardStatistics
{
    public static IReadOnlyList<DataSetView> Sets(int columns) =>
        [DataSetView.Of(Set("train", [.. Enumerable.Range(0, columns).Select(index => Feature(index, 0))])), DataSetView.Of(Set("eval", [.. Enumerable.Range(0, columns).Select(index => Feature(index, 1))]))];

    public static DatasetStatistics Set(string name, params FeatureNameStatistics[] features)
    {
        var message = new DatasetFeatureStatistics { Name = name, NumExamples = 1000 };
        message.Features.AddRange(features);
        return new DatasetStatistics(message);
    }

    public static FeatureNameStatistics Text(string name, params (string Value, double Count)[] values)
    {
        var total = (ulong)values.Sum(value => value.Count);
        var statistics = new StringStatistics { CommonStats = Common(total, 0), Unique = (ulong)values.Length, AvgLength = 12, RankHistogram = new RankHistogram() };
        foreach (var (rank, (value, count)) in values.Index())
        {
            statistics.RankHistogram.Buckets.Add(new RankHistogram.Types.Bucket { LowRank = (ulong)rank, HighRank = (ulong)rank, Label = value, SampleCount = count });
            if (rank < 20)
                statistics.TopValues.Add(new StringStatistics.Types.FreqAndValue { Value = value, Frequency = count });
        }

        return new FeatureNameStatistics { Name = name, Type = FeatureNameStatistics.Types.Type.String, StringStats = statistics };
    }

    static FeatureNameStatistics Feature(int index, int set) => (index % 12) switch
    {
        0 => Number($"column {index}", [.. Enumerable.Range(0, 10).Select(bucket => (bucket * 10.0, (bucket * 10.0) + 10, 50.0 + (40 * Math.Sin(bucket + index + set))))]),
        1 => Text($"column {index} {new string('n', 150)}", [.. Enumerable.Range(0, 40).Select(rank => ($"{rank} {new string('v', 57)}", 400.0 / (rank + 1 + set)))]),
        2 => Text($"مرحبا {index} 日本語 \u202E😀", [("שלום עולם", 500), ("东京都", 300 - (100 * set)), ("\u001b[31m", 20), ("", 7)]),
        3 => new FeatureNameStatistics { Name = $"never {index}", Type = FeatureNameStatistics.Types.Type.Float, NumStats = new NumericStatistics { CommonStats = new CommonStatistics { NumMissing = 1000 } } },
        4 => Number($"constant {index}", (7, 7, 1000)),
        5 => Number($"infinite {index}", (double.NegativeInfinity, double.NegativeInfinity, 3), (-double.MaxValue, 0, 500), (0, double.MaxValue, 400 + (90 * set)), (double.PositiveInfinity, double.PositiveInfinity, 5)),
        6 => Text($"names {index}", [.. Enumerable.Range(0, 1000).Select(rank => ($"name {rank + (1000 * set)}", 1.0))]),
        7 => set == 0 ? Number($"column {index}", (0, 1, 10)) : Text($"column {index}", ("yes", 5), ("no", 5)),
        8 => Number($"skewed {index}", [.. Enumerable.Range(0, 10).Select(bucket => (bucket * 1e6, (bucket + 1) * 1e6, bucket == 0 ? 990.0 : bucket == 9 ? 10 : 0))]),
        _ => Number($"column {index}", [.. Enumerable.Range(0, 10).Select(bucket => (bucket + (set * index * 0.2), bucket + 1 + (set * index * 0.2), 10.0 + (bucket * index % 17)))]),
    };

    static FeatureNameStatistics Number(string name, params (double Low, double High, double Count)[] buckets)
    {
        var total = (ulong)buckets.Sum(bucket => bucket.Count);
        var histogram = new Histogram();
        var quantiles = new Histogram { Type = Histogram.Types.HistogramType.Quantiles };
        foreach (var (low, high, count) in buckets)
        {
            histogram.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = count });
            quantiles.Buckets.Add(new Histogram.Types.Bucket { LowValue = low, HighValue = high, SampleCount = total / (double)buckets.Length });
        }

        return new FeatureNameStatistics
        {
            Name = name,
            Type = FeatureNameStatistics.Types.Type.Float,
            NumStats = new NumericStatistics
            {
                CommonStats = Common(total, 1000 - Math.Min(1000, total)),
                Mean = buckets[0].Low / 2,
                StdDev = 3,
                Min = buckets[0].Low,
                Median = buckets[buckets.Length / 2].Low,
                Max = buckets[^1].High,
                NumZeros = total / 7,
                Histograms = { histogram, quantiles },
            },
        };
    }

    static CommonStatistics Common(ulong present, ulong missing) =>
        new() { NumNonMissing = present, NumMissing = missing, MinNumValues = 1, MaxNumValues = 1, AvgNumValues = 1, TotNumValues = present };
}
