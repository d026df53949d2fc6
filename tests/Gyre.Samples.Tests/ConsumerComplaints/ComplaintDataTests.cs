using System.IO.Compression;
using System.Text;
using ConsumerComplaints;
using ConsumerComplaints.Synthetic;
using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Testing;
using Gyre.Tests;
using Synthesis;

namespace Gyre.Samples.Tests.ConsumerComplaints;

public sealed class ComplaintDataTests : IDisposable
{
    /// <summary>The header of the Bureau's download.</summary>
    const string Official =
        "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,Company,State,ZIP code,Tags,"
        + "Consumer consent provided?,Submitted via,Date sent to company,Company response to consumer,Timely response?,Consumer disputed?,Complaint ID";

    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_zipped_official_download_gives_the_same_examples_as_the_eleven_columns()
    {
        var made = SyntheticFile.Ensure(new SyntheticComplaints(), _home.Root, rows: 300, seed: 1);
        var complaints = CsvText.Parse(await File.ReadAllTextAsync(made.Path, TestContext.Current.CancellationToken)).Skip(1).ToList();
        var official = new StringWriter { NewLine = "\n" };
        await official.WriteLineAsync(Official);
        foreach (var complaint in complaints)
            WriteOfficial(official, complaint);

        // Two rows that the Bureau has most of: one without a narrative, one that came after it stopped asking.
        WriteOfficial(official, [.. complaints[0].Select((field, column) => column == 4 ? "" : field)]);
        WriteOfficial(official, [.. complaints[1].Select((field, column) => column == 10 ? "N/A" : field)]);

        var eleven = await IngestAsync(made.Path);
        var eighteen = await IngestAsync(Zip(official.ToString()));
        (eleven.Rows, eleven.Filtered).ShouldBe((300, 0));
        (eighteen.Rows, eighteen.Filtered).ShouldBe((300, 2));
        foreach (var split in eleven.Splits)
            RowsOf(eighteen, split).ShouldBe(RowsOf(eleven, split));
    }

    [Fact]
    public async Task Real_complaints_in_the_official_columns_are_read()
    {
        var examples = await IngestAsync(SharedData.File("data/complaints/cfpb_full18_random2000_2020.csv"));
        (examples.Rows, examples.Filtered).ShouldBe((186, 1_814));
    }

    [Fact]
    public async Task Labels_may_be_ones_and_zeros_and_zip_codes_keep_their_zeros()
    {
        var header = string.Join(',', ComplaintData.Columns.Select(column => column.Name));
        var rows = Enumerable.Range(0, 60).Select(i => $"Mortgage,,Other,,Text {i},Some Bank,MA,02116,Closed,Yes,{i % 2}\n");
        var examples = await IngestAsync(_home.Write("book.csv", $"{header}\n{string.Concat(rows)}"));
        examples.Splits.SelectMany(split => RowsOf(examples, split)).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 60).Select(i => $"Mortgage||Other||Text {i}|Some Bank|MA|02116|Closed|Yes|{i % 2}").Order(StringComparer.Ordinal));
    }

    async Task<Examples> IngestAsync(string path)
    {
        var pipeline = new Pipeline("ingest");
        var examples = pipeline.Add(new IngestCsv(path)
        {
            Columns = ComplaintData.Columns,
            RequireValues = ["consumer_complaint_narrative", "consumer_disputed"],
        });
        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        return _home.Artifact(result, examples);
    }

    static List<string> RowsOf(Examples examples, string split)
    {
        List<string> rows = [];
        foreach (var batch in ExampleReader.Read(examples.FileOf(split), [.. ComplaintData.Columns.Select(column => column.Name)]))
        {
            var columns = ComplaintData.Columns.Select(column => batch.Text(column.Name)).ToArray();
            for (var row = 0; row < batch.Rows; row++)
                rows.Add(string.Join('|', columns.Select(column => column[row])));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    static void WriteOfficial(StringWriter writer, string[] complaint)
    {
        var row = new CsvRow();
        string[] fields =
        [
            "2015-07-09", complaint[0], complaint[1], complaint[2], complaint[3], complaint[4], "", complaint[5], complaint[6], complaint[7], "",
            "Consent provided", "Web", "2015-07-10", complaint[8], complaint[9], complaint[10], "930149",
        ];
        foreach (var field in fields)
            row.Add(field);
        row.WriteTo(writer);
    }

    string Zip(string csv)
    {
        var path = Path.Combine(_home.Root, "complaints.csv.zip");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        using var entry = archive.CreateEntry("complaints.csv").Open();
        entry.Write(Encoding.UTF8.GetBytes(csv));
        return path;
    }
}
