using System.Globalization;
using Gyre.Registry;

namespace Gyre.Serving;

/// <summary>What a path below <c>/v1/</c> asks for.</summary>
enum ModelAction
{
    Status,
    Metadata,
    Predict,
}

/// <summary>
/// A path such as <c>/v1/models/NAME/versions/3:predict</c>. As in TensorFlow Serving, letter case counts in the name only,
/// and whatever is not such a path, or comes with the wrong method, is a malformed request, 400.
/// </summary>
sealed record ModelPath(string Name, long? Version, ModelAction Action)
{
    const string Prefix = "/v1/models/";

    /// <exception cref="ServingException">It is no such path.</exception>
    public static ModelPath Parse(string method, string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            throw Malformed(method, path);
        var rest = path[Prefix.Length..];
        var colon = rest.LastIndexOf(':');
        var verb = colon < 0 ? "" : rest[(colon + 1)..];
        var parts = (colon < 0 ? rest : rest[..colon]).Split('/');
        var metadata = colon < 0 && parts.Length is 2 or 4 && Is(parts[^1], "metadata");
        if (metadata)
            parts = parts[..^1];
        if (parts[0].Length == 0)
            throw ServingException.Invalid($"Missing model name in request: {method} {path}. Expected {Prefix}NAME:predict.");
        if (parts.Length == 3 && Is(parts[1], "labels"))
            throw new ServingException(ServingCode.Unimplemented, $"Labels such as '{Found.Short(parts[2])}' are not served. Ask for a number ({Prefix}{parts[0]}/versions/N), or for the newest version ({Prefix}{parts[0]}).");
        if (parts.Length is not (1 or 3) || (parts.Length == 3 && !Is(parts[1], "versions")))
            throw Malformed(method, path);
        if (!ModelName.IsValid(parts[0]))
            throw ServingException.Invalid($"The model's name is '{Found.Short(parts[0])}'. Expected {ModelName.Rule}.");
        long? version = parts.Length == 1 ? null : Number(parts[2]);
        return new ModelPath(parts[0], version, ActionOf(method, path, colon >= 0, verb, metadata));
    }

    static ModelAction ActionOf(string method, string path, bool hasVerb, string verb, bool metadata)
    {
        if (!hasVerb)
        {
            return Is(method, "GET") ? (metadata ? ModelAction.Metadata : ModelAction.Status) : throw Malformed(method, path);
        }

        if (Is(verb, "classify") || Is(verb, "regress"))
            throw new ServingException(ServingCode.Unimplemented, $"':{verb}' is not served. Use ':predict'.");
        return Is(method, "POST") && Is(verb, "predict") ? ModelAction.Predict : throw Malformed(method, path);
    }

    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw ServingException.Invalid($"The version is '{Found.Short(text)}'. Expected a whole number.");

    static ServingException Malformed(string method, string path) => ServingException.Invalid(
        $"Malformed request: {method} {path}. Expected POST {Prefix}NAME[/versions/N]:predict, GET {Prefix}NAME[/versions/N], or GET {Prefix}NAME[/versions/N]/metadata.");

    static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
