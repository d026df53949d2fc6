using System.Globalization;
using Gyre.Transforms;
using static Gyre.Tests.Transforms.TransformRun;

namespace Gyre.Tests.Transforms;

public sealed class MomentOperatorTests
{
    const double None = -1e12;

    static async Task<double[]> SecondsAsync(DateOrder order, params string?[] texts)
    {
        // Single precision holds days and seconds of a day, not both at once.
        using var run = await FitAsync(
            f =>
            {
                var seconds = f.Text("c").ToMoment(order).Seconds();
                var days = (seconds / 86400).Floor();
                f.Output("days", days.FillMissing(None));
                f.Output("rest", (seconds - (days * 86400)).FillMissing(0));
            },
            Batch(texts));
        return [.. run.Numbers("days", Batch(texts)).Zip(run.Numbers("rest", Batch(texts)), (days, rest) => days == (float)None ? double.NaN : (days * 86400.0) + rest)];
    }

    static double Seconds(string iso) => (DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).TotalSeconds;

    [Fact]
    public async Task Texts_tell_moments() => (await SecondsAsync(
        DateOrder.YearFirst, "2016-03-31", "1969-12-31T23:59:58", "2016-02-29 07:05", "2016-03-31T17:05:59.25Z", "2016-03-31 17:05:59+02:00", "2016-03-31T00:30:00-0530", "  2016/3/1 "))
        .ShouldBe([Seconds("2016-03-31"), -2, Seconds("2016-02-29T07:05:00"), Seconds("2016-03-31T17:05:59.25Z"), Seconds("2016-03-31T15:05:59Z"), Seconds("2016-03-31T06:00:00Z"), Seconds("2016-03-01")]);

    [Fact]
    public async Task Texts_that_tell_no_moment_are_missing() => (await SecondsAsync(
        DateOrder.YearFirst, null, "", "2016", "2015-02-29", "1900-02-29", "2016-13-01", "2016-00-10", "2016-04-31", "2016-04-00", "2016-04-01T24:00", "2016-04-01T10:60", "yesterday", "16-04-01", "x2016-04-01"))
        .ShouldAllBe(seconds => double.IsNaN(seconds));

    [Fact]
    public async Task Other_orders_are_said()
    {
        (await SecondsAsync(DateOrder.MonthFirst, "03/31/2016", "31/03/2016", "2016-03-31")).ShouldBe([Seconds("2016-03-31"), double.NaN, double.NaN]);
        (await SecondsAsync(DateOrder.DayFirst, "31.03.2016 12:00", "03/31/2016")).ShouldBe([Seconds("2016-03-31T12:00:00"), double.NaN]);
    }

    [Fact]
    public Task Parts_are_those_of_the_calendar() => Gen.Long[-62_135_596_800, 253_402_300_799].Array[1, 30].SampleAsync(
        async moments =>
        {
            using var run = await FitAsync(
                f =>
                {
                    var moment = f.Number("c").ToMoment();
                    var texts = f.Text("t").ToMoment();
                    foreach (var (name, value) in new[] { ("", moment), ("_text", texts) })
                    {
                        f.Output("year" + name, value.Year().FillMissing(0));
                        f.Output("month" + name, value.Month().FillMissing(0));
                        f.Output("day" + name, value.Day().FillMissing(0));
                        f.Output("hour" + name, value.Hour().FillMissing(0));
                        f.Output("minute" + name, value.Minute().FillMissing(0));
                        f.Output("second" + name, value.Second().FillMissing(0));
                        f.Output("weekday" + name, value.Weekday().FillMissing(0));
                        f.Output("day_of_year" + name, value.DayOfYear().FillMissing(0));
                    }
                },
                Examples());
            var batch = Examples();
            for (var i = 0; i < moments.Length; i++)
            {
                var time = DateTimeOffset.FromUnixTimeSeconds(moments[i]);
                foreach (var name in new[] { "", "_text" })
                {
                    new[] { "year", "month", "day", "hour", "minute", "second", "weekday", "day_of_year" }.Select(part => (int)run.Numbers(part + name, batch)[i]).ShouldBe(
                        [time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, ((int)time.DayOfWeek + 6) % 7 + 1, time.DayOfYear]);
                }
            }

            Gyre.Data.ExampleBatch Examples() => Batch(
                ("c", moments.Select(moment => (double)moment).ToArray()),
                ("t", moments.Select(moment => DateTimeOffset.FromUnixTimeSeconds(moment).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)).ToArray()));
        },
        iter: 8);

    [Fact]
    public async Task Numbers_of_time_have_units()
    {
        using var run = await FitAsync(
            f =>
            {
                f.Output("days", f.Number("c").ToMoment(TimeUnit.Days).Year().FillMissing(0));
                f.Output("milliseconds", f.Number("c").ToMoment(TimeUnit.Milliseconds).Second().FillMissing(-1));
                f.Output("since", f.Number("c").ToMoment(TimeUnit.Days).DaysSince(f.Text("t").ToMoment()).FillMissing(-1));
            },
            Batch(("c", new double[] { 366, 30_500 }), ("t", new[] { "1970-01-01", "x" })));
        var batch = Batch(("c", new[] { 366, 30_500, double.NaN }), ("t", new[] { "1970-01-01", "x", "1970-01-01" }));

        run.Numbers("days", batch).ShouldBe([1971, 2053, 0]);
        run.Numbers("milliseconds", batch).ShouldBe([0, 30, -1]);
        run.Numbers("since", batch).ShouldBe([366, -1, -1]);
    }
}
