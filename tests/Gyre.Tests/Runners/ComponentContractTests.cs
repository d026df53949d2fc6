using Gyre.Pipelines;
using Gyre.Testing;

namespace Gyre.Tests.Runners;

public sealed class ComponentContractTests
{
    [Fact]
    public async Task A_good_component_breaks_nothing() =>
        (await ComponentContract.BreachesAsync(() => With(start => new JoinTexts(start)), TestContext.Current.CancellationToken)).ShouldBeEmpty();

    [Fact]
    public async Task A_component_whose_result_depends_on_the_home_is_found_out() =>
        (await ComponentContract.BreachesAsync(() => With(start => new WritesItsPlace(start)), TestContext.Current.CancellationToken))
            .ShouldContain(breach => breach.Contains("another home"));

    [Fact]
    public async Task A_component_that_writes_elsewhere_is_found_out() =>
        (await ComponentContract.BreachesAsync(() => With(start => new WritesElsewhere(start)), TestContext.Current.CancellationToken))
            .ShouldContain(breach => breach.Contains("'stray.txt'"));

    static Pipeline With(Func<Output<TextFile>, Component<Output<TextFile>>> component)
    {
        var pipeline = new Pipeline("contract");
        pipeline.Add(component(pipeline.Add(new WriteText("a"))));
        return pipeline;
    }

    sealed class WritesItsPlace(Output<TextFile> text) : Component<Output<TextFile>>
    {
        protected internal override Task ExecuteAsync(Execution execution, CancellationToken cancellationToken) =>
            File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), execution.Read(text).Location, cancellationToken);
    }

    sealed class WritesElsewhere(Output<TextFile> text) : Component<Output<TextFile>>
    {
        protected internal override async Task ExecuteAsync(Execution execution, CancellationToken cancellationToken)
        {
            await File.WriteAllTextAsync(Path.Combine(execution.HomeDirectory, "stray.txt"), execution.Read(text).Text, cancellationToken);
            await File.WriteAllTextAsync(execution.PathOf(Outputs, "text.txt"), "x", cancellationToken);
        }
    }
}
