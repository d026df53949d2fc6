using System.Globalization;
using System.Text;
using Synthesis;

namespace ConsumerComplaints.Synthetic;

/// <summary>Amounts and dates as published complaints show them: days and months masked by X, amounts as <c>{$1200.00}</c>.</summary>
static class MaskedText
{
    /// <summary>Fills an open place; false when it is none of these.</summary>
    public static bool TryWrite(StringBuilder text, string slot, Dice dice)
    {
        switch (slot)
        {
            case "date":
                WriteDate(text, dice);
                return true;
            case "month":
                Add(text, $"XXXX {Year(dice)}");
                return true;
            case "fee":
                WriteMoney(text, dice, 5, 300);
                return true;
            case "amount":
                WriteMoney(text, dice, 50, 12_000);
                return true;
            case "balance":
                WriteMoney(text, dice, 15_000, 450_000);
                return true;
            case "score":
                Add(text, $"{480 + dice.Below(310)}");
                return true;
            case "points":
                Add(text, $"{10 + dice.Below(130)}");
                return true;
            default:
                return false;
        }
    }

    static void WriteDate(StringBuilder text, Dice dice) => _ = dice.Below(5) switch
    {
        0 => text.Append("XX/XX/XXXX"),
        1 => Add(text, $"XXXX XXXX {Year(dice)}"),
        2 => Add(text, $"XXXX/XXXX/{Year(dice)}"),
        _ => Add(text, $"XX/XX/{Year(dice)}"),
    };

    /// <summary>Small amounts are likelier than large ones: the logarithm is spread evenly. Two thirds are whole dollars.</summary>
    static void WriteMoney(StringBuilder text, Dice dice, double from, double to)
    {
        var amount = from * Math.Pow(to / from, dice.Unit());
        var step = amount < 100 ? 1 : amount < 1_000 ? 5 : amount < 20_000 ? 100 : 1_000;
        var (dollars, cents) = dice.Below(3) > 0 ? ((int)(amount / step) * step, 0) : ((int)amount, dice.Below(100));
        Add(text, $"{{${Math.Max(dollars, 1)}.{cents:00}}}");
    }

    static int Year(Dice dice) => dice.Below(4) > 0 ? 2015 : dice.Below(3) > 0 ? 2014 : 2016;

    static StringBuilder Add(StringBuilder text, FormattableString value) => text.Append(value.ToString(CultureInfo.InvariantCulture));
}
