namespace ConsumerComplaints.Synthetic;

/// <summary>The text files of this folder, which are part of the program.</summary>
static class Resources
{
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(typeof(Resources), name)
            ?? throw new InvalidOperationException($"The program was built without its text file {name}. Expected it among the embedded resources of the project.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
