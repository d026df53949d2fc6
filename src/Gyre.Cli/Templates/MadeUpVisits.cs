using System.Globalization;
using System.Text;

namespace Gyre.Cli.Templates;

/// <summary>
/// Visits to a café that nobody made. Whether a guest returns is thrown with a probability that follows from waiting time,
/// drink and words, so there is something to learn.
/// </summary>
static class MadeUpVisits
{
    const int Rows = 800;
    const double LongestWait = 25;

    static readonly string[] Drinks = ["espresso", "cappuccino", "filter", "tea", "chocolate"];

    static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    static readonly (string Words, double Effect)[] Comments =
    [
        ("lovely place and friendly people", 1.4), ("best cake in town", 1.2), ("quiet and good to work", 0.8), ("nice music", 0.4),
        ("it was okay", 0), ("came with a friend", 0), ("", 0), ("just a quick stop", -0.2), ("too loud for me", -0.8), ("the cup was cold", -1.1),
        ("nobody smiled", -1.2), ("they forgot my order", -1.6),
    ];

    public static string Csv()
    {
        var random = new Random(1);
        var csv = new StringBuilder("drink,weekday,wait_minutes,comment,returned\n");
        for (var row = 0; row < Rows; row++)
        {
            var drink = random.Next(Drinks.Length);
            var wait = Math.Round(random.NextDouble() * LongestWait, 1);
            var (words, effect) = Comments[random.Next(Comments.Length)];
            var logOdds = 1.6 + effect - (0.14 * wait) + (0.3 * (drink - 2));
            var returned = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds));
            csv.Append(CultureInfo.InvariantCulture, $"{Drinks[drink]},{Weekdays[random.Next(Weekdays.Length)]},{wait:0.0},{words},{(returned ? "yes" : "no")}\n");
        }

        return csv.ToString();
    }
}
