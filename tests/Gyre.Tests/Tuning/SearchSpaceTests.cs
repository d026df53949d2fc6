using System.Text.Json.Nodes;
using Gyre.Pipelines;
using Gyre.Training;
using Gyre.Tuning;

namespace Gyre.Tests.Tuning;

public sealed class SearchSpaceTests
{
    [Fact]
    public void A_point_becomes_options_and_the_options_a_trainer()
    {
        var space = Search.Over(
            new Tunable { Name = "kept" },
            s => s.LogUniform(t => t.Rate, 1e-4, 1),
            s => s.Integer(t => t.Steps, 1, 10),
            s => s.Choice(t => t.Widths, [64, 16], [8]),
            s => s.Choice(t => t.Way, Way.LongRoad, Way.Short),
            s => s.Flag(t => t.IsBold),
            s => s.Uniform(t => t.Inner.Share, 0, 0.5));
        space.Options.ShouldBe(["rate", "steps", "widths", "way", "isBold", "inner.share"]);

        var options = space.At([0.5, 0.999, 0, 0, 1, 0.25]);
        options.ToJsonString().ShouldBe("""{"rate":0.01,"steps":10,"widths":[64,16],"way":"long_road","isBold":true,"inner.share":0.125}""");
        var trainer = (Tunable)space.With(JsonNode.Parse(options.ToJsonString())!.AsObject());
        (trainer.Rate, trainer.Steps, trainer.Way, trainer.IsBold, trainer.Inner.Share, trainer.Name).ShouldBe((0.01, 10, Way.LongRoad, true, 0.125, "kept"));
        trainer.Widths.ShouldBe([64, 16]);
        trainer.Inner.Other.ShouldBe("untouched");
        ((Tunable)space.Trainer).Rate.ShouldBe(0.1, "the trainer that was given is never changed");
    }

    [Fact]
    public void An_option_under_a_condition_is_there_only_where_it_is_met()
    {
        var space = Search.Over(new Tunable(), s => s.Flag(t => t.IsBold), s => s.Integer(t => t.Steps, 5, 9).When(t => t.IsBold, true));
        space.At([0, 0.5]).ToJsonString().ShouldBe("""{"isBold":false}""");
        space.At([1, 0.5]).ToJsonString().ShouldBe("""{"isBold":true,"steps":7}""");
        double.IsNaN(space.Job(1, [0, 0.5], 0, 0, TrialBudget.Whole).Point[1]).ShouldBeTrue();
        ((IParameter)space).ToParameter().ToJsonString().ShouldBe("""{"isBold":{"choice":[false,true]},"steps":{"integer":[5,9],"when":{"isBold":[true]}}}""");
    }

    [Fact]
    public void All_mistakes_are_found_at_once_before_anything_runs()
    {
        var space = Search.Over(
            new Tunable(),
            s => s.Uniform(t => t.Rate, 2, 1),
            s => s.LogUniform(t => t.Rate, 0, 1),
            s => s.Integer(t => t.Count, 1, 3),
            s => s.Choice(t => t.Way),
            s => s.Choice(t => t.Steps, 1, 2, 1),
            s => s.Uniform(t => t.Rate + 1, 0, 1),
            s => s.Flag(t => t.IsBold).When(t => t.Name, "x"));
        space.Problems().ShouldBe([
            "Tunable.Rate is to lie between 2 and 1. Expected two finite numbers, the smaller first.",
            "Tunable.Rate is to lie between 0 and 1 on a scale of magnitudes. Expected numbers above 0; Uniform and Integer take others.",
            "Tunable.Rate is searched over twice. Name each option once.",
            "Tunable.Count cannot be set, so it cannot be searched over. Expected a property with init.",
            "Tunable.Way has no values to choose from. Give at least one.",
            "Tunable.Steps is offered the same value twice among 1, 2, 1. Give each once.",
            "'t => (t.Rate + 1)' names no option of Tunable. Expected a property, such as t => t.Seed.",
            "Tunable.IsBold depends on 'name', which is not searched over before it. Name that option first.",
        ]);
        Search.Over(new Tunable()).Problems().Single().ShouldStartWith("Nothing is searched over.");
    }

    [Fact]
    public void The_trainer_is_asked_what_it_says_to_the_ends_of_every_range() =>
        Search.Over(new Tunable(), s => s.Integer(t => t.Steps, 0, 10)).Problems().ShouldBe(["Tunable.Steps is 0. Expected at least 1."]);

    [Fact]
    public void Every_place_of_a_range_is_a_value_within_it() =>
        Gen.Select(Gen.Double[1e-8, 1e8], Gen.Double[1.001, 1e6], Gen.Double[0, 1], Gen.Bool).Sample((low, factor, place, isLog) =>
        {
            var high = low * factor;
            var path = new[] { typeof(Tunable).GetProperty(nameof(Tunable.Rate))! };
            var dimension = new RangeDimension(path, low, high, isLog, isInteger: false);
            var value = dimension.At(place)!.GetValue<double>();
            value.ShouldBeInRange(low, high);
            dimension.At(Math.Min(1, place + 0.01))!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(value);
        });

    [Fact]
    public void Every_whole_number_of_a_range_is_equally_likely()
    {
        var dimension = new RangeDimension([typeof(Tunable).GetProperty(nameof(Tunable.Steps))!], 3, 7, isLog: false, isInteger: true);
        var counts = Enumerable.Range(0, 5000).Select(i => dimension.At((i + 0.5) / 5000)!.GetValue<int>()).CountBy(value => value).OrderBy(pair => pair.Key).ToList();
        counts.Select(pair => pair.Key).ShouldBe([3, 4, 5, 6, 7]);
        counts.ShouldAllBe(pair => pair.Value == 1000);
    }

    [Fact]
    public void Options_of_another_trainer_or_of_none_are_refused()
    {
        var tuned = new TunedOptions(1, nameof(Tunable), new JsonObject { ["rate"] = 0.3 });
        ((Tunable)tuned.ApplyTo(new Tunable())).Rate.ShouldBe(0.3);
        Should.Throw<InvalidDataException>(() => tuned.ApplyTo(new LinearTrainer())).Message.ShouldContain("sought for Tunable, and the trainer is LinearTrainer");
        Should.Throw<InvalidDataException>(() => (tuned with { Options = new JsonObject { ["speed"] = 1 } }).ApplyTo(new Tunable())).Message.ShouldContain("has no option 'speed'");
        Should.Throw<InvalidDataException>(() => (tuned with { Options = new JsonObject { ["rate"] = "fast" } }).ApplyTo(new Tunable())).Message.ShouldContain("The option 'rate' cannot hold \"fast\"");
    }

    internal enum Way
    {
        Short,
        LongRoad,
    }

    internal sealed record Part
    {
        public double Share { get; init; } = 0.1;

        public string Other { get; init; } = "untouched";
    }

    internal sealed record Tunable : Trainer
    {
        public double Rate { get; init; } = 0.1;

        public int Steps { get; init; } = 3;

        public bool IsBold { get; init; }

        public string Name { get; init; } = "";

        public Way Way { get; init; }

        public IReadOnlyList<int> Widths { get; init; } = [];

        public Part Inner { get; init; } = new();

        public int Count => 1;

        public override IEnumerable<string> Problems() => Steps < 1 ? [$"Tunable.Steps is {Steps}. Expected at least 1."] : [];

        public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
