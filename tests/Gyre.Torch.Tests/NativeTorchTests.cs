using TorchSharp;

namespace Gyre.Torch.Tests;

public sealed class NativeTorchTests
{
    [Fact]
    public void Torch_loads_and_computes_on_this_machine()
    {
        NativeTorch.Prepare();
        using var sum = torch.arange(5, dtype: torch.float32).sum(0L);
        sum.item<float>().ShouldBe(10f);
        torch.get_num_threads().ShouldBe(1);
    }

    [Fact]
    public void Loading_leaves_the_output_directory_alone()
    {
        NativeTorch.Prepare();
        Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")).ShouldBeFalse();
    }
}
