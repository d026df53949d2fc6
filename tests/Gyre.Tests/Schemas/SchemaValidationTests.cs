using Gyre.Schemas;
using Gyre.Schemas.Protos;
using Gyre.Statistics;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Schemas;

public sealed class SchemaValidationTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-validate-");

    public void Dispose() => _directory.Delete(recursive: true);

    AnomalyReport Validate(string schema, (string Name, Array Values)[] columns, ValidationOptions? options = null)
    {
        var file = ExampleFile.Write(System.IO.Path.Combine(_directory.FullName, "examples.parquet"), columns);
        var statistics = StatisticsEngine.Compute(file, cancellationToken: TestContext.Current.CancellationToken);
        return SchemaValidation.Validate(statistics, SchemaDefinition.Parse(schema), options);
    }

    FeatureAnomaly Single(string feature, Array values, ValidationOptions? options = null) =>
        Validate(Describe(feature, values), [("x", values)], options).Found.ShouldHaveSingleItem();

    /// <summary>A schema of one feature, of the type of the values where none is given.</summary>
    static string Describe(string feature, Array values)
    {
        var element = values.GetType().GetElementType();
        var type = element == typeof(string) ? "BYTES" : element == typeof(long) || element == typeof(long?) ? "INT" : "FLOAT";
        return $$"""feature { name: "x" {{(feature.Contains("type: ", StringComparison.Ordinal) ? "" : $"type: {type}")}} {{feature}} }""";
    }

    void Passes(string feature, Array values, ValidationOptions? options = null) =>
        Validate(Describe(feature, values), [("x", values)], options).Found.ShouldBeEmpty();

    [Fact]
    public void A_column_that_the_schema_lacks_is_new()
    {
        var anomaly = Validate("feature { name: 'a' type: INT }", [("a", new long[] { 1 }), ("b", new long[] { 1 })]).Found.ShouldHaveSingleItem();

        anomaly.ShouldBe(anomaly with { Feature = "b", Severity = AnomalySeverity.Error, ShortDescription = "New column" });
        anomaly.Types.ShouldBe(["SCHEMA_NEW_COLUMN"]);
    }

    [Theory]
    [InlineData("presence { min_count: 1 }", true)]
    [InlineData("presence { min_fraction: 0.1 }", true)]
    [InlineData("presence { min_count: 0 }", false)]
    [InlineData("", false)]
    [InlineData("presence { min_count: 1 } lifecycle_stage: DEPRECATED", false)]
    [InlineData("presence { min_count: 1 } deprecated: true", false)]
    [InlineData("presence { min_count: 1 } lifecycle_stage: PRODUCTION", true)]
    public void A_column_that_the_data_lacks_is_missed_when_it_is_required(string feature, bool isMissed)
    {
        var report = Validate($$"""feature { name: "a" type: INT } feature { name: "b" type: INT {{feature}} }""", [("a", new long[] { 1 })]);

        report.Found.SelectMany(anomaly => anomaly.Types).ShouldBe(isMissed ? ["SCHEMA_MISSING_COLUMN"] : []);
        report.Found.Select(anomaly => anomaly.Feature).ShouldBe(isMissed ? ["b"] : []);
    }

    [Fact]
    public void A_renamed_column_is_missed_and_new() =>
        Validate("feature { name: 'product' type: BYTES presence { min_count: 1 } }", [("Product", new[] { "a" })])
            .Found.Select(anomaly => (anomaly.Feature, anomaly.Types[0])).ShouldBe([("Product", "SCHEMA_NEW_COLUMN"), ("product", "SCHEMA_MISSING_COLUMN")]);

    [Fact]
    public void A_column_without_any_value_is_not_present()
    {
        var anomaly = Single("type: BYTES presence { min_count: 1 }", new string?[] { null, null });

        anomaly.Types.ShouldBe(["FEATURE_TYPE_NOT_PRESENT"]);
        anomaly.Description.ShouldBe("None of the 2 examples has a value. The schema requires the column.");
        Passes("type: BYTES presence { min_count: 0 }", new string?[] { null, null });
    }

    [Fact]
    public void A_rarely_filled_column_may_be_empty_in_few_examples_but_not_in_many()
    {
        Single("presence { min_fraction: 0.1 }", new string?[20]).Severity.ShouldBe(AnomalySeverity.Warning);
        Single("presence { min_fraction: 0.1 }", new string?[100]).Severity.ShouldBe(AnomalySeverity.Error);
        Single("presence { min_fraction: 0.1 }", new string?[20], new ValidationOptions { Significance = 1 }).Severity.ShouldBe(AnomalySeverity.Error);
    }

    [Fact]
    public void Too_small_a_share_is_told_with_numbers()
    {
        var anomaly = Single("presence { min_fraction: 1 min_count: 1 }", new long?[] { 1, null, 3 });

        anomaly.Types.ShouldBe(["FEATURE_TYPE_LOW_FRACTION_PRESENT"]);
        anomaly.Severity.ShouldBe(AnomalySeverity.Error);
        anomaly.Description.ShouldBe("1 of 3 examples have no value, so 66.67 % have one. Expected at least 100 %.");
        Single("presence { min_count: 5 }", new long[] { 1, 2 }).Types.ShouldBe(["FEATURE_TYPE_LOW_NUMBER_PRESENT"]);
        Passes("presence { min_fraction: 0.6 min_count: 2 }", new long?[] { 1, null, 3 });
    }

    [Fact]
    public void A_share_missed_by_chance_is_a_warning_and_by_more_an_error()
    {
        Array Holes(int holes, int rows) => Enumerable.Range(0, rows).Select(i => i < holes ? (long?)null : i).ToArray();

        Single("presence { min_fraction: 0.99 }", Holes(1, 21)).Severity.ShouldBe(AnomalySeverity.Warning);
        Single("presence { min_fraction: 0.99 }", Holes(100, 2100)).Severity.ShouldBe(AnomalySeverity.Error);
        Single("presence { min_fraction: 0.99 }", Holes(1, 21), new ValidationOptions { Significance = 1 }).Severity.ShouldBe(AnomalySeverity.Error);
    }

    [Theory]
    [InlineData("value_count { min: 2 }", "FEATURE_TYPE_LOW_NUMBER_VALUES")]
    [InlineData("value_count { max: 0 }", "FEATURE_TYPE_HIGH_NUMBER_VALUES")]
    [InlineData("shape { dim { size: 2 } }", "INVALID_FEATURE_SHAPE")]
    public void Numbers_of_values_are_bounded(string feature, string type) =>
        Single(feature, new long[] { 1, 2 }).Types.ShouldBe([type]);

    [Fact]
    public void A_fixed_shape_forbids_missing_values()
    {
        Passes("shape { dim { size: 1 } }", new long[] { 1, 2 });
        Single("shape { dim { size: 1 } }", new long?[] { 1, null }).Description.ShouldContain("varies from 0 to 1");
    }

    [Fact]
    public void A_changed_type_is_an_error_but_for_whole_numbers_among_real_ones()
    {
        var anomaly = Single("type: FLOAT", new[] { "1.5", "n/a", "n/a" });
        anomaly.Types.ShouldBe(["UNEXPECTED_DATA_TYPE"]);
        anomaly.Severity.ShouldBe(AnomalySeverity.Error);
        anomaly.Description.ShouldBe("The values are texts. Expected real numbers (FLOAT). One of them: 'n/a'.");

        Single("type: INT", new double[] { 1.5 }).Severity.ShouldBe(AnomalySeverity.Error);
        Single("type: BYTES", new long[] { 1 }).Severity.ShouldBe(AnomalySeverity.Error);
        Single("type: FLOAT", new long[] { 1 }).Severity.ShouldBe(AnomalySeverity.Warning);
    }

    [Fact]
    public void Values_outside_the_set_are_named_with_their_share()
    {
        var anomaly = Single("type: BYTES string_domain { value: ['a', 'b'] }", new[] { "a", "c", "b", "c", "d", null });

        anomaly.Types.ShouldBe(["ENUM_TYPE_UNEXPECTED_STRING_VALUES"]);
        anomaly.Severity.ShouldBe(AnomalySeverity.Error);
        anomaly.Description.ShouldBe("60 % of the values are not in the schema: 'c' (40 %), 'd' (20 %).");
    }

    [Fact]
    public void A_set_may_be_shared_by_name_and_a_lost_name_is_told()
    {
        Validate("feature { name: 'x' type: BYTES domain: 'd' } string_domain { name: 'd' value: 'a' }", [("x", new[] { "a", "b" })])
            .Found.ShouldHaveSingleItem().Description.ShouldContain("'b' (50 %)");
        Single("domain: 'lost'", new[] { "a" }).Types.ShouldBe(["INVALID_DOMAIN_SPECIFICATION"]);
    }

    [Fact]
    public void Many_unexpected_values_are_counted_after_the_first()
    {
        var description = Single("string_domain { value: 'a' }", Enumerable.Range(0, 30).Select(i => $"v{i:00}").ToArray(), new ValidationOptions { NamedValues = 2 }).Description;

        description.ShouldBe("100 % of the values are not in the schema: 'v29' (3.33 %), 'v28' (3.33 %) and 28 more.");
    }

    [Fact]
    public void A_few_values_outside_the_set_pass_where_the_schema_allows_a_share()
    {
        const string Feature = "string_domain { value: 'a' } distribution_constraints { min_domain_mass: 0.95 }";
        Array Odd(int odd, int rows) => Enumerable.Range(0, rows).Select(i => i < odd ? $"odd {i}" : "a").ToArray();

        Passes(Feature, Odd(5, 100));
        Validate($$"""feature { name: "x" type: BYTES {{Feature}} }""", [("x", Odd(1, 100))]).Notes
            .ShouldBe(["x: 1 % of the values are not in the schema: 'odd 0' (1 %). Expected at most 5 %."]);
        Single(Feature, Odd(2, 21)).Severity.ShouldBe(AnomalySeverity.Warning);
        Single(Feature, Odd(120, 2000)).Severity.ShouldBe(AnomalySeverity.Warning);
        var anomaly = Single(Feature, Odd(21, 70));
        anomaly.Severity.ShouldBe(AnomalySeverity.Error);
        anomaly.Description.ShouldStartWith("30 % of the values are not in the schema: 'odd 9' (1.43 %)");
        anomaly.Description.ShouldEndWith("and 11 more. Expected at most 5 %.");
    }

    [Theory]
    [InlineData("int_domain { min: 3 }", "INT_TYPE_SMALL_INT", "The least value is 2. Expected at least 3.")]
    [InlineData("int_domain { max: 8 }", "INT_TYPE_BIG_INT", "The greatest value is 9. Expected at most 8.")]
    [InlineData("bool_domain { }", "BOOL_TYPE_BIG_INT", "The greatest value is 9. Expected 0 or 1.")]
    public void Whole_numbers_have_bounds(string domain, string type, string description)
    {
        var anomaly = Single($"type: INT {domain}", new long[] { 2, 9 });
        anomaly.Types.ShouldBe([type]);
        anomaly.Description.ShouldBe(description);
    }

    [Theory]
    [InlineData("float_domain { min: 0 }", "FLOAT_TYPE_SMALL_FLOAT")]
    [InlineData("float_domain { max: 0.25 }", "FLOAT_TYPE_BIG_FLOAT")]
    [InlineData("float_domain { disallow_nan: true }", "FLOAT_TYPE_HAS_NAN")]
    [InlineData("bool_domain { }", "BOOL_TYPE_UNEXPECTED_FLOAT")]
    public void Real_numbers_have_bounds(string domain, string type) =>
        Single($"type: FLOAT {domain}", new double[] { -0.5, 0.5, double.NaN }).Types.ShouldBe([type]);

    [Fact]
    public void Infinite_numbers_may_be_forbidden() =>
        Single("type: FLOAT float_domain { disallow_inf: true }", new double[] { double.NegativeInfinity, 1 }).Types.ShouldBe(["FLOAT_TYPE_HAS_INF"]);

    [Fact]
    public void Bounds_are_compared_with_the_precision_that_they_have() =>
        Passes("type: FLOAT float_domain { min: 0.1 max: 0.7 }", new double[] { 0.1, 0.7 });

    [Theory]
    [InlineData("int_domain { }", "INT_TYPE_NOT_INT_STRING")]
    [InlineData("float_domain { }", "FLOAT_TYPE_STRING_NOT_FLOAT")]
    [InlineData("bool_domain { true_value: '1' false_value: '2' }", "BOOL_TYPE_UNEXPECTED_STRING")]
    public void Texts_may_have_to_be_numbers_or_truth_values(string domain, string type)
    {
        var anomaly = Single($"type: BYTES {domain}", new[] { "1", "2", "x" });
        anomaly.Types.ShouldBe([type]);
        anomaly.Description.ShouldContain("'x'");
        Passes($"type: BYTES {domain}", new[] { "1", "2" });
    }

    [Fact]
    public void Truth_values_below_zero_are_told_apart()
    {
        Single("bool_domain { }", new long[] { -1, 1 }).Types.ShouldBe(["BOOL_TYPE_SMALL_INT"]);
        Passes("bool_domain { }", new long[] { 0, 1 });
        Passes("bool_domain { }", new double[] { 0, 1 });
    }

    [Theory]
    [InlineData("unique_constraints { min: 4 }", "FEATURE_TYPE_LOW_UNIQUE")]
    [InlineData("unique_constraints { max: 2 }", "FEATURE_TYPE_HIGH_UNIQUE")]
    public void The_number_of_distinct_texts_is_bounded(string feature, string type)
    {
        Single(feature, new[] { "a", "b", "c" }).Types.ShouldBe([type]);
        Single(feature, new long[] { 1, 2, 3 }).Types.ShouldBe(["FEATURE_TYPE_NO_UNIQUE"]);
    }

    [Theory]
    [InlineData("min_examples_count: 4", "DATASET_LOW_NUM_EXAMPLES")]
    [InlineData("max_examples_count: 2", "DATASET_HIGH_NUM_EXAMPLES")]
    public void The_number_of_examples_is_bounded(string constraint, string type)
    {
        var anomaly = Validate($$"""feature { name: "x" type: INT } dataset_constraints { {{constraint}} }""", [("x", new long[] { 1, 2, 3 })]).Found.ShouldHaveSingleItem();

        anomaly.Types.ShouldBe([type]);
        anomaly.Feature.ShouldBeEmpty();
        anomaly.ToString().ShouldStartWith("There are 3 examples.");
    }

    [Fact]
    public void Features_belong_to_environments()
    {
        const string Schema = """
            default_environment: "TRAINING" default_environment: "SERVING"
            feature { name: "x" type: INT }
            feature { name: "label" type: INT not_in_environment: "SERVING" presence { min_count: 1 } }
            """;
        (string, Array)[] withLabel = [("x", new long[] { 1 }), ("label", new long[] { 1 })];
        (string, Array)[] without = [("x", new long[] { 1 })];
        var serving = new ValidationOptions { Environment = "SERVING" };
        var training = new ValidationOptions { Environment = "TRAINING" };

        Validate(Schema, without, serving).Found.ShouldBeEmpty();
        Validate(Schema, withLabel, training).Found.ShouldBeEmpty();
        Validate(Schema, without, training).Found.ShouldHaveSingleItem().Types.ShouldBe(["SCHEMA_MISSING_COLUMN"]);
        Validate(Schema, withLabel, serving).Found.ShouldHaveSingleItem().Types.ShouldBe(["SCHEMA_NEW_COLUMN"]);
    }

    [Fact]
    public void Several_faults_of_a_column_are_told_together()
    {
        var anomaly = Single("type: INT value_count { min: 2 } presence { min_count: 9 }", new[] { "a" });

        anomaly.ShortDescription.ShouldBe("Multiple errors");
        anomaly.Types.ShouldBe(["FEATURE_TYPE_LOW_NUMBER_VALUES", "FEATURE_TYPE_LOW_NUMBER_PRESENT", "UNEXPECTED_DATA_TYPE"]);
    }

    [Fact]
    public void Anomalies_are_kept_in_the_form_of_TFX()
    {
        var file = System.IO.Path.Combine(_directory.FullName, "SchemaDiff.pb");
        var report = Validate("feature { name: 'a.b' type: INT } feature { name: 'c' type: INT }", [("a.b", new[] { "x" }), ("c", new[] { "x" })]);

        report.Save(file);

        var message = Gyre.Schemas.Protos.Anomalies.Parser.ParseFrom(File.ReadAllBytes(file));
        message.AnomalyNameFormat.ShouldBe(Gyre.Schemas.Protos.Anomalies.Types.AnomalyNameFormat.SerializedPath);
        message.Baseline.Feature.Count.ShouldBe(2);
        message.AnomalyInfo.Keys.ShouldBe(["'a.b'", "c"], ignoreOrder: true);
        message.AnomalyInfo["'a.b'"].Path.Step.ShouldBe(["a.b"]);
        message.AnomalyInfo["c"].Reason.ShouldHaveSingleItem().Type.ShouldBe(AnomalyInfo.Types.Type.UnexpectedDataType);
        ((int)message.AnomalyInfo["c"].Reason[0].Type).ShouldBe(70);
        AnomalyReport.Load(file).Found.Select(anomaly => anomaly.ToString()).ShouldBe(report.Found.Select(anomaly => anomaly.ToString()));
    }

    [Fact]
    public void The_taxi_schema_of_TFX_finds_the_two_values_that_it_lacks()
    {
        // The golden schema was made from all rows; without the two values it is what the train split alone gives.
        var train = DatasetStatistics.Load(SharedData.File("conformance/tfx/testdata/statistics_gen/Split-train/FeatureStats.pb"));
        var schema = SchemaInference.Infer(train, InferenceOptions.Strict);
        foreach (var domain in schema.Message.StringDomain)
        {
            domain.Value.Remove("Pcard");
            domain.Value.Remove("2192 - 73487 Zeymane Corp");
        }

        SchemaValidation.Validate(train, schema).Found.Select(anomaly => (anomaly.Feature, anomaly.Types.Single(), anomaly.Description)).ShouldBe(
        [
            ("company", "ENUM_TYPE_UNEXPECTED_STRING_VALUES", "0.02 % of the values are not in the schema: '2192 - 73487 Zeymane Corp' (0.02 %)."),
            ("payment_type", "ENUM_TYPE_UNEXPECTED_STRING_VALUES", "0.03 % of the values are not in the schema: 'Pcard' (0.03 %)."),
        ]);
    }

    [Fact]
    public void A_header_taken_for_data_is_found_in_the_books_own_statistics()
    {
        var sets = DatasetStatistics.LoadAll(SharedData.File("data/complaints/book_tfdv_stats/data_validation__train61799_vs_val61798.pb"));
        var schema = SchemaInference.Infer(sets[1]);

        var report = SchemaValidation.Validate(sets[0], schema);

        report.Errors.SelectMany(anomaly => anomaly.Types).Distinct(StringComparer.Ordinal).ShouldBe(["SCHEMA_NEW_COLUMN", "SCHEMA_MISSING_COLUMN"], ignoreOrder: true);
    }
}
