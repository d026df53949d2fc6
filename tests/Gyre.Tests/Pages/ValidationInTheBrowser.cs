using System.Text.Json;
using Gyre.Pages;
using Gyre.Schemas;

namespace Gyre.Tests.Pages;

/// <summary>The page of validation reads what lies in an artifact of anomalies, and nothing else.</summary>
public sealed class ValidationInTheBrowser : IDisposable
{
    const string Evil = "</script><b>evil</b>";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gyre-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Anomalies_rows_distances_and_classes_are_read_from_the_artifact()
    {
        var train = ValidationView.OfDirectory(Artifact())[0];

        train.Name.ShouldBe("train");
        train.Report.Errors.ShouldNotBeEmpty();
        train.Rows[0].ShouldBe(new OffendingRow("kind", "data.csv", 17, Evil));
        train.Rows[1].ToString().ShouldBe("row 4: no value");
        train.Distances.ShouldBe([new MeasuredDistance("previous span span 4", "price", "jensen shannon", 0.25, 0.1, 0.001, IsAlarm: true), new MeasuredDistance("previous span span 4", "price", "wasserstein", 3, null, 0.001, IsAlarm: true)]);
        train.Classes.ShouldBe([new ClassShare("no", 30, 0.75, 0.667), new ClassShare("yes", 10, 0.25, 2)]);
    }

    [Fact]
    public void A_split_without_rows_and_comparison_has_none()
    {
        var eval = ValidationView.OfDirectory(Artifact())[1];

        eval.Name.ShouldBe("eval");
        eval.Rows.ShouldBeEmpty();
        eval.Distances.ShouldBeEmpty();
        eval.Classes.ShouldBeEmpty();
    }

    [Fact]
    public void A_broken_file_is_named()
    {
        var artifact = Artifact();
        File.WriteAllText(Path.Combine(artifact, "Split-train", "offending.json"), "{");

        Should.Throw<InvalidDataException>(() => ValidationView.OfDirectory(artifact)).Message.ShouldContain("offending.json is no JSON");
    }

    [Fact]
    public async Task The_page_shows_it_all_and_fetches_nothing()
    {
        var file = Path.Combine(_folder.FullName, "page.html");
        await File.WriteAllTextAsync(file, WebPage.OfValidation(ValidationView.OfDirectory(Artifact())), TestContext.Current.CancellationToken);

        await using var browser = await Browser.OpenAsync(file, width: 500);
        var text = (await browser.AskAsync("document.body.innerText"))!.GetValue<string>();
        foreach (var expected in new[] { "The data is not as expected", "data.csv(17)", Evil, "jensen shannon 0.25 > 0.1", "alarm", "Weights that would balance", "75 %" })
            text.ShouldContain(expected);
        (await browser.AskAsync("document.querySelectorAll('b').length > 0 && [...document.querySelectorAll('b')].every(b => b.textContent !== 'evil')"))!.GetValue<bool>().ShouldBeTrue();
        (await browser.AskAsync("document.documentElement.scrollWidth - document.documentElement.clientWidth"))!.GetValue<int>().ShouldBe(0);
        browser.Requests.Where(request => !request.StartsWith("data:", StringComparison.Ordinal)).ShouldBe([new Uri(file).AbsoluteUri]);
        browser.Complaints.ShouldBeEmpty();
    }

    string Artifact()
    {
        var artifact = Path.Combine(_folder.FullName, "artifact");
        var schema = SchemaDefinition.Parse("""feature { name: "kind" type: BYTES presence { min_fraction: 1 min_count: 1 } string_domain { value: "a" value: "b" } }""");
        foreach (var (split, values) in new[] { ("train", new[] { ("a", 30.0), ("b", 5), (Evil, 5) }), ("eval", new[] { ("a", 30.0), ("b", 10) }) })
        {
            var directory = Directory.CreateDirectory(Path.Combine(artifact, $"Split-{split}")).FullName;
            SchemaValidation.Validate(AwkwardStatistics.Set(split, AwkwardStatistics.Text("kind", values)), schema).Save(Path.Combine(directory, "SchemaDiff.pb"));
        }

        Write("offending.json", new { format = 1, anomalies = new[] { new { feature = "kind", type = "ENUM_TYPE_UNEXPECTED_STRING_VALUES", examples = new object[] { new { file = "data.csv", line = 17, row = 3, column = "kind", value = Evil }, new { row = 4, column = "kind" } } } } });
        Write("comparison.json", new
        {
            format = 1,
            split = "train",
            comparisons = new[]
            {
                new
                {
                    with = "previous_span",
                    other = "span 4",
                    features = new[]
                    {
                        new { feature = "price", probability = 0.001, isAlarm = true, distances = new object[] { new { name = "jensen_shannon", value = 0.25, threshold = 0.1 }, new { name = "wasserstein", value = 3.0 } } },
                    },
                },
            },
            label = new { label = "bought", classes = new[] { new { @class = "no", count = 30.0, share = 0.75, weight = 0.667 }, new { @class = "yes", count = 10.0, share = 0.25, weight = 2.0 } } },
        });
        return artifact;

        void Write(string name, object content) => File.WriteAllText(Path.Combine(artifact, "Split-train", name), JsonSerializer.Serialize(content));
    }
}
