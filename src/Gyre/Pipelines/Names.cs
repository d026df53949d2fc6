using System.Text;

namespace Gyre.Pipelines;

/// <summary>Turns names of C# into names of the graph.</summary>
static class Names
{
    public static string Kebab(string pascal) => Separate(pascal, '-');

    public static string Snake(string pascal) => Separate(pascal, '_');

    public static string Camel(string pascal) => char.ToLowerInvariant(pascal[0]) + pascal[1..];

    static string Separate(string pascal, char separator)
    {
        var tick = pascal.IndexOf('`', StringComparison.Ordinal);
        var name = tick < 0 ? pascal : pascal[..tick];
        var result = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord && result[^1] != separator)
                result.Append(separator);
            result.Append(name[i] == '_' ? separator : char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
