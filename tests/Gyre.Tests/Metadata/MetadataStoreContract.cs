using Gyre.Metadata;
using Gyre.Pipelines;

namespace Gyre.Tests.Metadata;

/// <summary>What every metadata store must do, whatever database is under it.</summary>
public abstract class MetadataStoreContract
{
    protected abstract MetadataStore Store { get; }

    [Fact]
    public void An_artifact_is_read_back_with_every_kind_of_property()
    {
        var id = Store.Write(transaction => transaction.InsertArtifact("Examples", "artifacts/x", ArtifactState.Live, new Dictionary<string, PropertyValue>
        {
            ["rows"] = 9_007_199_254_740_993L,
            ["share"] = 0.1,
            ["name"] = "Ж 'quoted' \"x\"; DROP TABLE Artifact",
            ["flag"] = true,
        }));

        var artifact = Store.Read(transaction => transaction.Artifact(id))!;

        artifact.Type.ShouldBe("Examples");
        artifact.State.ShouldBe(ArtifactState.Live);
        artifact.Properties["rows"].AsInteger().ShouldBe(9_007_199_254_740_993L);
        artifact.Properties["share"].AsReal().ShouldBe(0.1);
        artifact.Properties["name"].ToString().ShouldBe("Ж 'quoted' \"x\"; DROP TABLE Artifact");
        artifact.Properties["flag"].AsFlag().ShouldBeTrue();
    }

    [Fact]
    public void A_transaction_that_fails_leaves_nothing()
    {
        long id = 0;
        Should.Throw<InvalidOperationException>(() => Store.Write<int>(transaction =>
        {
            id = transaction.InsertExecution("Train", ExecutionState.Running, new Dictionary<string, PropertyValue> { ["a"] = 1L });
            throw new InvalidOperationException();
        }));

        Store.Read(transaction => transaction.Execution(id)).ShouldBeNull();
    }

    [Fact]
    public void A_context_of_a_type_and_name_is_one()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Store.Write(transaction => transaction.PutContext("pipeline", "taxi"))).ToList();
        ids.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void Executions_are_found_by_all_their_contexts_newest_first()
    {
        var (run, node, both, second) = Store.Write(transaction =>
        {
            var run = transaction.PutContext("pipeline_run", "r1");
            var node = transaction.PutContext("node", "p.n");
            var ids = Enumerable.Range(0, 3).Select(_ => transaction.InsertExecution("X", ExecutionState.Complete, new Dictionary<string, PropertyValue>())).ToArray();
            transaction.Associate(run, ids[0]);
            transaction.Associate(node, ids[0]);
            transaction.Associate(node, ids[1]);
            transaction.Associate(run, ids[2]);
            transaction.Associate(node, ids[2]);
            return (run, node, ids[0], ids[2]);
        });

        Store.Read(transaction => transaction.ExecutionsOf(run, node)).Select(execution => execution.Id).ShouldBe([second, both]);
    }

    [Fact]
    public void Events_keep_their_key_and_place()
    {
        var (artifact, execution) = Store.Write(transaction =>
        {
            var artifact = transaction.InsertArtifact("A", "u", ArtifactState.Live, new Dictionary<string, PropertyValue>());
            var execution = transaction.InsertExecution("E", ExecutionState.Running, new Dictionary<string, PropertyValue>());
            transaction.InsertEvent(artifact, execution, EventType.Input, "texts", 3);
            transaction.InsertEvent(artifact, execution, EventType.Input, "other", 0);
            return (artifact, execution);
        });

        var happened = Store.Read(transaction => transaction.EventsOfExecution(execution)).ShouldHaveSingleItem();
        (happened.ArtifactId, happened.Type, happened.Key, happened.Index).ShouldBe((artifact, EventType.Input, "texts", 3));
    }

    [Fact]
    public void A_claim_that_changed_hands_can_no_longer_be_used()
    {
        var old = Store.Write(transaction => transaction.PutClaim("k", 1, "one", TimeSpan.FromMinutes(1)));
        var current = Store.Write(transaction => transaction.PutClaim("k", 2, "two", TimeSpan.FromMinutes(1)));

        current.Token.ShouldBeGreaterThan(old.Token);
        Store.Write(transaction => transaction.RenewClaim(old, TimeSpan.FromMinutes(1))).ShouldBeFalse();
        Store.Write(transaction => transaction.DeleteClaim(old)).ShouldBeFalse();
        Store.Write(transaction => transaction.DeleteClaim(current)).ShouldBeTrue();
    }

    [Fact]
    public async Task Numbers_of_a_sequence_count_up_without_gap_though_many_ask_at_once()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Store.Write(transaction => transaction.Number("s", $"item {i}")))));

        numbers.Order().ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
        Store.Write(transaction => transaction.Number("s", "item 7")).ShouldBe(numbers[7]);
    }

    [Fact]
    public void The_latest_decision_counts()
    {
        Store.Write(transaction => transaction.InsertDecision(5, approved: true, "ann", "fine"));
        Store.Write(transaction => transaction.InsertDecision(5, approved: false, "bob", "too many false alarms"));

        Store.Read(transaction => transaction.LatestDecision(5))!.By.ShouldBe("bob");
        Store.Read(transaction => transaction.LatestDecision(6)).ShouldBeNull();
    }
}
