using Gyre.Schemas;
using Gyre.Schemas.Protos;

namespace Gyre.Tests.Schemas;

public sealed class SchemaCurationTests
{
    const string Text = """
        # top
        feature { name: "a" type: BYTES domain: "d" }  # behind a
        feature {
          # inside b
          name: "b"
          type: INT
        }
        string_domain { name: "d" value: "x" }  # the set
        default_environment: "T"
        # end
        """;

    static SchemaDefinition Parsed => SchemaDefinition.Parse(Text);

    [Fact]
    public void Only_what_changes_is_written_anew()
    {
        var changed = SchemaFileText.Update(Text, SchemaEdit.Set(Parsed, "b.presence.min_count=1"));

        changed.ShouldBe("""
            # top
            feature { name: "a" type: BYTES domain: "d" }  # behind a
            # inside b
            feature {
              name: "b"
              type: INT
              presence {
                min_count: 1
              }
            }
            string_domain { name: "d" value: "x" }  # the set
            default_environment: "T"
            # end
            """);
        SchemaFileText.Update(Text, Parsed).ShouldBe(Text);
    }

    [Fact]
    public void Added_and_removed_parts_keep_the_comments_around_them()
    {
        var schema = SchemaEdit.AddEnvironment(SchemaEdit.Value(SchemaEdit.RemoveFeature(Parsed, "b"), "a", "y", isAllowed: true), "S");
        var changed = SchemaFileText.Update(Text, schema);

        SchemaDefinition.Parse(changed).Text.ShouldBe(schema.Text);
        foreach (var comment in new[] { "# top", "# behind a", "# inside b", "# the set", "# end" })
            changed.ShouldContain(comment);
    }

    [Fact]
    public void Lists_in_brackets_are_rewritten_as_a_whole_with_their_comments()
    {
        const string Listed = "# kept\nfeature: [ { name: 'a' type: INT }, { name: 'b' type: INT } ]\n";
        var schema = SchemaEdit.Set(SchemaDefinition.Parse(Listed), "b.type=FLOAT");

        var changed = SchemaFileText.Update(Listed, schema);

        changed.ShouldStartWith("# kept\n");
        SchemaDefinition.Parse(changed).Text.ShouldBe(schema.Text);
    }

    [Fact]
    public void Schemas_are_compared_constraint_by_constraint()
    {
        var after = SchemaEdit.Value(SchemaEdit.Set(SchemaEdit.Set(Parsed, "a.presence.min_fraction=0.5"), "b.type=FLOAT"), "a", "y", isAllowed: true);
        after = SchemaDefinition.Parse(after.Text + "feature { name: 'c' type: INT }");

        SchemaComparison.Compare(Parsed, after).Select(change => change.ToString()).ShouldBe(
            ["a: presence.min_fraction + 0.5", "b: type INT → FLOAT", "c: new, INT", "string_domain d: value + \"y\""]);
        SchemaComparison.Compare(after, Parsed).Select(change => change.Kind).ShouldContain(SchemaChangeKind.Removed);
        SchemaComparison.Compare(after, after).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x.type=INT", "begins with no feature")]
    [InlineData("a.tipe=INT", "has no 'tipe'")]
    [InlineData("a.presence=1", "has parts")]
    [InlineData("a", "sets nothing")]
    [InlineData("a.type.x=1", "no parts")]
    public void Assignments_that_mean_nothing_are_refused(string assignment, string why) =>
        Should.Throw<FormatException>(() => SchemaEdit.Set(Parsed, assignment)).Message.ShouldContain(why);

    [Fact]
    public void Assignments_set_clear_and_add()
    {
        SchemaEdit.Set(Parsed, "a.not_in_environment=S").Message.Feature[0].NotInEnvironment.ShouldBe(["S"]);
        SchemaEdit.Set(Parsed, "a.type=").Message.Feature[0].HasType.ShouldBeFalse();
        SchemaEdit.Set(Parsed, "b.int_domain={ min: 3 }").Message.Feature[1].IntDomain.Min.ShouldBe(3);
        SchemaEdit.Set(Parsed, "dataset_constraints.min_examples_count=7").Message.DatasetConstraints.MinExamplesCount.ShouldBe(7);
        Should.Throw<FormatException>(() => SchemaEdit.Set(Parsed, "b.int_domain.min=many")).Message.ShouldContain("whole number");
        Should.Throw<FormatException>(() => SchemaEdit.Value(Parsed, "b", "y", isAllowed: true)).Message.ShouldContain("no set of texts");
        SchemaEdit.RemoveFeature(Parsed, "a").Message.StringDomain.ShouldBeEmpty("nobody else uses the set");
    }

    [Fact]
    public void Only_the_chosen_features_of_a_proposal_are_accepted()
    {
        var proposed = SchemaEdit.Value(SchemaEdit.Set(Parsed, "b.type=FLOAT"), "a", "y", isAllowed: true);

        SchemaComparison.Compare(Parsed, SchemaAcceptance.Accept(Parsed, Parsed, proposed, ["a"])).Select(change => change.Subject).ShouldBe(["string_domain d"]);
        SchemaComparison.Compare(proposed, SchemaAcceptance.Accept(Parsed, Parsed, proposed, ["a", "b"])).ShouldBeEmpty();
        Should.Throw<InvalidDataException>(() => SchemaAcceptance.Accept(SchemaEdit.Set(Parsed, "b.deprecated=true"), Parsed, proposed, ["b"])).Message.ShouldContain("changed");
        Should.Throw<ArgumentException>(() => SchemaAcceptance.Accept(Parsed, Parsed, proposed, ["z"]));
    }

    [Fact]
    public void Differences_of_lines_rebuild_both_sides()
    {
        var lines = Gen.Char["abc"].Select(letter => letter.ToString()).Array[0, 40];
        Gen.Select(lines, lines).Sample((left, right) =>
        {
            var (one, other) = (new List<string>(), new List<string>());
            foreach (var region in LineDifference.Regions(left, right))
            {
                switch (region.DetailsCase)
                {
                    case DiffRegion.DetailsOneofCase.Unchanged: one.AddRange(region.Unchanged.Contents); other.AddRange(region.Unchanged.Contents); break;
                    case DiffRegion.DetailsOneofCase.Hidden:
                        one.AddRange(left.Skip(region.Hidden.LeftStart).Take(region.Hidden.Size));
                        other.AddRange(right.Skip(region.Hidden.RightStart).Take(region.Hidden.Size));
                        break;
                    case DiffRegion.DetailsOneofCase.Removed: one.AddRange(region.Removed.Contents); break;
                    case DiffRegion.DetailsOneofCase.Added: other.AddRange(region.Added.Contents); break;
                    case DiffRegion.DetailsOneofCase.Changed: one.AddRange(region.Changed.LeftContents); other.AddRange(region.Changed.RightContents); break;
                }
            }

            return left.SequenceEqual(right, StringComparer.Ordinal) ? one.Count == 0 : one.SequenceEqual(left, StringComparer.Ordinal) && other.SequenceEqual(right, StringComparer.Ordinal);
        });
    }
}
