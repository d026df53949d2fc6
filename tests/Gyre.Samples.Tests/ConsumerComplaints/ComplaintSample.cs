using ConsumerComplaints.Synthetic;
using Synthesis;

namespace Gyre.Samples.Tests.ConsumerComplaints;

/// <summary>20,000 made-up complaints, made once for all tests of this folder.</summary>
public sealed class ComplaintSample : IDisposable
{
    public const int Rows = 20_000;

    readonly TemporaryFolder _folder = new();

    public ComplaintSample()
    {
        var file = SyntheticFile.Ensure(new SyntheticComplaints(), _folder.Path, Rows, seed: 1);
        Facts = file.Facts;
        Text = File.ReadAllText(file.Path);
        var lines = CsvText.Parse(Text);
        Header = lines[0];
        Complaints = [.. lines.Skip(1)];
    }

    public SyntheticFacts Facts { get; }

    public string Text { get; }

    public string[] Header { get; }

    public IReadOnlyList<string[]> Complaints { get; }

    public IEnumerable<string> Column(string name)
    {
        var position = Array.IndexOf(Header, name);
        return Complaints.Select(complaint => complaint[position]);
    }

    public void Dispose() => _folder.Dispose();
}
