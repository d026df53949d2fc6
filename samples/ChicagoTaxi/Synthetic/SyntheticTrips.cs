using System.Globalization;
using Synthesis;

namespace ChicagoTaxi.Synthetic;

/// <summary>
/// Taxi trips that nobody took, in the columns of the set that TFX made known, with its missing values; whether the tip
/// was big follows <see cref="TipFormula"/>, and the tip itself follows that.
/// </summary>
sealed class SyntheticTrips : SyntheticTable
{
    const int FirstDay = 15_706, Days = 1_095; // days since 1970: the years 2013 to 2015

    static readonly Weighted<string> Payments = new(
        [("Cash", 0.66), ("Credit Card", 0.331), ("No Charge", 0.0055), ("Unknown", 0.002), ("Dispute", 0.001), ("Pcard", 0.0005)]);

    /// <summary>Invented, but for the share without any, which is as in the real set.</summary>
    static readonly Weighted<string> Companies = new(
    [
        ("", 0.343), ("Citywide Affiliation Cabs", 0.345), ("Lakefront Dispatch", 0.109), ("Blue Heron Taxi Inc.", 0.073),
        ("Prairie Cab Association", 0.058), ("Windward Taxi Leasing", 0.037), ("Third Street Cab, LLC", 0.016), ("Elm & Sons Taxi", 0.009),
        ("Northbound Cab Co.", 0.006), ("Old Town Taxi Cooperative", 0.004),
    ]);

    static readonly Weighted<int> Hours = new(
        new[] { 38, 30, 25, 18, 12, 10, 14, 26, 38, 42, 40, 42, 46, 46, 45, 46, 48, 54, 62, 64, 58, 54, 52, 46 }
            .Select((weight, hour) => (hour, (double)weight)));

    /// <summary>Community areas of Chicago with the middle of each, about, and our guess of how many trips begin there.</summary>
    static readonly Weighted<Area> Areas = new(
    [
        (new(8, 41.900, -87.633), 33), (new(32, 41.879, -87.626), 24), (new(28, 41.878, -87.666), 10), (new(6, 41.943, -87.651), 7),
        (new(7, 41.922, -87.650), 6), (new(Area.Ohare, 41.979, -87.903), 5), (new(Area.Midway, 41.786, -87.751), 2.5), (new(33, 41.857, -87.621), 3),
        (new(3, 41.966, -87.656), 2.5), (new(77, 41.987, -87.663), 1.5), (new(24, 41.902, -87.677), 3), (new(41, 41.794, -87.592), 1),
        (new(22, 41.923, -87.701), 1), (new(1, 42.010, -87.671), 0.5),
    ]);

    public override string Name => "trips";

    public override int Version => 1;

    public override IReadOnlyList<string> Columns { get; } =
    [
        "pickup_community_area", "fare", "trip_start_month", "trip_start_hour", "trip_start_day", "trip_start_timestamp",
        "pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude", "trip_miles", "pickup_census_tract",
        "dropoff_census_tract", "payment_type", "company", "trip_seconds", "dropoff_community_area", "tips", "big_tipper",
    ];

    public override Outcome Fill(CsvRow row, Dice dice)
    {
        var (from, to) = (Areas.Draw(dice), Areas.Draw(dice));
        var start = DateTimeOffset.UnixEpoch.AddDays(FirstDay + dice.Below(Days)).AddHours(Hours.Draw(dice)).AddMinutes(15 * dice.Below(4));
        var miles = Math.Round(Math.Max(0.3, (1.3 * from.MilesTo(to)) + (0.8 * Math.Abs(dice.Normal()))), 1);
        var minutes = Math.Round(Math.Max(1, (3 + (2.6 * miles)) * Math.Exp(0.25 * dice.Normal())));
        var fare = Math.Round((3.25 + (1.8 * miles) + (0.2 * minutes)) * 20) / 20;
        var (payment, company) = (Payments.Draw(dice), Companies.Draw(dice));
        var airport = from.IsAirport || to.IsAirport;
        var outcome = Outcome.Draw(TipFormula.Logit(payment, company, fare, airport, start.Hour), dice);
        var tips = Tip(fare, payment, outcome.Positive, dice);
        var known = !dice.Chance(0.033);
        var tract = known && dice.Chance(0.74);

        Add(row, $"{from.Number}");
        Add(row, $"{fare:0.00}");
        Add(row, $"{start.Month}");
        Add(row, $"{start.Hour}");
        Add(row, $"{(int)start.DayOfWeek + 1}");
        Add(row, $"{start.ToUnixTimeSeconds()}");
        Add(row, $"{from.Latitude:0.000}");
        Add(row, $"{from.Longitude:0.000}");
        Add(row, $"{to.Latitude:0.000}", known);
        Add(row, $"{to.Longitude:0.000}", known);
        Add(row, $"{miles:0.0}");
        row.Add("");
        Add(row, $"{17_031_000_000 + (to.Number * 10_000) + 100}", tract);
        row.Add(payment).Add(company);
        Add(row, $"{minutes * 60:0}");
        Add(row, $"{to.Number}", known);
        Add(row, $"{tips:0.00}");
        row.Add(outcome.Positive ? "1" : "0");
        return outcome;
    }

    /// <summary>A tip above a fifth of the fare exactly when it is to be big.</summary>
    static double Tip(double fare, string payment, bool big, Dice dice)
    {
        var fifth = Math.Floor(fare * 20) / 100;
        if (big)
            return fifth + 0.01 + Math.Round(fare * 0.15 * dice.Unit(), 2);
        return payment == "Credit Card" ? Math.Round(fifth * dice.Unit(), 2) : 0;
    }

    static void Add(CsvRow row, FormattableString field, bool known = true) =>
        row.Add(known ? field.ToString(CultureInfo.InvariantCulture) : "");
}

/// <summary>A community area of Chicago.</summary>
sealed record Area(int Number, double Latitude, double Longitude)
{
    public const int Ohare = 76, Midway = 56;

    public bool IsAirport => Number is Ohare or Midway;

    /// <summary>The straight way, on a plane: a degree of latitude has 69 miles, one of longitude 51.4 here.</summary>
    public double MilesTo(Area other) =>
        Math.Sqrt(Math.Pow(69 * (Latitude - other.Latitude), 2) + Math.Pow(51.4 * (Longitude - other.Longitude), 2));
}
