namespace ChicagoTaxi;

/// <summary>What the model sees of a trip, and what it is to predict: whether the tip is above a fifth of the fare.</summary>
static class TripFeatures
{
    /// <summary>The columns that are read. The tip is not among them: it would give the label away.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "fare", "trip_miles", "trip_seconds", "trip_start_month", "trip_start_day", "trip_start_hour", "payment_type", "company",
        "pickup_community_area", "dropoff_community_area", "pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude",
        "big_tipper",
    ];

    public static void Define(FeatureBuilder f)
    {
        f.Label("big_tipper", "1");

        // How much a number is, as a number for what grows with it and in tenths for what does not.
        foreach (var column in new[] { "fare", "trip_miles", "trip_seconds" })
        {
            f.Output(column, f.Number(column).Log1p().ScaleToZScore());
            f.Output(column + "_tenth", f.Number(column).Bucketize(10).OneHot());
        }

        f.Output("payment_type", f.Text("payment_type").Vocabulary(top: 10).OneHot());
        f.Output("company", f.Text("company").Vocabulary(top: 30, minCount: 10).OneHot());
        f.Output("month", f.Text("trip_start_month").Vocabulary(top: 12).OneHot());
        f.Output("day", f.Text("trip_start_day").Vocabulary(top: 7).OneHot());
        f.Output("hour", f.Text("trip_start_hour").Vocabulary(top: 24).OneHot());

        foreach (var end in new[] { "pickup", "dropoff" })
        {
            f.Output(end + "_area", f.Text(end + "_community_area").Vocabulary(top: 77).OneHot());
            f.Output(end + "_latitude", f.Number(end + "_latitude").Bucketize(10).OneHot());
            f.Output(end + "_longitude", f.Number(end + "_longitude").Bucketize(10).OneHot());
        }
    }
}
