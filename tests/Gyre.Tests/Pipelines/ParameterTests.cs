using Gyre.Pipelines;
using Gyre.Tests.Runners;

namespace Gyre.Tests.Pipelines;

public sealed class ParameterTests
{
    [Fact]
    public void Records_lists_and_derived_types_are_written_with_all_that_they_mean()
    {
        var json = Json(new Options { Rate = 0.1f, Names = ["b", "a"], Shape = new Circle(2), Pause = TimeSpan.FromSeconds(90) });

        json.ShouldBe("""{"mode":"very_fast","names":["b","a"],"pause":"00:01:30","rate":0.1,"shape":{"$type":"Circle","radius":2}}""");
    }

    [Fact]
    public void What_is_marked_as_no_parameter_is_left_out() => Json(new Options { Comment = "x" }).ShouldNotContain("x\"");

    [Fact]
    public void Equal_values_have_one_form_and_different_ones_differ() =>
        Gen.Select(Gen.Float, Gen.String.Array[0, 4], Gen.Int).Sample((rate, names, radius) =>
        {
            var options = new Options { Rate = rate, Names = names, Shape = new Circle(radius) };
            Json(options).ShouldBe(Json(options with { Names = [.. names] }));
            Json(options).ShouldNotBe(Json(options with { Shape = new Circle(radius ^ 1) }));
        });

    [Theory]
    [InlineData(';', "\";\"")]
    [InlineData(7UL, "7")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(-0.5, "-0.5")]
    public void Plain_values_have_a_plain_form(object value, string json) => Json(value).ShouldBe(json);

    [Fact]
    public void A_value_that_holds_itself_is_refused()
    {
        var loop = new List<object>();
        loop.Add(loop);
        Should.Throw<NotSupportedException>(() => ParameterJson.Write(loop, typeof(object)));
    }

    [Theory]
    [InlineData("write-text.text=b")]
    [InlineData("write-text.Text=b")]
    public void An_assignment_sets_a_parameter(string assignment)
    {
        var pipeline = new Pipeline("set");
        pipeline.Add(new WriteText("a"));
        pipeline.Set([assignment]);

        pipeline.ToSpec().Nodes[0].Parameters["text"]!.GetValue<string>().ShouldBe("b");
    }

    [Fact]
    public void An_assignment_reaches_into_options()
    {
        var pipeline = new Pipeline("set");
        pipeline.Add(new UsesOptions(new Options { Rate = 1 }));
        pipeline.Set(["uses-options.options.rate=0.25", "uses-options.options.mode=slow", "uses-options.options.names=[\"x\"]"]);

        pipeline.ToSpec().Nodes[0].Parameters["options"]!.ToJsonString().ShouldBe("""{"mode":"slow","names":["x"],"pause":"00:00:00","rate":0.25}""");
    }

    [Fact]
    public void All_assignments_that_cannot_be_applied_are_reported_at_once()
    {
        var pipeline = new Pipeline("set");
        pipeline.Add(new UsesOptions(new Options()));

        var errors = Should.Throw<DefinitionException>(() => pipeline.Set(
            ["nonsense", "nowhere.x=1", "uses-options.colour=1", "uses-options.options.rate=much", "uses-options.options.mode=medium", "uses-options.options.names={}", "uses-options.options.pause=soon", "uses-options.options=fast"])).Errors;

        errors.Count.ShouldBe(8);
        errors[1].Message.ShouldContain("uses-options");
        errors[3].Message.ShouldEndWith("found 'much'. Expected a number.");
        errors[4].Message.ShouldEndWith("found 'medium'. Expected one of slow, very_fast.");
        errors[5].Message.ShouldEndWith("found '{}'. Expected a list in JSON, such as [\"a\", \"b\"].");
        errors[6].Message.ShouldEndWith("found 'soon'. Expected a time, such as 00:01:30.");
        errors[7].Message.ShouldContain("found 'fast'. Expected an object in JSON");
    }

    [Fact]
    public void The_code_of_a_trainer_like_option_is_part_of_the_identity()
    {
        var pipeline = new Pipeline("code");
        pipeline.Add(new UsesLearner(new Learner()));

        pipeline.ToSpec().Nodes[0].Code.ShouldEndWith("; Gyre.Tests.Pipelines.ParameterTests+Learner v7");
    }

    [Fact]
    public void Behaviours_that_a_behaviour_holds_are_code_too()
    {
        var pipeline = new Pipeline("p");
        pipeline.Add(new UsesLearner(new Learner { Parts = [new Part(1), new OtherPart(), new Part(2)] }));

        pipeline.ToSpec().Nodes[0].Code.ShouldEndWith("; Gyre.Tests.Pipelines.ParameterTests+Learner v7; Gyre.Tests.Pipelines.ParameterTests+Part v3");
    }

    static string Json(object value) => ParameterJson.Write(value, value.GetType())!.ToJsonString();

    enum Mode
    {
        Slow,
        VeryFast,
    }

    abstract record Shape;

    sealed record Circle(int Radius) : Shape;

    sealed record Options
    {
        public float Rate { get; init; }

        public IReadOnlyList<string> Names { get; init; } = [];

        public Shape? Shape { get; init; }

        public TimeSpan Pause { get; init; }

        public Mode Mode { get; init; } = Mode.VeryFast;

        [NotAParameter]
        public string Comment { get; init; } = "";
    }

    [CodeVersion(7)]
    sealed record Learner : ICarriesCode
    {
        public IReadOnlyList<PartBase> Parts { get; init; } = [];
    }

    abstract record PartBase;

    [CodeVersion(3)]
    sealed record Part(int Size) : PartBase, ICarriesCode;

    sealed record OtherPart : PartBase;

    sealed class UsesOptions(Options options) : Component<Output<TextFile>>
    {
        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => Task.FromResult(options);
    }

    sealed class UsesLearner(Learner learner) : Component<Output<TextFile>>
    {
        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => Task.FromResult(learner);
    }
}
