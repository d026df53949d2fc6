using Gyre.Artifacts;
using Gyre.Pipelines;

namespace Gyre.Tests.Artifacts;

public sealed class ContentFingerprintTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("gyre-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_fingerprint_of_a_file_is_its_SHA_256()
    {
        // The digest of "abc" is example B.1 of FIPS 180-2.
        File.WriteAllText(Path.Combine(_root, "abc"), "abc");
        ContentFingerprint.Of(Path.Combine(_root, "abc")).ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    [Fact]
    public void Equal_content_is_equal_wherever_it_lies_and_whatever_was_written_first() =>
        Gen.Dictionary(Gen.Char.AlphaNumeric.Array[1, 8].Select(name => new string(name).ToLowerInvariant()), Gen.Byte.Array[0, 200])[1, 6].Sample(files =>
        {
            var (one, other) = (Write(files), Write(files.Reverse()));
            ContentFingerprint.Of(one).ShouldBe(ContentFingerprint.Of(other));
        }, iter: 30);

    [Fact]
    public void Every_change_of_a_byte_a_name_or_a_border_between_files_changes_it()
    {
        var fingerprints = new[]
        {
            Files(("a", "12"), ("b", "3")), Files(("a", "1"), ("b", "23")), Files(("a", "12"), ("c", "3")), Files(("a", "123")),
            Files(("a", "12"), ("b", "4")), Files(("a/b", "12"), ("b", "3")), Files(("a", "12"), ("b", "3"), ("c", "")),
        }.Select(files => ContentFingerprint.Of(Write(files)));

        fingerprints.ShouldBeUnique();

        static Dictionary<string, byte[]> Files(params (string Name, string Text)[] files) =>
            files.ToDictionary(file => file.Name, file => System.Text.Encoding.UTF8.GetBytes(file.Text));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    [InlineData("../home-2/x")]
    public void A_path_never_leaves_its_root(string path) => Should.Throw<ArgumentException>(() => SafePath.Join(Path.Combine(_root, "home"), path));

    [Fact]
    public void A_path_inside_its_root_is_joined() => SafePath.Join(_root, "a/./b/../c").ShouldBe(Path.Combine(_root, "a", "c"));

    string Write(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var directory = Directory.CreateTempSubdirectory(Path.Combine(Path.GetFileName(_root))).FullName;
        var inside = Path.Combine(_root, Path.GetFileName(directory));
        Directory.Move(directory, inside);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(inside, name))!);
            File.WriteAllBytes(Path.Combine(inside, name), content);
        }

        return inside;
    }
}
