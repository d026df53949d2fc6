using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Gyre.Schemas.Protos;
using Gyre.Schemas.TextFormat;
using Gyre.Statistics.Protos;

namespace Gyre.Tests.Schemas;

public sealed class TextFormatTests
{
    static Schema Parse(string text) => TextParser.Parse<Schema>(text, "s.pbtxt");

    [Fact]
    public void Fields_comments_separators_and_both_kinds_of_braces_are_read()
    {
        var schema = Parse("""
            # a comment
            feature { name: "a", type: BYTES; presence < min_fraction: 0.5 min_count: 1 > }  # another
            feature: { name: 'b' type: 2 }
            string_domain { name: "d" value: ["x", "y"] value: "z" value: [] }
            default_environment: "TRAINING" default_environment: "SERVING"
            """);

        schema.Feature.Select(feature => (feature.Name, feature.Type)).ShouldBe([("a", FeatureType.Bytes), ("b", FeatureType.Int)]);
        schema.Feature[0].Presence.MinFraction.ShouldBe(0.5);
        schema.Feature[0].Presence.MinCount.ShouldBe(1);
        schema.StringDomain[0].Value.ShouldBe(["x", "y", "z"]);
        schema.DefaultEnvironment.ShouldBe(["TRAINING", "SERVING"]);
    }

