using ArchUnitNET.Domain;

namespace Gyre.Conventions.Tests;

/// <summary>Who may use whom: the rooms of ARCHITECTURE.md, earlier ones by later ones, never the other way.</summary>
public sealed class ArchitectureTests
{
    static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Gyre.Pipelines"] = [],
        ["Gyre.Data"] = [],
        ["Gyre.Artifacts"] = ["Gyre.Pipelines"],
        ["Gyre.Metadata"] = ["Gyre.Pipelines"],
        ["Gyre.Runners"] = ["Gyre.Artifacts", "Gyre.Metadata", "Gyre.Pipelines"],
        ["Gyre.Onnx"] = ["Gyre.Data"],
        ["Gyre.Ingestion"] = ["Gyre.Artifacts", "Gyre.Data", "Gyre.Pipelines"],
        ["Gyre.Statistics"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Pipelines"],
        ["Gyre.Schemas"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Pipelines", "Gyre.Statistics"],
        ["Gyre.Pages"] = ["Gyre.Schemas", "Gyre.Statistics"],
        ["Gyre.Transforms"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Schemas"],
        ["Gyre.Training"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Transforms"],
        ["Gyre.Tuning"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Pages", "Gyre.Pipelines", "Gyre.Training", "Gyre.Transforms"],
        ["Gyre.Evaluation"] = ["Gyre.Data", "Gyre.Ingestion", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Training"],
        ["Gyre.Registry"] = ["Gyre.Artifacts", "Gyre.Evaluation", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Training"],
        ["Gyre.LightGbm"] = ["Gyre.Data", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Training", "Gyre.Transforms"],
        ["Gyre.Torch"] = ["Gyre.Data", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Training", "Gyre.Transforms"],
        ["Gyre.Serving"] = ["Gyre.Data", "Gyre.Onnx", "Gyre.Registry"],
        ["Gyre.Testing"] = ["Gyre.Artifacts", "Gyre.Data", "Gyre.Metadata", "Gyre.Onnx", "Gyre.Pipelines", "Gyre.Runners", "Gyre.Training", "Gyre.Transforms"],
    };

    public static TheoryData<string> Rooms => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_the_rooms_it_may(string room) => Breaches(room, Allowed[room]).ShouldBeEmpty();

    [Fact]
    public void Every_room_has_its_rule()
    {
        var rooms = Code.Architecture.Types.Select(RoomOf).OfType<string>().Distinct(StringComparer.Ordinal);
        rooms.Except(Allowed.Keys, StringComparer.Ordinal).ShouldBe(["Gyre.Cli"], "the command line may use all rooms; any other needs a line above");
    }

    [Fact]
    public void A_use_that_is_not_allowed_is_found() => Breaches("Gyre.Runners", ["Gyre.Artifacts", "Gyre.Pipelines"]).ShouldNotBeEmpty();

    static List<string> Breaches(string room, string[] allowed) =>
    [
        .. from type in Code.Architecture.Types
           where RoomOf(type) == room
           from dependency in type.Dependencies
           where dependency.Target is not GenericParameter
           let target = RoomOf(dependency.Target)
           where target is not null && target != room && !allowed.Contains(target, StringComparer.Ordinal)
           select $"{type.FullName} uses {dependency.Target.FullName}",
    ];

    /// <summary>The second part of a namespace of ours names the room; code of the root or of generated parsers belongs to the room around it.</summary>
    static string? RoomOf(IType type)
    {
        var parts = type.Namespace?.FullName.Split('.') ?? [];
        return parts is ["Gyre", var room, ..] ? $"Gyre.{room}" : null;
    }
}
