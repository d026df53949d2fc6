using Gyre.Pipelines;
using Gyre.Runners;
using Gyre.Tests.Runners;

namespace Gyre.Tests.Pipelines;

public sealed class GraphCheckTests
{
    [Fact]
    public void All_errors_of_a_definition_are_reported_at_once()
    {
        var pipeline = new Pipeline("no good name");
        var text = pipeline.Add(new WriteText("a"));
        pipeline.Add(new WriteText("b"));
        var foreign = new Pipeline("other").Add(new WriteText("c"));
        pipeline.Add(new JoinTexts(text, foreign) { Id = "join" });
        pipeline.Add(new HoldsADelegate(() => 1));

        var messages = pipeline.Check().Select(error => error.ToString()).ToList();

        messages.Count.ShouldBe(4, string.Join('\n', messages));
        messages.ShouldContain(message => message.Contains("'no good name'"));
        messages.ShouldContain(message => message.Contains("2 nodes have the id 'write-text'"));
        messages.ShouldContain(message => message.StartsWith("join: ") && message.Contains("not added to the pipeline"));
        messages.ShouldContain(message => message.Contains("'work'") && message.Contains("[NotAParameter]"));
    }

    [Fact]
    public void A_cycle_through_After_is_found_and_its_nodes_are_named()
    {
        var pipeline = new Pipeline("cycle");
        var first = new WriteText("a") { Id = "first" };
        var middle = pipeline.Add(new JoinTexts(pipeline.Add(first)) { Id = "middle" });
        first.After.Add(pipeline.Add(new JoinTexts(middle) { Id = "last" }));

        var error = pipeline.Check().ShouldHaveSingleItem();

        error.Message.ShouldContain("first, middle, last");
    }

    [Fact]
    public void An_empty_pipeline_cannot_run() =>
        new Pipeline("empty").Check().ShouldHaveSingleItem().Message.ShouldContain("no components");

    [Fact]
    public void Columns_that_are_known_not_to_be_there_are_reported_before_anything_runs()
    {
        var pipeline = new Pipeline("columns");
        pipeline.Add(new WantsColumn(pipeline.Add(new HasColumns()), "prize"));

        pipeline.Check().ShouldHaveSingleItem().Message.ShouldBe(
            "The column 'prize', used as a test, is not among the columns of has-columns.text_file: price, size. Correct the name, or add the column to the data.");
    }

    [Theory]
    [InlineData("--from", "ingset")]
    [InlineData("--only", "ingset")]
    public void An_unknown_node_in_an_option_is_named_with_those_there_are(string option, string name)
    {
        var pipeline = new Pipeline("test");
        pipeline.Add(new WriteText("a") { Id = "ingest" });
        var options = option == "--from" ? new RunOptions { From = [name] } : new RunOptions { Only = [name] };

        Should.Throw<DefinitionException>(() => options.Select(pipeline.ToSpec())).Message
            .ShouldBe($"{option} names '{name}', which is no node of 'test'. Nodes: ingest.");
    }

    sealed class HoldsADelegate(Func<int> work) : Component<Output<TextFile>>
    {
        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => Task.FromResult(work());
    }

    sealed class HasColumns : Component<Output<TextFile>>
    {
        protected internal override IReadOnlyCollection<string>? KnownColumns(DefinitionCheck check, Output output) => ["price", "size"];

        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    sealed class WantsColumn(Output<TextFile> text, string column) : Component<Output<TextFile>>
    {
        protected internal override void Check(DefinitionCheck check) => check.RequireColumns(text, [column], "as a test");

        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
