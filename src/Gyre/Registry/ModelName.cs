namespace Gyre.Registry;

/// <summary>What models may be called: the name becomes a directory and a part of URLs.</summary>
public static class ModelName
{
    /// <summary>The rule in words.</summary>
    public const string Rule = "a letter, then up to 99 letters, digits, '-', '_' and '.', the last of them no '.'";

    const int Longest = 100;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && char.IsAsciiLetter(name[0])
        && name[^1] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
