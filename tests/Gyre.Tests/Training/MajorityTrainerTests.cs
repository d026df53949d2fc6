using Gyre.Testing;
using Gyre.Training;

namespace Gyre.Tests.Training;

public sealed class MajorityTrainerTests
{
    [Fact]
    public void The_contract_of_trainers_is_held_for_every_task() =>
        TrainerContract.Breaches(() => new MajorityTrainer()).ShouldBeEmpty();
}
