using Gyre.Schemas;
using Gyre.Schemas.TextFormat;
using Gyre.Statistics;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Schemas;

/// <summary>
/// Every kind of anomaly that schema and statistics of one data set can give: what raises it, what does not, and that
/// the schema proposed allows the data. The conditions are those of TensorFlow Data Validation.
/// </summary>
public sealed class AnomalyTypesTests
{
    const string Ten = "num_non_missing: 10 min_num_values: 1 max_num_values: 1 avg_num_values: 1";

    static DatasetStatistics Statistics(string features) =>
        new(TextParser.Parse<DatasetFeatureStatistics>($"num_examples: 10 {features}", "statistics"));

    static string Numbers(string type, string rest, string common = Ten) => $$"""features { name: "x" type: {{type}} num_stats { common_stats { {{common}} } {{rest}} } }""";

    static string Texts(string rest, string common = Ten) => $$"""features { name: "x" type: STRING string_stats { common_stats { {{common}} } {{rest}} } }""";

    static string Values(params string[] values) =>
        $$"""unique: {{values.Length}} rank_histogram { {{string.Join(' ', values.Select(value => $$"""buckets { label: "{{value}}" sample_count: 1 }"""))}} }""";

    static string Custom(string statistics, string common = Ten) => $$"""features { name: "x" type: STRING string_stats { common_stats { {{common}} } } {{statistics}} }""";

    static string[] Types(string schema, string statistics, ValidationOptions? options = null) =>
        [.. SchemaValidation.Validate(Statistics(statistics), SchemaDefinition.Parse(schema), options).Found.SelectMany(anomaly => anomaly.Types)];

    static void Finds(string feature, string statistics, params string[] types)
    {
        var schema = SchemaDefinition.Parse($$"""feature { name: "x" {{feature}} }""");
        var report = SchemaValidation.Validate(Statistics(statistics), schema);
        report.Found.SelectMany(anomaly => anomaly.Types).ShouldBe(types);
        SchemaValidation.Validate(Statistics(statistics), report.Fixed!).Errors.ShouldBeEmpty(report.Fixed!.Text);
    }

