namespace Gyre.Cli.Tests.EndToEnd;

/// <summary>Anomalies stop a pipeline, a person accepts them with a reason, and it goes on; all by real processes.</summary>
public sealed class AcceptanceTests : IDisposable
{
    const string Schema = """
        # reviewed by the team
        feature {
          name: "company"  # who drove
          type: BYTES
          domain: "company"
          presence { min_fraction: 1.0 }
          value_count { min: 1 max: 1 }
        }
        feature { name: "fare" type: FLOAT float_domain { min: 0 } value_count { min: 1 max: 1 } }
        # known companies
        string_domain { name: "company" value: "Flash Cab" value: "Yellow" }
        """;

    readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_program.Root, name), text);

    [Fact]
    public async Task An_anomaly_stops_the_pipeline_names_rows_and_once_accepted_lets_it_pass()
    {
        Write("schema.pbtxt", Schema);
        Write("data.csv", "company,fare\nYellow,3.5\nLuhak Corp,4.5\nFlash Cab,-2.5\n\"Two\nLines\",1.5\n");

        var stopped = await _program.RunAsync("run", "--data", "data.csv");
        stopped.ExitCode.ShouldBe(3, stopped.ToString());
        stopped.ToString().ShouldContain("data.csv(3): 'Luhak Corp'");
        stopped.ToString().ShouldContain("data.csv(4): '-2.5'");
        stopped.ToString().ShouldContain("schema accept --reason");

        var without = await _program.RunAsync("schema", "accept");
        without.ExitCode.ShouldBe(2, without.ToString());
        without.Error.ShouldContain("needs a reason");
        (await _program.RunAsync("schema", "accept", "--reason", "  ")).ExitCode.ShouldBe(2);
        var dry = await _program.RunAsync("schema", "accept", "--dry-run");
        dry.ExitCode.ShouldBe(0, dry.ToString());
        dry.Output.ShouldContain("Luhak Corp");
        File.ReadAllText(Path.Combine(_program.Root, "schema.pbtxt")).ShouldBe(Schema);

        // One feature only: the other still stops the run.
        var part = await _program.RunAsync("schema", "accept", "--feature", "company", "--reason", "two new companies", "--by", "ann@desk");
        part.ExitCode.ShouldBe(0, part.ToString());
        var changed = File.ReadAllText(Path.Combine(_program.Root, "schema.pbtxt"));
        changed.ShouldContain("value: \"Luhak Corp\"");
        changed.ShouldContain("# reviewed by the team");
        changed.ShouldContain("# who drove");
        changed.ShouldContain("feature { name: \"fare\" type: FLOAT float_domain { min: 0 } value_count { min: 1 max: 1 } }");
        var again = await _program.RunAsync("run", "--data", "data.csv");
        again.ExitCode.ShouldBe(3, again.ToString());
        again.ToString().ShouldNotContain("Luhak Corp");

        var rest = await _program.RunAsync("schema", "accept", "--reason", "refunds are negative", "--by", "bob@desk");
        rest.ExitCode.ShouldBe(0, rest.ToString());
        var passed = await _program.RunAsync("run", "--data", "data.csv");
        passed.ExitCode.ShouldBe(0, passed.ToString());

        var history = File.ReadAllLines(Path.Combine(_program.Root, "schema.history.jsonl"));
        history.Length.ShouldBe(2);
        history[0].ShouldContain("\"by\":\"ann@desk\"");
        history[0].ShouldContain("two new companies");
        history[1].ShouldContain("refunds are negative");
    }

    [Fact]
    public async Task What_was_accepted_stands_in_the_home_and_validate_shows_what_the_run_found()
    {
        Write("schema.pbtxt", Schema);
        Write("data.csv", "company,fare\nYellow,3.5\nLuhak Corp,4.5\n");
        (await _program.RunAsync("run", "--data", "data.csv")).ExitCode.ShouldBe(3);
        var accepted = await _program.RunAsync("schema", "accept", "--reason", "joined in May", "--by", "ann@desk", "--json");
        accepted.ExitCode.ShouldBe(0, accepted.ToString());
        var anomalies = accepted.Json.GetProperty("anomalies").GetString()!;

        var shown = await _program.RunAsync("show", anomalies);
        shown.Output.ShouldContain("ann@desk: joined in May");
        shown.Output.ShouldContain("data.csv(3): 'Luhak Corp'");
        (await _program.RunAsync("lineage", anomalies)).Output.ShouldContain("joined in May");
        var validated = await _program.RunAsync("validate", anomalies, "--json");
        validated.ExitCode.ShouldBe(3);
        var found = validated.Json.GetProperty("splits")[0].GetProperty("anomalies")[0];
        found.GetProperty("types")[0].GetString().ShouldBe("ENUM_TYPE_UNEXPECTED_STRING_VALUES");
        found.GetProperty("examples")[0].GetProperty("line").GetInt64().ShouldBe(3);
        (await _program.RunAsync("schema", "accept", "--reason", "again")).ExitCode.ShouldBe(2, "it is accepted already");
    }

    [Fact]
    public async Task Plain_files_are_validated_compared_and_edited_outside_a_pipeline()
    {
        Write("schema.pbtxt", Schema);
        Write("new.csv", "company,fare\nYellow,3.5\nNobody,4.5\n");
        var validated = await _program.RunAsync("validate", "new.csv", "--schema", "schema.pbtxt", "--fixed-schema", "fixed.pbtxt", "--json");
        validated.ExitCode.ShouldBe(3, validated.ToString());
        validated.Json.GetProperty("splits")[0].GetProperty("anomalies")[0].GetProperty("examples")[0].GetProperty("value").GetString().ShouldBe("Nobody");
        (await _program.RunAsync("validate", "new.csv", "--schema", "fixed.pbtxt")).ExitCode.ShouldBe(0);
        (await _program.RunAsync("schema", "diff", "schema.pbtxt", "fixed.pbtxt")).Output.ShouldContain("value + \"Nobody\"");
        Write("severities.pbtxt", "severity_overrides { type: ENUM_TYPE_UNEXPECTED_STRING_VALUES severity: WARNING }");
        (await _program.RunAsync("validate", "new.csv", "--schema", "schema.pbtxt", "--config", "severities.pbtxt")).ExitCode.ShouldBe(0);

        (await _program.RunAsync("schema", "edit", "schema.pbtxt", "--add-value", "company", "Nobody", "--set", "fare.presence.min_fraction=0.9")).ExitCode.ShouldBe(0);
        (await _program.RunAsync("validate", "new.csv", "--schema", "schema.pbtxt")).ExitCode.ShouldBe(0);
        var wrong = await _program.RunAsync("schema", "edit", "schema.pbtxt", "--set", "fare.presence.min_fracton=0.9");
        wrong.ExitCode.ShouldBe(2);
        wrong.Error.ShouldContain("min_fraction");
        var before = File.ReadAllText(Path.Combine(_program.Root, "schema.pbtxt"));
        (await _program.RunAsync("schema", "edit", "schema.pbtxt", "--remove-feature", "fare", "--output", "-")).Output.ShouldNotContain("fare");
        File.ReadAllText(Path.Combine(_program.Root, "schema.pbtxt")).ShouldBe(before);
    }
}
