using System.Runtime.InteropServices;

namespace Gyre.LightGbm.Tests;

public sealed class NativeLightGbmTests
{
    [Fact]
    public void LightGBM_loads_and_says_why_a_call_fails()
    {
        NativeLightGbm.Prepare();
        Should.Throw<InvalidOperationException>(() => Booster.Load("no model")).Message.ShouldStartWith("LightGBM: Model");
    }

    [Fact]
    public void A_library_that_is_missing_is_named_with_the_cure()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "another cure");
        NativeLightGbm.Explain("libgomp.so.1: cannot open shared object file: No such file or directory").ShouldContain("apt-get install libgomp1 (Debian, Ubuntu)");
        NativeLightGbm.Explain("Library not loaded: /opt/homebrew/opt/libomp/lib/libomp.dylib").ShouldContain("brew install libomp");
        NativeLightGbm.Explain("Unable to load shared library 'lib_lightgbm'").ShouldContain("with a RuntimeIdentifier");
    }
}
