using System.Security.Cryptography;
using System.Text;

namespace Gyre.Pages.Markup;

/// <summary>
/// The frame that all pages share: style, script, and the rule that nothing may be fetched and no other script may run,
/// not even one that data smuggled in.
/// </summary>
static class PageFrame
{
    static readonly string Frame = Read("page.html");
    static readonly string Style = Read("page.css");
    static readonly string Script = Read("page.js");

    public static string Write(string title, Fragment body)
    {
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));
        var policy = $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'";
        var parts = Frame.Split("{{", StringSplitOptions.None);
        var page = new StringBuilder(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            var end = part.IndexOf("}}", StringComparison.Ordinal);
            page.Append(part[..end] switch
            {
                "policy" => policy,
                "title" => Fragment.Of($"{title}").Html,
                "style" => Style,
                "body" => body.Html,
                "script" => Script,
                var other => throw new InvalidOperationException($"page.html asks for '{other}'."),
            });
            page.Append(part, end + 2, part.Length - end - 2);
        }

        return page.ToString();
    }

    static string Read(string name)
    {
        using var stream = typeof(PageFrame).Assembly.GetManifestResourceStream($"Gyre.Pages.Markup.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
