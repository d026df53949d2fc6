namespace Gyre.Pages.Markup;

/// <summary>Short names for sets that stand side by side: what tells them apart.</summary>
static class SetLabels
{
    const int LongEnough = 16;

    /// <summary>The names without the words that all begin or end with, where they are long and something is left of each.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names)
    {
        if (names.Count < 2 || names.All(name => name.Length <= LongEnough))
            return names;
        var (start, end) = (0, 0);
        while (names.All(name => start < name.Length && name[start] == names[0][start]))
            start++;
        while (names.All(name => end < name.Length - start && name[^(end + 1)] == names[0][^(end + 1)]))
            end++;

        // Words stay whole.
        while (start > 0 && char.IsLetterOrDigit(names[0][start - 1]))
            start--;
        while (end > 0 && char.IsLetterOrDigit(names[0][^end]))
            end--;
        var shorter = names.Select(name => name[start..^end]).ToList();
        return shorter.Any(name => name.Length == 0) ? names : shorter;
    }
}
