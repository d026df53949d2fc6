namespace Gyre.Torch.Tests;

public sealed class WeakVersionTests
{
    const string Version = "GLIBCXX_3.4.32";

    static byte[] Library() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

    [Fact]
    public void One_flag_of_two_bytes_is_set()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of Linux is not here");
        var before = Library();
        var after = Library();

        WeakVersion.Allow(after, Version).ShouldBe(1);

        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        changed.Count.ShouldBe(1);
        after[changed[0]].ShouldBe((byte)(before[changed[0]] | 2));
    }

    [Fact]
    public void Doing_it_twice_changes_nothing_more()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of Linux is not here");
        var once = Library();
        WeakVersion.Allow(once, Version);
        var twice = (byte[])once.Clone();
        WeakVersion.Allow(twice, Version).ShouldBe(1);
        twice.ShouldBe(once);
    }

    [Fact]
    public void A_version_that_is_not_asked_for_changes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of Linux is not here");
        var image = Library();
        WeakVersion.Allow(image, "GLIBCXX_3.4.3").ShouldBe(0);
        image.ShouldBe(Library());
    }

    [Fact]
    public void Other_files_are_refused()
    {
        Should.Throw<InvalidDataException>(() => WeakVersion.Allow("MZ no library at all, though long enough to be looked at closely."u8.ToArray(), Version));
        Should.Throw<InvalidDataException>(() => WeakVersion.Allow([], Version));
    }

    [Fact]
    public void Damaged_libraries_are_refused_or_left_alone_but_never_read_outside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of Linux is not here");
        var whole = Library();
        Gen.Int[0, whole.Length].Sample(
            length =>
            {
                try
                {
                    WeakVersion.Allow(whole.AsSpan(0, length).ToArray(), Version);
                }
                catch (InvalidDataException)
                {
                    // Refused, as it should be.
                }
            },
            iter: 50);
    }
}
