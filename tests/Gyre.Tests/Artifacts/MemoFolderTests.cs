using Gyre.Artifacts;

namespace Gyre.Tests.Artifacts;

public sealed class MemoFolderTests : IDisposable
{
    readonly string _home = Directory.CreateTempSubdirectory("gyre-memo-").FullName;
    readonly MemoFolder _memo;
    int _made;

    public MemoFolderTests() => _memo = new MemoFolder(_home);

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_result_is_made_once_for_each_key()
    {
        Text("one").ShouldBe("one");
        Text("one").ShouldBe("one");
        Text("two").ShouldBe("two");
        _made.ShouldBe(2);
    }

    [Fact]
    public void A_damaged_result_is_made_again()
    {
        File.WriteAllText(Path.Combine(Get("one"), "text.txt"), "changed");
        Text("one").ShouldBe("one");
        _made.ShouldBe(2);
    }

    [Fact]
    public void A_result_that_was_deleted_is_made_again()
    {
        Directory.Delete(Path.Combine(Get("one"), "..", ".."), recursive: true);
        Text("one").ShouldBe("one");
    }

    [Fact]
    public void A_failure_leaves_nothing_behind()
    {
        Should.Throw<InvalidDataException>(() => _memo.Get("bad", Staging(), directory =>
        {
            File.WriteAllText(Path.Combine(directory, "half.txt"), "half");
            throw new InvalidDataException("bad");
        }));
        Directory.EnumerateFileSystemEntries(_home).ShouldBeEmpty();
    }

    [Fact]
    public void Two_who_make_the_same_at_once_get_the_same()
    {
        string? other = null;
        var mine = _memo.Get("one", Staging(), directory =>
        {
            other = Get("one");
            File.WriteAllText(Path.Combine(directory, "text.txt"), "one");
        });
        mine.ShouldBe(other);
        File.ReadAllText(Path.Combine(mine, "text.txt")).ShouldBe("one");
    }

    string Text(string key) => File.ReadAllText(Path.Combine(Get(key), "text.txt"));

    string Get(string key) => _memo.Get(key, Staging(), directory =>
    {
        _made++;
        File.WriteAllText(Path.Combine(directory, "text.txt"), key);
    });

    string Staging() => Path.Combine(_home, $"staging-{Guid.NewGuid():N}");
}
