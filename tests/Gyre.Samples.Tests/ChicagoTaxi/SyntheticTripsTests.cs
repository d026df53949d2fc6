using System.Globalization;
using ChicagoTaxi.Synthetic;
using Gyre.Tests;
using Synthesis;

namespace Gyre.Samples.Tests.ChicagoTaxi;

public sealed class SyntheticTripsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly SyntheticFile _file;
    readonly List<string[]> _trips;

    public SyntheticTripsTests()
    {
        _file = SyntheticFile.Ensure(new SyntheticTrips(), _folder.Path, rows: 5_000, seed: 1);
        _trips = CsvText.Parse(File.ReadAllText(_file.Path));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_columns_are_those_of_the_real_file()
    {
        using var real = new StreamReader(SharedData.File("data/other/chicago_taxi_big_tipper_label.csv"));
        string.Join(',', _trips[0]).ShouldBe(real.ReadLine());
    }

    [Fact]
    public void A_tip_above_a_fifth_of_the_fare_is_a_big_one_and_no_other()
    {
        foreach (var trip in _trips.Skip(1))
            (Number(trip, "tips") > 0.2m * Number(trip, "fare")).ShouldBe(trip[^1] == "1", string.Join(',', trip));
    }

    [Fact]
    public void Shares_are_near_the_real_ones()
    {
        _file.Facts.PositiveShare.ShouldBe(0.22, 0.03);
        _file.Facts.AttainableAuc!.Value.ShouldBeInRange(0.93, 0.97);
        Share("payment_type", "Cash").ShouldBe(0.66, 0.03);
        Share("company", "").ShouldBe(0.34, 0.03);
        Share("pickup_census_tract", "").ShouldBe(1);
    }

    double Share(string column, string value)
    {
        var position = Array.IndexOf(_trips[0], column);
        return _trips.Skip(1).Average(trip => trip[position] == value ? 1.0 : 0);
    }

    decimal Number(string[] trip, string column) => decimal.Parse(trip[Array.IndexOf(_trips[0], column)], CultureInfo.InvariantCulture);
}
