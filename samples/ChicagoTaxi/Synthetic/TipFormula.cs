namespace ChicagoTaxi.Synthetic;

/// <summary>
/// When a made-up passenger tips more than a fifth of the fare:
/// <c>logit p = OfPayment[payment_type] + OfCompany[company] + WithFare · ln(fare / 10) + ToOrFromAirport + AtNight</c>,
/// where the last two count when they apply. Cash tips are not recorded, in the real data either, so the payment type
/// decides most. The formula is invented: it says nothing about real passengers.
/// </summary>
static class TipFormula
{
    public const double OfOtherPayments = -5, WithFare = -0.9, ToOrFromAirport = 0.7, AtNight = -0.5;

    public static readonly IReadOnlyDictionary<string, double> OfPayment = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["Cash"] = -7.5,
        ["Credit Card"] = 0.85,
        ["Unknown"] = -1.5,
    };

    /// <summary>Companies that are not named here have no effect.</summary>
    public static readonly IReadOnlyDictionary<string, double> OfCompany = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["Lakefront Dispatch"] = 0.3,
        ["Prairie Cab Association"] = -0.4,
        ["Windward Taxi Leasing"] = 0.5,
    };

    public static double Logit(string payment, string company, double fare, bool airport, int hour) =>
        OfPayment.GetValueOrDefault(payment, OfOtherPayments) + OfCompany.GetValueOrDefault(company)
        + (WithFare * Math.Log(fare / 10)) + (airport ? ToOrFromAirport : 0) + (hour is >= 22 or < 5 ? AtNight : 0);
}
