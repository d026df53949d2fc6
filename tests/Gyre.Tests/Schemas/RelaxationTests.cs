using Gyre.Schemas;
using Gyre.Schemas.Protos;
using Gyre.Statistics;

namespace Gyre.Tests.Schemas;

/// <summary>The schema proposed for data: it allows the data, and asks for nothing that was not asked for before.</summary>
public sealed class RelaxationTests
{
    static readonly Gen<Feature> AnyFeature =
        from type in Gen.Int[1, 3]
        from fraction in Gen.Double[0, 1]
        from count in Gen.Long[0, 4]
        from shape in Gen.Int[0, 3]
        from domain in Gen.Int[0, 5]
        from low in Gen.Int[-5, 5]
        from mass in Gen.Double[0.2, 1]
        select Make((FeatureType)type, fraction, count, shape, domain, low, mass);

    static Feature Make(FeatureType type, double fraction, long count, int shape, int domain, int low, double mass)
    {
        var feature = new Feature { Name = "x", Type = type, Presence = new FeaturePresence { MinFraction = fraction, MinCount = count } };
        if (shape == 1)
            feature.ValueCount = new ValueCount { Min = 1, Max = 1 };
        else if (shape == 2)
            feature.Shape = new FixedShape { Dim = { new FixedShape.Types.Dim { Size = 1 } } };
        switch (domain)
        {
            case 1: feature.IntDomain = new IntDomain { Min = low, Max = low + 3 }; break;
            case 2: feature.FloatDomain = new FloatDomain { Min = low, Max = low + 3, DisallowNan = true, DisallowInf = true }; break;
            case 3: feature.StringDomain = new StringDomain { Value = { "0", "v1" } }; break;
            case 4: feature.BoolDomain = new BoolDomain { TrueValue = "1", FalseValue = "0" }; break;
            case 5: feature.StringDomain = new StringDomain { Value = { "0", "v1" } }; feature.DistributionConstraints = new DistributionConstraints { MinDomainMass = mass }; break;
        }

        return feature;
    }

    static readonly object?[] OddValues = [null, double.NaN, double.PositiveInfinity, "0", "1", "2.5", ""];

    static readonly Gen<object?> AnyValue = Gen.OneOf<object?>(
        Gen.Int[-9, 9].Select(number => (object?)(long)number), Gen.Double[-9, 9].Select(number => (object?)number), Gen.Int[0, 5].Select(number => (object?)$"v{number}"),
        Gen.Int[0, 6].Select(index => OddValues[index]), Gen.Int[0, 3].Array[0, 3].Select(list => (object?)list));

    [Fact]
    public void Data_meets_the_schema_proposed_for_it() =>
        Gen.Select(AnyFeature, AnyValue).Sample((feature, value) =>
        {
            var statistics = SingleExample.Count(new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = value, ["new"] = 1L });
            var schema = new SchemaDefinition(new Schema { Feature = { feature, new Feature { Name = "gone", Type = FeatureType.Int, Presence = new FeaturePresence { MinCount = 1 } } } });
            var proposed = SchemaValidation.Relax(schema, [statistics]);

            SchemaValidation.Validate(statistics, proposed).Errors.ShouldBeEmpty($"{schema.Text}\nproposed\n{proposed.Text}");
            SchemaValidation.Relax(proposed, [statistics]).Text.ShouldBe(proposed.Text, "relaxing again changes nothing");
            SchemaDefinition.Parse(proposed.Text).Text.ShouldBe(proposed.Text);
        });

    [Fact]
    public void What_met_the_schema_meets_the_proposal_too() =>
        Gen.Select(AnyFeature, AnyValue, AnyValue).Sample((feature, fits, fitsNot) =>
        {
            static DatasetStatistics Count(object? value) => SingleExample.Count(new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = value });
            var schema = new SchemaDefinition(new Schema { Feature = { feature } });
            if (SchemaValidation.Validate(Count(fits), schema).Errors.Any())
                return;
            SchemaValidation.Validate(Count(fits), SchemaValidation.Relax(schema, [Count(fitsNot)])).Errors.ShouldBeEmpty();
        });

    [Fact]
    public void Anomalies_show_how_the_schema_would_change()
    {
        var schema = SchemaDefinition.Parse("feature { name: 'x' type: INT int_domain { max: 1 } } feature { name: 'y' type: INT }");
        var report = SchemaValidation.Validate(SingleExample.Count(new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = 5L, ["y"] = 1L }), schema);

        var region = report.Message.AnomalyInfo["x"].DiffRegions.Single(each => each.DetailsCase == DiffRegion.DetailsOneofCase.Changed).Changed;
        region.LeftContents.ShouldHaveSingleItem().Trim().ShouldBe("max: 1");
        region.RightContents.ShouldHaveSingleItem().Trim().ShouldBe("max: 5");
    }

    [Fact]
    public void One_example_is_held_against_what_can_be_said_of_one()
    {
        var schema = SchemaDefinition.Parse("""
            feature { name: "company" type: BYTES string_domain { value: "a" } distribution_constraints { min_domain_mass: 0.9 } presence { min_fraction: 1 min_count: 50 } }
            feature { name: "fare" type: FLOAT float_domain { min: 0 } presence { min_fraction: 0.9 } unique_constraints { min: 5 } }
            dataset_constraints { min_examples_count: 100 }
            """);
        AnomalyReport Of(params (string Name, object? Value)[] example) => SchemaValidation.ValidateExample(example.ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal), schema);

        Of(("company", "a"), ("fare", 2.5)).Found.ShouldBeEmpty();
        Of(("company", "a"), ("fare", null)).Found.ShouldBeEmpty();
        Of(("company", "b"), ("fare", -1)).Found.SelectMany(anomaly => anomaly.Types).ShouldBe(["ENUM_TYPE_UNEXPECTED_STRING_VALUES", "UNEXPECTED_DATA_TYPE"], ignoreOrder: true);
        Of(("company", "a"), ("fare", -1.5)).Found.ShouldHaveSingleItem().Types.ShouldBe(["FLOAT_TYPE_SMALL_FLOAT"]);
        Of(("fare", 1.5)).Found.ShouldHaveSingleItem().Types.ShouldBe(["SCHEMA_MISSING_COLUMN"]);
        Should.Throw<ArgumentException>(() => Of(("fare", new object()))).Message.ShouldContain("'fare'");
    }
}
