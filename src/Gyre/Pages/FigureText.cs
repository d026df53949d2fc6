using System.Globalization;

namespace Gyre.Pages;

/// <summary>How numbers are written for people: short, thousands apart, the same in terminals and on pages.</summary>
public static class FigureText
{
    const double NoFractions = 1e15;
    const double Tiny = 1e-4;

    /// <summary>A count: 12 345.</summary>
    public static string Count(double value) => Number(value >= 1000 ? Math.Round(value) : value);

    /// <summary>A number with about five figures; a whole one with all of them, unless it is very great.</summary>
    public static string Number(double? value)
    {
        if (value is not { } number || double.IsNaN(number))
            return value is null ? "" : "NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "∞" : "−∞";
        var size = Math.Abs(number);
        var text = size switch
        {
            0 => "0",
            >= NoFractions or < Tiny => size.ToString("0.####e+0", CultureInfo.InvariantCulture),
            >= 10_000 => size.ToString(size == Math.Floor(size) ? "#,0" : "#,0.#", CultureInfo.InvariantCulture),
            >= 1000 => size.ToString("#,0.##", CultureInfo.InvariantCulture),
            >= 1 => size.ToString("0.####", CultureInfo.InvariantCulture),
            _ => size.ToString("0.#####", CultureInfo.InvariantCulture),
        };
        return (number < 0 ? "−" : "") + text.Replace(',', ' ');
    }

    /// <summary>A share from 0 to 1 in percent; what is not nothing never reads as 0 %, what is not all never as 100 %.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.0005 => "< 0.1 %",
        > 0.9995 and < 1 => "> 99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %"),
    };

    /// <summary>Two or three names, then how many more.</summary>
    internal static string List(IReadOnlyList<string> names, int shown = 5) => names.Count <= shown
        ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} more");
}
