using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gyre.Pages.Markup;

/// <summary>A piece of HTML that is safe to be put into a page as it is.</summary>
readonly record struct Fragment(string Html)
{
    public static readonly Fragment None = new("");

    /// <summary>HTML in which every hole is escaped, unless it is a fragment itself.</summary>
    public static Fragment Of(ref MarkupHandler html) => new(html.ToString());

    public static Fragment Join(IEnumerable<Fragment> fragments) => new(string.Concat(fragments.Select(fragment => fragment.Html)));

    public override string ToString() => Html;
}

/// <summary>Writes HTML so that forgetting to escape is not possible: whatever stands in a hole of an interpolated string is escaped.</summary>
sealed class MarkupBuilder
{
    readonly StringBuilder _html = new();

    public MarkupBuilder Add(ref MarkupHandler html)
    {
        _html.Append(html.ToString());
        return this;
    }

    public Fragment ToFragment() => new(_html.ToString());
}

/// <summary>Text between holes is HTML; holes are escaped, numbers are written as SVG and CSS want them.</summary>
[InterpolatedStringHandler]
ref struct MarkupHandler(int literalLength, int holes)
{
    readonly StringBuilder _html = new(literalLength + (holes * 16));

    public readonly void AppendLiteral(string html) => _html.Append(html);

    public readonly void AppendFormatted(Fragment fragment) => _html.Append(fragment.Html);

    public readonly void AppendFormatted(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    public readonly void AppendFormatted(int number) => _html.Append(number.ToString(CultureInfo.InvariantCulture));

    public readonly void AppendFormatted(double number) => _html.Append(number.ToString("0.##", CultureInfo.InvariantCulture));

    public override readonly string ToString() => _html.ToString();
}
