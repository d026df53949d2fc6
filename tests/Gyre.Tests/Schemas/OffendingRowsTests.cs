using Gyre.Data;
using Gyre.Ingestion;
using Gyre.Pipelines;
using Gyre.Schemas;
using Gyre.Statistics;
using Gyre.Testing;

namespace Gyre.Tests.Schemas;

/// <summary>Anomalies name the rows that are to blame, by file and line.</summary>
public sealed class OffendingRowsTests : IDisposable
{
    readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    async Task<Gyre.Schemas.Anomalies> Validate(string csv, string schema, StatisticsOptions? counting = null, ValidationOptions? options = null)
    {
        var pipeline = new Pipeline("rows");
        var examples = pipeline.Add(new IngestCsv(csv) { Splits = Split.ByHash(("all", 1)) });
        var statistics = pipeline.Add(new ComputeStatistics(examples) { Options = counting ?? new StatisticsOptions() });
        var anomalies = pipeline.Add(new ValidateExamples(statistics, pipeline.Add(new ImportSchema(schema))) { Options = options ?? new ValidationOptions() });
        var result = await _home.RunAsync(pipeline, cancellationToken: TestContext.Current.CancellationToken);
        return _home.Artifact(result, anomalies);
    }

    [Fact]
    public async Task Each_kind_of_anomaly_names_its_rows()
    {
        var csv = _home.Write("trips.csv", "id,fare,text,whole,flag\n1,2.5,ok,7,0\n2,-1.5,ok,7,0\n3,,odd,x,2\n4,99.5,\"two\nlines\",8,1\n5,3.5,ok,9,1\n");
        var schema = _home.Write("schema.pbtxt", """
            feature { name: "id" type: INT }
            feature { name: "fare" type: FLOAT float_domain { min: 0 max: 50 } presence { min_fraction: 1 } }
            feature { name: "text" type: BYTES string_domain { value: "ok" } }
            feature { name: "whole" type: INT }
            feature { name: "flag" type: INT bool_domain { } }
            """);

        var report = (await Validate(csv, schema)).Of("all");

        string Rows(string feature, string type) => string.Join(" ", report.Offenders.Single(each => each.Feature == feature && each.Type == type).Examples.Select(example => $"{System.IO.Path.GetFileName(example.File)}:{example.Line}={example.Value ?? "-"}"));
        Rows("fare", "FLOAT_TYPE_SMALL_FLOAT").ShouldBe("trips.csv:3=-1.5");
        Rows("fare", "FLOAT_TYPE_BIG_FLOAT").ShouldBe("trips.csv:5=99.5");
        Rows("fare", "FEATURE_TYPE_LOW_FRACTION_PRESENT").ShouldBe("trips.csv:4=-");
        Rows("text", "ENUM_TYPE_UNEXPECTED_STRING_VALUES").ShouldBe("trips.csv:4=odd trips.csv:5=two\nlines");
        Rows("whole", "UNEXPECTED_DATA_TYPE").ShouldBe("trips.csv:4=x");
        Rows("flag", "BOOL_TYPE_BIG_INT").ShouldBe("trips.csv:4=2");
    }

    [Fact]
    public async Task No_more_rows_than_asked_for_and_the_first_ones()
    {
        var csv = _home.Write("rows.csv", "x\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => i % 3 == 0 ? "ok\n" : $"odd{i}\n")));
        var schema = _home.Write("schema.pbtxt", "feature { name: 'x' type: BYTES string_domain { value: 'ok' } }");

        (await Validate(csv, schema, options: new ValidationOptions { OffendingExamples = 3 })).Of("all").Offenders.ShouldHaveSingleItem()
            .Examples.Select(example => example.Value).ShouldBe(["odd1", "odd2", "odd4"]);
        var none = await Validate(csv, schema, options: new ValidationOptions { OffendingExamples = 0 });
        none.Of("all").Offenders.ShouldBeEmpty();
        none.Of("all").Errors.ShouldHaveSingleItem();
        none.FixedSchema!.Message.Feature[0].StringDomain.ShouldBeNull("statistics do not list all of so many values");
    }

    [Fact]
    public void Values_of_lists_are_judged_one_by_one()
    {
        var file = System.IO.Path.Combine(_home.Root, "lists.parquet");
        using (var engine = new DataEngine())
            engine.Execute($"COPY (SELECT * FROM (VALUES (['a', 'b'], [1, 2]), (['a'], [1]), (NULL, [7, 1]), ([], [])) AS rows(texts, numbers)) TO {SqlText.Literal(file)} (FORMAT parquet)");
        FoundOffence Of(string column, Offence offence) => new([column], new Finding(Gyre.Schemas.Protos.AnomalyInfo.Types.Type.UnknownType, "", "") { Offence = offence });

        var found = OffendingRows.Find(
            [file], [Of("texts", Offence.NotAmong(["a"])), Of("numbers", Offence.Above(3L)), Of("texts", Offence.Fewer(1)), Of("texts", Offence.Absent), Of("numbers", Offence.More(1))], 5, 1, CancellationToken.None);

        found.Select(each => string.Join(" ", each.Examples.Select(example => $"{example.Row}={example.Value ?? "-"}"))).ShouldBe(["1=b", "3=7", "4=[]", "3=-", "1=[1, 2] 3=[7, 1]"]);
    }

    [Fact]
    public async Task The_taxi_values_that_a_schema_lacks_are_found_in_their_lines()
    {
        // The schema of TFX's own test data allows all values of the file, so two are taken out of it.
        var lines = File.ReadAllLines(SharedData.File("conformance/tfx/testdata/schema_gen/schema.pbtxt"));
        var schema = _home.Write("schema.pbtxt", string.Join('\n', lines.Where(line => !line.Contains("Luhak", StringComparison.Ordinal) && !line.Contains("Prcard", StringComparison.Ordinal))));
        var csv = SharedData.File("conformance/tfx/chicago_taxi/simple/data.csv");

        var report = (await Validate(csv, schema, new StatisticsOptions { EmptyCells = EmptyCells.EmptyList })).Of("all");

        report.Found.Select(anomaly => (anomaly.Feature, anomaly.Types.Single())).ShouldBe([("company", "ENUM_TYPE_UNEXPECTED_STRING_VALUES"), ("payment_type", "ENUM_TYPE_UNEXPECTED_STRING_VALUES")]);
        report.Offenders.OrderBy(each => each.Feature, StringComparer.Ordinal).Select(each => (each.Feature, each.Examples.Single().Line, each.Examples.Single().Value)).ShouldBe([("company", 8672L, "6743 - Luhak Corp"), ("payment_type", 1750L, "Prcard")]);
        (await Validate(csv, SharedData.File("conformance/tfx/testdata/schema_gen/schema.pbtxt"), new StatisticsOptions { EmptyCells = EmptyCells.EmptyList })).Of("all").Found.ShouldBeEmpty();
        SchemaDefinition.Load(SharedData.File("conformance/tfx/testdata/schema_gen/schema.pbtxt")).MayBeEmpty.ShouldContain("company");
    }
}