    [Theory]
    [InlineData("type: INT bool_domain { }", "min: -1 max: 1", "BOOL_TYPE_SMALL_INT")]
    [InlineData("type: INT bool_domain { }", "min: 0 max: 2", "BOOL_TYPE_BIG_INT")]
    [InlineData("type: INT bool_domain { }", "min: 0 max: 1")]
    [InlineData("type: INT bool_domain { true_value: '1' false_value: '1' }", "min: 0 max: 1", "BOOL_TYPE_INVALID_CONFIG", "BOOL_TYPE_INVALID_CONFIG")]
    [InlineData("type: INT bool_domain { true_value: '1' }", "min: 0 max: 1", "BOOL_TYPE_INVALID_CONFIG")]
    [InlineData("type: INT int_domain { min: 3 }", "min: 2 max: 9", "INT_TYPE_SMALL_INT")]
    [InlineData("type: INT int_domain { max: 8 }", "min: 2 max: 9", "INT_TYPE_BIG_INT")]
    [InlineData("type: INT int_domain { min: 0 }", "min: -1e20 max: 9", "DOMAIN_INVALID_FOR_TYPE")]
    [InlineData("type: INT int_domain { min: 9 max: 1 }", "min: 2 max: 9", "INVALID_DOMAIN_SPECIFICATION")]
    [InlineData("type: INT unique_constraints { max: 2 }", "", "FEATURE_TYPE_NO_UNIQUE")]
    [InlineData("type: FLOAT", "min: 1 max: 2", "UNEXPECTED_DATA_TYPE")]
    [InlineData("type: BYTES", "min: 1 max: 2", "UNEXPECTED_DATA_TYPE")]
    [InlineData("type: INT float_domain { }", "", "DOMAIN_INVALID_FOR_TYPE")]
    [InlineData("type: INT domain: 'd'", "", "DOMAIN_INVALID_FOR_TYPE")]
    [InlineData("type: INT bool_domain { } distribution_constraints { }", "min: 0 max: 1", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT distribution_constraints { min_domain_mass: 0.5 }", "", "INVALID_SCHEMA_SPECIFICATION")]
    public void Whole_numbers(string feature, string numbers, params string[] types) => Finds(feature, Numbers("INT", numbers), types);

    [Theory]
    [InlineData("float_domain { min: 0 }", "min: -1 max: 1", "FLOAT_TYPE_SMALL_FLOAT")]
    [InlineData("float_domain { max: 0.5 }", "min: -1 max: 1", "FLOAT_TYPE_BIG_FLOAT")]
    [InlineData("float_domain { min: 1 max: 0 }", "min: -1 max: 1", "INVALID_DOMAIN_SPECIFICATION")]
    [InlineData("float_domain { disallow_nan: true }", "histograms { num_nan: 2 }", "FLOAT_TYPE_HAS_NAN")]
    [InlineData("float_domain { disallow_inf: true }", "max: inf", "FLOAT_TYPE_HAS_INF")]
    [InlineData("float_domain { disallow_nan: true disallow_inf: true }", "max: 1 histograms { }")]
    [InlineData("bool_domain { }", "min: 0 max: 0.5", "BOOL_TYPE_UNEXPECTED_FLOAT")]
    [InlineData("bool_domain { }", "min: 0 max: 1 histograms { num_nan: 1 }", "BOOL_TYPE_UNEXPECTED_FLOAT")]
    [InlineData("bool_domain { }", "min: 0 max: 1 histograms { type: QUANTILES buckets { low_value: 0.2 high_value: 0.4 sample_count: 3 } }", "BOOL_TYPE_UNEXPECTED_FLOAT")]
    [InlineData("bool_domain { }", "min: 0 max: 1 histograms { type: QUANTILES buckets { low_value: 0 high_value: 1 sample_count: 3 } }")]
    public void Real_numbers(string domain, string numbers, params string[] types) => Finds($"type: FLOAT {domain}", Numbers("FLOAT", numbers), types);

    [Theory]
    [InlineData("string_domain { value: 'a' }", "a,b", "ENUM_TYPE_UNEXPECTED_STRING_VALUES")]
    [InlineData("string_domain { value: 'a' } distribution_constraints { min_domain_mass: 0.8 }", "a,b")]
    [InlineData("int_domain { }", "1,x", "INT_TYPE_NOT_INT_STRING")]
    [InlineData("int_domain { min: 2 max: 8 }", "1,9", "INT_TYPE_SMALL_INT", "INT_TYPE_BIG_INT")]
    [InlineData("float_domain { }", "1.5,x", "FLOAT_TYPE_STRING_NOT_FLOAT")]
    [InlineData("float_domain { disallow_nan: true min: 2 }", "1.5,NaN", "FLOAT_TYPE_HAS_NAN", "FLOAT_TYPE_SMALL_FLOAT")]
    [InlineData("float_domain { disallow_inf: true }", "1.5,-inf", "FLOAT_TYPE_HAS_INF")]
    [InlineData("bool_domain { true_value: 'y' false_value: 'n' }", "y,n,?", "BOOL_TYPE_UNEXPECTED_STRING")]
    [InlineData("bool_domain { }", "y,n", "BOOL_TYPE_INVALID_CONFIG")]
    [InlineData("bool_domain { true_value: 'y' false_value: 'y' }", "y", "BOOL_TYPE_INVALID_CONFIG")]
    [InlineData("unique_constraints { min: 3 }", "a,b", "FEATURE_TYPE_LOW_UNIQUE")]
    [InlineData("unique_constraints { max: 1 }", "a,b", "FEATURE_TYPE_HIGH_UNIQUE")]
    [InlineData("unique_constraints { min: 4 max: 1 }", "a", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("domain: 'lost'", "a", "INVALID_DOMAIN_SPECIFICATION")]
    [InlineData("string_domain { value: 'a' } distribution_constraints { min_domain_mass: 1.5 }", "a", "INVALID_SCHEMA_SPECIFICATION")]
    public void Texts_and_what_is_written_in_them(string feature, string values, params string[] types) => Finds($"type: BYTES {feature}", Texts(Values(values.Split(','))), types);

    [Fact]
    public void Texts_that_are_no_UTF8_or_are_bytes_fit_no_set()
    {
        Finds("type: BYTES string_domain { value: 'a' }", Texts("invalid_utf8_count: 2 " + Values("a")), "ENUM_TYPE_INVALID_UTF8");
        Finds("type: BYTES string_domain { value: 'a' }", $$"""features { name: "x" type: BYTES bytes_stats { common_stats { {{Ten}} } } }""", "DOMAIN_INVALID_FOR_TYPE");
        Finds("type: BYTES image_domain { max_image_byte_size: 5 }", $$"""features { name: "x" type: BYTES bytes_stats { common_stats { {{Ten}} } max_num_bytes_int: 6 } }""", "MAX_IMAGE_BYTE_SIZE_EXCEEDED");
    }

    [Fact]
    public void Values_that_statistics_do_not_list_are_seen_by_their_number() =>
        Finds("type: BYTES string_domain { value: ['a', 'b', 'c'] }", Texts("unique: 9 rank_histogram { buckets { label: 'a' sample_count: 3 } }"), "ENUM_TYPE_UNEXPECTED_STRING_VALUES");

    [Theory]
    [InlineData("type: INT", "num_missing: 10", "")]
    [InlineData("type: INT presence { min_count: 1 }", "num_missing: 10", "FEATURE_TYPE_NOT_PRESENT")]
    [InlineData("type: INT presence { min_count: 6 }", "num_non_missing: 5 num_missing: 5", "FEATURE_TYPE_LOW_NUMBER_PRESENT")]
    [InlineData("type: INT presence { min_fraction: 1 }", "num_non_missing: 5 num_missing: 5", "FEATURE_TYPE_LOW_FRACTION_PRESENT")]
    [InlineData("type: INT group_presence { required: true }", "num_non_missing: 5 num_missing: 5", "FEATURE_TYPE_LOW_FRACTION_PRESENT")]
    [InlineData("type: INT group_presence { required: true }", "num_missing: 10", "FEATURE_TYPE_NOT_PRESENT")]
    [InlineData("type: INT presence { min_fraction: 1.5 }", "num_non_missing: 10", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT presence { min_fraction: -1 }", "num_non_missing: 10", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT value_count { min: 2 }", "num_non_missing: 10 min_num_values: 1 max_num_values: 3", "FEATURE_TYPE_LOW_NUMBER_VALUES")]
    [InlineData("type: INT value_count { max: 2 }", "num_non_missing: 10 min_num_values: 1 max_num_values: 3", "FEATURE_TYPE_HIGH_NUMBER_VALUES")]
    [InlineData("type: INT value_count { min: 2 max: 1 }", "num_non_missing: 10 min_num_values: 2 max_num_values: 2", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT value_count { min: -2 }", "num_non_missing: 10 min_num_values: 2 max_num_values: 2", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT shape { dim { size: 2 } }", "num_non_missing: 10 min_num_values: 1 max_num_values: 2", "INVALID_FEATURE_SHAPE")]
    [InlineData("type: INT shape { dim { size: 2 } }", "num_non_missing: 10 min_num_values: 3 max_num_values: 3", "INVALID_FEATURE_SHAPE")]
    [InlineData("type: INT shape { dim { size: 2 } dim { size: 3 } }", "num_non_missing: 10 min_num_values: 6 max_num_values: 6", "")]
    [InlineData("type: INT shape { dim { size: 0 } }", "num_non_missing: 10 min_num_values: 3 max_num_values: 3", "INVALID_SCHEMA_SPECIFICATION")]
    [InlineData("type: INT value_counts { value_count { } value_count { } }", "num_non_missing: 10 min_num_values: 3 max_num_values: 3", "VALUE_NESTEDNESS_MISMATCH")]
    [InlineData("", "num_non_missing: 10", "FEATURE_MISSING_TYPE")]
    public void Presence_and_numbers_of_values(string feature, string common, string type) =>
        Finds(feature, Numbers("INT", "", common), type.Length == 0 ? [] : [type]);

    [Fact]
    public void Each_level_of_nesting_has_its_numbers_of_values()
    {
        const string Two = """
            num_non_missing: 10 presence_and_valency_stats { num_non_missing: 10 min_num_values: 1 max_num_values: 3 }
            presence_and_valency_stats { num_non_missing: 20 min_num_values: 0 max_num_values: 5 }
            """;
        Finds("type: INT value_counts { value_count { min: 2 } value_count { max: 4 } }", Numbers("INT", "", Two), "FEATURE_TYPE_LOW_NUMBER_VALUES", "FEATURE_TYPE_HIGH_NUMBER_VALUES");
        Finds("type: INT value_counts { value_count { min: 1 max: 3 } value_count { max: 5 } }", Numbers("INT", "", Two));
        Finds("type: INT value_count { min: 1 }", Numbers("INT", "", Two), "VALUE_NESTEDNESS_MISMATCH");
        Finds("type: INT value_counts { value_count { min: -1 } value_count { min: 3 max: 2 } }", Numbers("INT", "", Two), "INVALID_SCHEMA_SPECIFICATION", "INVALID_SCHEMA_SPECIFICATION", "FEATURE_TYPE_LOW_NUMBER_VALUES", "FEATURE_TYPE_HIGH_NUMBER_VALUES");
    }

    [Fact]
    public void An_embedding_has_a_fixed_length()
    {
        Finds("type: FLOAT float_domain { is_embedding: true embedding_dim: 3 }", Numbers("FLOAT", "", "num_non_missing: 10 min_num_values: 2 max_num_values: 2"), "EMBEDDING_SHAPE_INVALID");
        Finds("type: FLOAT float_domain { is_embedding: true }", Numbers("FLOAT", "", "num_non_missing: 10 min_num_values: 2 max_num_values: 2"));
    }

    [Theory]
    [InlineData("missing_value' num: 3", "SPARSE_FEATURE_MISSING_VALUE", "WEIGHTED_FEATURE_MISSING_VALUE")]
    [InlineData("missing_index' rank_histogram { buckets { label: 'i' sample_count: 2 } }", "SPARSE_FEATURE_MISSING_INDEX", "")]
    [InlineData("max_length_diff' rank_histogram { buckets { label: 'i' sample_count: 2 } }", "SPARSE_FEATURE_LENGTH_MISMATCH", "")]
    [InlineData("missing_weight' num: 3", "", "WEIGHTED_FEATURE_MISSING_WEIGHT")]
    [InlineData("max_weight_length_diff' num: 3", "", "WEIGHTED_FEATURE_LENGTH_MISMATCH")]
    [InlineData("missing_value' num: 0", "", "")]
    public void Parts_of_sparse_and_weighted_features_fit_together(string custom, string sparse, string weighted)
    {
        var statistics = $$"""features { name: "x" custom_stats { name: '{{custom}} } }""";
        Types("sparse_feature { name: 'x' }", statistics).ShouldBe(sparse.Length == 0 ? [] : [sparse]);
        Types("weighted_feature { name: 'x' }", statistics).ShouldBe(weighted.Length == 0 ? [] : [weighted]);
        Types("sparse_feature { name: 'x' lifecycle_stage: DEPRECATED }", statistics).ShouldBeEmpty();
    }

    [Fact]
    public void Sparse_and_weighted_features_bear_names_of_their_own()
    {
        Types("feature { name: 'x' type: INT } sparse_feature { name: 'x' }", Numbers("INT", "")).ShouldBe(["SPARSE_FEATURE_NAME_COLLISION"]);
        Types("feature { name: 'x' type: INT } weighted_feature { name: 'x' }", Numbers("INT", "")).ShouldBe(["WEIGHTED_FEATURE_NAME_COLLISION"]);
        Types("feature { name: 'x' type: INT deprecated: true } sparse_feature { name: 'x' }", Numbers("INT", "")).ShouldBeEmpty();
    }

    [Fact]
    public void Language_is_held_to_its_constraints_where_statistics_have_it()
    {
        const string Domain = """
            type: BYTES natural_language_domain {
              coverage { min_coverage: 0.8 min_avg_token_length: 4 }
              token_constraints { string_value: "a" min_fraction_of_sequences: 0.5 max_per_sequence: 2 }
              token_constraints { int_value: 7 max_fraction_of_sequences: 0.1 min_per_sequence: 3 }
            }
            """;
        var language = new NaturalLanguageStatistics
        {
            FeatureCoverage = 0.5,
            AvgTokenLength = 3,
            TokenStatistics =
            {
                new NaturalLanguageStatistics.Types.TokenStatistics { StringToken = "a", FractionOfSequences = 0.1, PerSequenceMaxFrequency = 5 },
                new NaturalLanguageStatistics.Types.TokenStatistics { IntToken = 7, FractionOfSequences = 0.9, PerSequenceMinFrequency = 1 },
            },
        };
        var statistics = Statistics(Texts("")).Message;
        statistics.Features[0].CustomStats.Add(new CustomStatistic { Name = "nl_statistics", Any = Google.Protobuf.WellKnownTypes.Any.Pack(language) });
        var report = SchemaValidation.Validate(new DatasetStatistics(statistics), SchemaDefinition.Parse($$"""feature { name: "x" {{Domain}} }"""));

        report.Found.ShouldHaveSingleItem().Types.ShouldBe(
        [
            "FEATURE_COVERAGE_TOO_LOW", "FEATURE_COVERAGE_TOO_SHORT_AVG_TOKEN_LENGTH", "SEQUENCE_VALUE_TOO_SMALL_FRACTION",
            "SEQUENCE_VALUE_TOO_MANY_OCCURRENCES", "SEQUENCE_VALUE_TOO_LARGE_FRACTION", "SEQUENCE_VALUE_TOO_FEW_OCCURRENCES",
        ]);
        SchemaValidation.Validate(new DatasetStatistics(statistics), report.Fixed!).Found.ShouldBeEmpty();
        Finds(Domain, Texts(""), "STATS_NOT_AVAILABLE");
        Finds("type: BYTES natural_language_domain { }", Texts(""));
    }

    [Fact]
    public void What_statistics_recognise_is_suggested_and_images_are_counted()
    {
        Finds("type: BYTES", Custom("custom_stats { name: 'domain_info' str: 'mid_domain {}' }"), "SEMANTIC_DOMAIN_UPDATE");
        Finds("type: BYTES url_domain { }", Custom("custom_stats { name: 'domain_info' str: 'mid_domain {}' }"));
        Finds("type: BYTES", Custom("custom_stats { name: 'domain_info' str: 'type: INT' }"));
        Finds("type: BYTES", Custom("custom_stats { name: 'domain_info' str: 'nonsense' }"));
        const string Images = "custom_stats { name: 'image_format_histogram' rank_histogram { buckets { label: 'png' sample_count: 3 } buckets { label: 'UNKNOWN' sample_count: 2 } } }";
        Finds("type: BYTES image_domain { minimum_supported_image_fraction: 0.8 }", Custom(Images), "LOW_SUPPORTED_IMAGE_FRACTION");
        Finds("type: BYTES image_domain { minimum_supported_image_fraction: 0.6 }", Custom(Images));
        Finds("type: BYTES image_domain { minimum_supported_image_fraction: 0.8 }", Custom(""), "STATS_NOT_AVAILABLE");
    }

    [Fact]
    public void Derived_features_say_so()
    {
        const string Derived = "features { name: 'x' type: INT validation_derived_source { deriver_name: 'd' } num_stats { common_stats { num_non_missing: 10 } } }";
        Finds("type: INT", Derived, "DERIVED_FEATURE_INVALID_SOURCE");
        Finds("type: INT validation_derived_source { deriver_name: 'd' } lifecycle_stage: PRODUCTION", Derived, "DERIVED_FEATURE_BAD_LIFECYCLE");
        Finds("type: INT validation_derived_source { deriver_name: 'd' } lifecycle_stage: VALIDATION_DERIVED", Derived);
        Types("", Derived).ShouldBe(["SCHEMA_NEW_COLUMN"]);
    }

    [Theory]
    [InlineData("PLANNED", false)]
    [InlineData("ALPHA", false)]
    [InlineData("DEPRECATED", false)]
    [InlineData("DEBUG_ONLY", false)]
    [InlineData("DISABLED", false)]
    [InlineData("UNKNOWN_STAGE", true)]
    [InlineData("BETA", true)]
    [InlineData("PRODUCTION", true)]
    public void Only_stages_in_use_are_looked_at(string stage, bool isChecked) =>
        Finds($"type: INT int_domain {{ max: 1 }} lifecycle_stage: {stage}", Numbers("INT", "max: 2"), isChecked ? ["INT_TYPE_BIG_INT"] : []);

    [Fact]
    public void Features_in_structures_are_found_by_their_paths()
    {
        const string Nested = """
            features { path { step: "s" } type: STRUCT struct_stats { common_stats { num_non_missing: 10 } } }
            features { path { step: "s" step: "a.b" } type: INT num_stats { common_stats { num_non_missing: 10 } max: 5 } }
            features { path { step: "s" step: "new" } type: INT num_stats { common_stats { num_non_missing: 10 } } }
            """;
        const string Schema = """
            feature { name: "s" type: STRUCT struct_domain {
              feature { name: "a.b" type: INT int_domain { max: 1 } } feature { name: "lost" type: INT group_presence { required: true } } } }
            """;
        var report = SchemaValidation.Validate(Statistics(Nested), SchemaDefinition.Parse(Schema));

        report.Found.Select(anomaly => (anomaly.Feature, anomaly.Types.Single())).ShouldBe(
            [("s.'a.b'", "INT_TYPE_BIG_INT"), ("s.lost", "SCHEMA_MISSING_COLUMN"), ("s.new", "SCHEMA_NEW_COLUMN")]);
        SchemaValidation.Validate(Statistics(Nested), report.Fixed!).Found.ShouldBeEmpty();
        Types("feature { name: 'other' type: INT }", Nested).ShouldBe(["SCHEMA_NEW_COLUMN"]);
    }

    [Fact]
    public void Older_statistics_name_features_in_structures_by_prefix() =>
        Types(
            "feature { name: 's' type: STRUCT struct_domain { feature { name: 'a' type: INT int_domain { max: 1 } } } }",
            "features { name: 's' type: STRUCT struct_stats { common_stats { num_non_missing: 10 } } } features { name: 's.a' type: INT num_stats { common_stats { num_non_missing: 10 } max: 5 } }")
            .ShouldBe(["INT_TYPE_BIG_INT"]);

    [Fact]
    public void Weights_count_where_all_features_have_them()
    {
        const string Common = "num_non_missing: 10 weighted_common_stats { num_non_missing: 4 num_missing: 4 tot_num_values: 4 }";
        var statistics = Statistics(Texts("weighted_string_stats { rank_histogram { buckets { label: 'w' sample_count: 4 } } } " + Values("a"), Common)).Message;
        var schema = SchemaDefinition.Parse("feature { name: 'x' type: BYTES string_domain { value: 'a' } presence { min_fraction: 1 } }");
        SchemaValidation.Validate(new DatasetStatistics(statistics), schema).Found.ShouldBeEmpty();

        statistics.WeightedNumExamples = 8;
        SchemaValidation.Validate(new DatasetStatistics(statistics), schema).Found.ShouldHaveSingleItem().Types
            .ShouldBe(["FEATURE_TYPE_LOW_FRACTION_PRESENT", "ENUM_TYPE_UNEXPECTED_STRING_VALUES"]);
    }

    [Fact]
    public void Faults_of_the_schema_are_told_also_where_the_data_lacks_the_column()
    {
        Types("feature { name: 'y' type: INT value_count { min: 2 max: 1 } } feature { name: 'x' type: INT }", Numbers("INT", "")).ShouldBe(["INVALID_SCHEMA_SPECIFICATION"]);
        Types("feature { type: INT } feature { name: 'x' type: INT }", Numbers("INT", "")).ShouldBe(["FEATURE_MISSING_NAME"]);
    }

    [Fact]
    public void No_examples_at_all_are_an_anomaly_of_the_data_set()
    {
        var report = SchemaValidation.Validate(new DatasetStatistics(new DatasetFeatureStatistics()), SchemaDefinition.Parse("feature { name: 'x' type: INT }"));

        report.Errors.ShouldHaveSingleItem().Types.ShouldBe(["NO_DATA_IN_SPAN"]);
        report.Message.DataMissing.ShouldBeTrue();
    }

    [Fact]
    public void Severities_are_chosen_by_type_also_in_the_form_of_TFX()
    {
        var warn = new ValidationOptions { Severities = ValidationConfiguration.Parse("severity_overrides { type: INT_TYPE_BIG_INT severity: WARNING } new_features_are_warnings: true") };
        warn.Severities.Keys.ShouldBe(["INT_TYPE_BIG_INT", "SCHEMA_NEW_COLUMN"]);
        var (statistics, schema) = (Statistics(Numbers("INT", "min: -5 max: 9")), SchemaDefinition.Parse("feature { name: 'x' type: INT int_domain { max: 1 } }"));
        SchemaValidation.Validate(statistics, schema, warn).Errors.ShouldBeEmpty();
        var both = SchemaDefinition.Parse("feature { name: 'x' type: INT int_domain { min: 0 max: 1 } }");
        SchemaValidation.Validate(statistics, both, warn).Found.ShouldHaveSingleItem().Severity.ShouldBe(AnomalySeverity.Error, "the greatest severity of a feature counts");
        var strict = new ValidationOptions { Severities = new Dictionary<string, AnomalySeverity> { ["UNEXPECTED_DATA_TYPE"] = AnomalySeverity.Error } };
        SchemaValidation.Validate(statistics, SchemaDefinition.Parse("feature { name: 'x' type: FLOAT }"), strict).Errors.ShouldHaveSingleItem();
    }
}
