using System.IO.Compression;
using Gyre.Data;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class RealCsvFiles : IDisposable
{
    static readonly CsvOptions Options = CsvBench.Options;

    readonly CsvBench _bench = new();

    public void Dispose() => _bench.Dispose();

    IngestionResult Ingest(string path, CsvOptions options)
    {
        Directory.CreateDirectory(_bench.Output);
        return RowIngestion.Run(options, [new SourceFile(path, Path.GetFileName(path))], _bench.Output, _ => { });
    }

    [Fact]
    public void Complaints_with_narratives_keep_text_and_zip_codes()
    {
        var result = Ingest(SharedData.File("data/complaints/book11_narrative_labelled.csv"), Options);

        result.RowsOfSplits[0].Value.ShouldBe(212);
        result.Columns.Count.ShouldBe(11);
        result.Columns.Where(column => column.Type != ColumnType.Text).Select(column => column.Name).ShouldBe(["consumer_disputed"]);
    }

    [Fact]
    public void The_official_download_is_read_with_the_names_of_ones_own()
    {
        var path = SharedData.File("data/complaints/cfpb_full18_random2000_2020.csv");
        Column[] columns =
        [
            Column.Named("product").From("Product", "product"),
            Column.Named("zip_code").From("ZIP code", "zip_code"),
            Column.Named("consumer_disputed").From("Consumer disputed?", "consumer_disputed").WithNullTokens("N/A"),
            Column.Named("complaint_id").From("Complaint ID"),
        ];

        Should.Throw<InvalidDataException>(() => Ingest(path, Options)).Message.ShouldContain("column 1 has no name");
        var result = Ingest(path, Options with { Columns = columns });

        result.RowsOfSplits[0].Value.ShouldBe(2000);
        result.Columns.ShouldBe([new("product", ColumnType.Text), new("zip_code", ColumnType.Text), new("consumer_disputed", ColumnType.Text), new("complaint_id", ColumnType.Integer)]);
        Ingest(path, Options with { Columns = columns, RequireValues = ["consumer_disputed"] }).Filtered.ShouldBe(1058);
        _bench.Rows().Select(row => row[2]).Distinct().ShouldBe(["No", "Yes"], ignoreOrder: true);
    }

    [Fact]
    public void Taxi_trips_get_their_types()
    {
        var result = Ingest(SharedData.File("data/other/chicago_taxi_big_tipper_label.csv"), Options);

        var types = result.Columns.ToDictionary(column => column.Name, column => column.Type);
        types["fare"].ShouldBe(ColumnType.Real);
        types["trip_start_hour"].ShouldBe(ColumnType.Integer);
        types["big_tipper"].ShouldBe(ColumnType.Integer);
        types["payment_type"].ShouldBe(ColumnType.Text);
        types["dropoff_census_tract"].ShouldBe(ColumnType.Integer);
        result.RowsOfSplits[0].Value.ShouldBe(15_002);
    }

    [Fact]
    public void Packed_files_are_read_as_they_are()
    {
        Ingest(SharedData.File("data/complaints/cfpb_slim8_bookpopulation_77717.csv.gz"), Options).RowsOfSplits[0].Value.ShouldBe(77_717);

        var zip = SharedData.File("data/other/bike_sharing_dataset.zip");
        Should.Throw<InvalidDataException>(() => Ingest(zip, Options)).Message.ShouldContain("choose it with Entry");
        Ingest(zip, Options with { Entry = "*day.csv" }).RowsOfSplits[0].Value.ShouldBe(731);
    }

    [Fact]
    public void A_million_rows_of_little_text_pass_through()
    {
        var path = SharedData.File("data/complaints/cfpb_slim7_labelled_767656.csv.gz");
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var expected = -1;
        while (lines.ReadLine() is not null)
            expected++;

        Ingest(path, Options).RowsOfSplits[0].Value.ShouldBe(expected);
    }
}