    [Fact]
    public void Lists_of_messages_may_stand_in_brackets() =>
        Parse("feature: [{ name: 'a' }, < name: 'b' >]").Feature.Select(feature => feature.Name).ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("'a' 'b'\n  \"c\"", "abc")]
    [InlineData("""'\n\t\r\\\'\"\a\b\f\v\?'""", "\n\t\r\\'\"\a\b\f\v?")]
    [InlineData("""'\101\x42\x4a\303\244'""", "ABJä")]
    [InlineData("""'\u00e4\U0001F600'""", "ä😀")]
    [InlineData("'ä 日本'", "ä 日本")]
    [InlineData("'# no comment'", "# no comment")]
    [InlineData("""'\0007'""", "\u00007")]
    public void Texts_are_joined_and_unescaped(string written, string meant) =>
        Parse($"feature {{ name: {written} }}").Feature[0].Name.ShouldBe(meant);

    [Theory]
    [InlineData("17", 17)]
    [InlineData("-17", -17)]
    [InlineData("- 17", -17)]
    [InlineData("0x1F", 31)]
    [InlineData("017", 15)]
    [InlineData("0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Whole_numbers_come_in_base_8_10_and_16(string written, long meant) =>
        Parse($"feature {{ int_domain {{ min: {written} }} }}").Feature[0].IntDomain.Min.ShouldBe(meant);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1.5", 1.5)]
    [InlineData("1.5f", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("-2e-3", -0.002)]
    [InlineData("1E+3", 1000)]
    [InlineData("0x10", 16)]
    [InlineData("0.25", 0.25)]
    [InlineData("0e1", 0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    public void Real_numbers_come_in_all_their_forms(string written, double meant)
    {
        Parse($"feature {{ presence {{ min_fraction: {written} }} }}").Feature[0].Presence.MinFraction.ShouldBe(meant);
        Parse($"feature {{ float_domain {{ min: {written} }} }}").Feature[0].FloatDomain.Min.ShouldBe((float)meant);
    }

    [Fact]
    public void Maps_are_read_as_entries_and_printed_in_the_order_of_their_keys()
    {
        var schema = Parse("""
            tensor_representation_group { key: "z" value { tensor_representation { key: "b" value { varlen_sparse_tensor { column_name: "b" } } } } }
            tensor_representation_group { value {} key: "" }
            """);

        schema.TensorRepresentationGroup["z"].TensorRepresentation["b"].VarlenSparseTensor.ColumnName.ShouldBe("b");
        TextPrinter.Print(schema).ShouldStartWith("tensor_representation_group {\n  key: \"\"\n  value {\n  }\n}\ntensor_representation_group {\n  key: \"z\"\n");
    }

    [Fact]
    public void Messages_are_printed_in_the_order_of_field_numbers()
    {
        var schema = Parse("feature { presence { min_fraction: 1 } type: FLOAT float_domain { max: 0.1 min: -inf } name: 'a\\n\"b\\001' }");

        TextPrinter.Print(schema).ShouldBe(
            """
            feature {
              name: "a\n\"b\001"
              type: FLOAT
              float_domain {
                min: -inf
                max: 0.1
              }
              presence {
                min_fraction: 1.0
              }
            }

            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("feature {\n  nam: \"a\"\n}", 2, 3, "Feature has no field 'nam'. It has: name, deprecated, value_count")]
    [InlineData("feature {\n  name: \"a\"", 2, 12, "the file ends inside a message. Expected '}'")]
    [InlineData("feature { name: \"a\n\" }", 1, 17, "no closing \"")]
    [InlineData("feature { name: \"a\\q\" }", 1, 19, "\\q is no escape")]
    [InlineData("feature { name: \"\\377\" }", 1, 17, "not UTF-8")]
    [InlineData("feature { name: \"\\477\" }", 1, 18, "greater than \\377")]
    [InlineData("feature { name: \"\\ud800\" }", 1, 18, "4 hexadecimal digits that name a Unicode character")]
    [InlineData("feature { name: a }", 1, 17, "expected a quoted string for 'name', found 'a'")]
    [InlineData("feature { name \"a\" }", 1, 16, "expected ':' after 'name'")]
    [InlineData("feature { type: TEXT }", 1, 17, "expected one of TYPE_UNKNOWN, BYTES, INT, FLOAT, STRUCT for 'type', found 'TEXT'")]
    [InlineData("feature { type: 9 }", 1, 17, "found '9'")]
    [InlineData("feature { presence { min_count: 1.5 } }", 1, 33, "expected a whole number of 64 bits for 'min_count', found '1.5'")]
    [InlineData("feature { presence { min_count: 9223372036854775808 } }", 1, 33, "found '9223372036854775808'")]
    [InlineData("feature { presence { min_count: 089 } }", 1, 33, "found '089'")]
    [InlineData("feature { presence { min_fraction: half } }", 1, 36, "expected a number for 'min_fraction', found 'half'")]
    [InlineData("feature { is_sorted: true }", 1, 11, "Feature has no field 'is_sorted'")]
    [InlineData("sparse_feature { is_sorted: yes }", 1, 29, "expected true or false")]
    [InlineData("feature { name: 'a' name: 'b' }", 1, 21, "'name' stands twice")]
    [InlineData("feature { domain: 'a' int_domain { } }", 1, 23, "'int_domain' stands beside another of domain, int_domain")]
    [InlineData("feature { name: ['a'] }", 1, 17, "not a list")]
    [InlineData("feature: 5", 1, 10, "expected '{', found '5'")]
    [InlineData("feature { name: 'a' > }", 1, 21, "expected the name of a field of Feature, found '>'")]
    [InlineData("feature { } }", 1, 13, "expected the name of a field of Schema, found '}'")]
    [InlineData("[com.example.extension] { }", 1, 1, "extensions and expanded Any values are not read here")]
    [InlineData("feature { annotation { extra_metadata { [type.googleapis.com/x] { } } } }", 1, 41, "extensions and expanded Any values")]
    [InlineData("feature $ { }", 1, 9, "the character '$' has no meaning here")]
    [InlineData("default_environment: ['a' 'b', ]", 1, 32, "expected a quoted string")]
    [InlineData("tensor_representation_group { key: 'a' }\n tensor_representation_group { key: 'a' }", 2, 30, "the key 'a' twice")]
    public void Faults_are_told_with_their_place(string text, int line, int column, string told)
    {
        var fault = Should.Throw<TextFormatException>(() => Parse(text));

        fault.Message.ShouldContain(told);
        fault.Message.ShouldStartWith(FormattableString.Invariant($"s.pbtxt({line},{column}): "));
        (fault.Line, fault.Column).ShouldBe((line, column));
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Should.Throw<TextFormatException>(() => Parse(string.Concat(Enumerable.Repeat("feature { struct_domain { ", 100_000)))).Message.ShouldContain("100 levels");

    [Fact]
    public void What_is_printed_reads_the_same()
    {
        Gen.Int.Sample(
            seed =>
            {
                RoundTrips(new Schema(), seed);
                RoundTrips(new DatasetFeatureStatisticsList(), seed);
                RoundTrips(new Gyre.Schemas.Protos.Anomalies(), seed);
            },
            iter: 300);

        static void RoundTrips<T>(T message, int seed)
            where T : class, IMessage<T>, new()
        {
            Fill(message, new Random(seed), depth: 0);
            var text = TextPrinter.Print(message);
            var read = TextParser.Parse<T>(text, "printed");
            read.ShouldBe(message, text);
            TextPrinter.Print(read).ShouldBe(text);
        }
    }

    [Fact]
    public void Random_characters_never_bring_anything_but_a_fault_with_a_place()
    {
        const string Letters = "feature{}<>[]:,;-'\"\\x0n.5#\n \tnametypeINTé\0";
        Gen.String[Gen.Int[0, Letters.Length - 1].Select(i => Letters[i]), 0, 60].Sample(
            text =>
            {
                try
                {
                    Parse(text);
                }
                catch (TextFormatException fault)
                {
                    fault.Line.ShouldBeGreaterThan(0);
                    fault.Column.ShouldBeGreaterThan(0);
                }
            },
            iter: 20_000);
    }

    /// <summary>Sets about half of all fields, at random.</summary>
    static void Fill(IMessage message, Random random, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (random.Next(depth + 2) != 0 || depth > 6)
                continue;
            if (field.IsMap)
            {
                var map = (IDictionary)field.Accessor.GetValue(message);
                map[Value(field.MessageType.FindFieldByNumber(1), random, depth)!] = Value(field.MessageType.FindFieldByNumber(2), random, depth);
            }
            else if (field.IsRepeated)
            {
                for (var count = random.Next(4); count > 0; count--)
                    ((IList)field.Accessor.GetValue(message)).Add(Value(field, random, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, random, depth));
            }
        }
    }

    static object? Value(FieldDescriptor field, Random random, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                var nested = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                Fill(nested, random, depth + 1);
                return nested;
            case FieldType.Enum: return field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number;
            case FieldType.Bool: return random.Next(2) == 1;
            case FieldType.String: return string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(6) == 0 ? "😀" : ((char)random.Next(0x250)).ToString()));
            case FieldType.Bytes:
                var bytes = new byte[random.Next(8)];
                random.NextBytes(bytes);
                return ByteString.CopyFrom(bytes);
            case FieldType.Double: return Real(random);
            case FieldType.Float: return (float)Real(random);
            case FieldType.Int32: return random.Next(int.MinValue, int.MaxValue);
            case FieldType.UInt32: return (uint)random.NextInt64(uint.MaxValue);
            case FieldType.UInt64: return (ulong)random.NextInt64();
            default: return random.NextInt64(long.MinValue, long.MaxValue);
        }
    }

    static double Real(Random random) => random.Next(8) switch
    {
        0 => double.PositiveInfinity,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => random.Next(-5, 5),
        _ => random.NextDouble() * Math.Pow(10, random.Next(-30, 30)),
    };
}
