using Gyre.Onnx;
using Gyre.Transforms.Analysis;

namespace Gyre.Transforms.Operators;

/// <summary>
/// The moment that a text tells, in seconds since the beginning of 1970 in UTC; missing where it tells none, such as the 30th of February.
/// </summary>
sealed record ToMoment(DateOrder Order) : Operator
{
    const string Time = @"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?";
    const string Offset = "[+-][0-9]{2}:?[0-9]{2}";

    public override TensorKind Kind => TensorKind.Number;

    string Date => Order == DateOrder.YearFirst ? "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}" : "[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}";

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var isMoment = graph.Node("RegexFullMatch", [inputs[0]], ("pattern", $@"\s*{Date}([T ]\s*{Time}\s*(Z|{Offset})?)?\s*"));
        var text = graph.Where(isMoment, inputs[0], graph.Scalar(""));
        var date = Parts(graph, First(graph, text, Date), "[0-9]+", 3);
        var time = Parts(graph, First(graph, text, Time), @"[0-9]+(\.[0-9]+)?", 3);
        var (year, month, day) = Order switch
        {
            DateOrder.YearFirst => (date[0], date[1], date[2]),
            DateOrder.MonthFirst => (date[2], date[0], date[1]),
            _ => (date[2], date[1], date[0]),
        };

        // What stands behind the time, with its sign; a date alone has none.
        var offset = First(graph, text, $@":[0-9.]+\s*{Offset}\s*$");
        var shift = Parts(graph, First(graph, offset, $"{Offset}\\s*$"), "[0-9]{2}", 2);
        var isBehind = graph.Node("RegexFullMatch", [offset], ("pattern", "(?s).*-.*"));
        var (hour, minute, second) = (OrZero(graph, time[0]), OrZero(graph, time[1]), OrZero(graph, time[2]));
        var ahead = Sum(graph, Times(graph, OrZero(graph, shift[0]), 3600), Times(graph, OrZero(graph, shift[1]), 60));
        ahead = graph.Where(isBehind, graph.Node("Neg", [ahead]), ahead);
        var seconds = graph.Node("Sub", [Sum(graph, Times(graph, hour, 3600), Sum(graph, Times(graph, minute, 60), second)), ahead]);
        var moment = Sum(graph, Times(graph, Calendar.Days(graph, year, month, day), 86400), seconds);
        var isThere = Calendar.Exists(graph, year, month, day);
        foreach (var (part, below) in new[] { (hour, 24.0), (minute, 60.0), (second, 60.0) })
            isThere = graph.Node("And", [isThere, graph.Node("Less", [part, graph.Scalar(below)])]);
        return graph.Where(isThere, moment, graph.Scalar(double.NaN));
    }

    static string First(OnnxGraph graph, string text, string pattern) => new Extract(pattern).Emit(graph, [text], fitted: null);

    /// <summary>The first numbers in a text; NaN where there are fewer.</summary>
    static string[] Parts(OnnxGraph graph, string text, string pattern, int count)
    {
        var blank = graph.Where(graph.Node("Equal", [text, text]), graph.Scalar(""), text);
        var parts = graph.Node("Concat", [graph.Matches(text, pattern), .. Enumerable.Repeat(blank, count)], ("axis", 1L));
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var part = graph.Node("Slice", [parts, graph.Constant([(long)i]), graph.Constant([i + 1L]), graph.Constant([1L])]);
            return graph.Cast(graph.Where(graph.IsBlank(part), graph.Scalar("NaN"), part), OnnxType.Double);
        })];
    }

    static string OrZero(OnnxGraph graph, string number) => graph.Where(graph.IsMissing(number), graph.Scalar(0.0), number);

    static string Sum(OnnxGraph graph, string a, string b) => graph.Node("Add", [a, b]);

    static string Times(OnnxGraph graph, string a, double factor) => graph.Node("Mul", [a, graph.Scalar(factor)]);
}

/// <summary>A part of a moment, in UTC.</summary>
sealed record MomentPart(DatePart Part) : Operator
{
    public override TensorKind Kind => TensorKind.Number;

    public override string Emit(OnnxGraph graph, IReadOnlyList<string> inputs, Fitted? fitted)
    {
        var day = graph.Node("Floor", [graph.Node("Div", [inputs[0], graph.Scalar(86400.0)])]);
        var second = graph.Node("Sub", [inputs[0], graph.Node("Mul", [day, graph.Scalar(86400.0)])]);
        return Part switch
        {
            DatePart.Hour => Whole(second, 3600),
            DatePart.Minute => Whole(Rest(second, 3600), 60),
            DatePart.Second => graph.Node("Floor", [Rest(second, 60)]),

            // The first of January 1970 was a Thursday.
            DatePart.Weekday => graph.Node("Add", [Rest(graph.Node("Add", [day, graph.Scalar(3.0)]), 7), graph.Scalar(1.0)]),
            DatePart.Year => Calendar.Of(graph, day).Year,
            DatePart.Month => Calendar.Of(graph, day).Month,
            DatePart.Day => Calendar.Of(graph, day).Day,
            DatePart.DayOfYear => DayOfYear(),
            _ => throw new InvalidOperationException($"No part {Part} of a moment is known."),
        };

        string Whole(string number, double unit) => graph.Node("Floor", [graph.Node("Div", [number, graph.Scalar(unit)])]);

        string Rest(string number, double unit) => graph.Node("Sub", [number, graph.Node("Mul", [Whole(number, unit), graph.Scalar(unit)])]);

        string DayOfYear()
        {
            var newYear = Calendar.Days(graph, Calendar.Of(graph, day).Year, graph.Scalar(1.0), graph.Scalar(1.0));
            return graph.Node("Add", [graph.Node("Sub", [day, newYear]), graph.Scalar(1.0)]);
        }
    }
}

/// <summary>
/// The Gregorian calendar in whole numbers held as doubles, days counted from the first of January 1970. After Howard Hinnant,
/// «chrono-Compatible Low-Level Date Algorithms»: years begin in March, so that the odd day comes last.
/// </summary>
static class Calendar
{
    const double DaysOfEra = 146_097;
    const double DaysToEpoch = 719_468;

    public static string Days(OnnxGraph graph, string year, string month, string day)
    {
        var m = new Math(graph);
        var isEarly = m.Less(month, 3);
        year = graph.Where(isEarly, m.Add(year, -1), year);
        var era = m.Floor(year, 400);
        var yearOfEra = m.Sub(year, m.Times(era, 400));
        var monthOfYear = m.Add(month, graph.Where(isEarly, graph.Scalar(9.0), graph.Scalar(-3.0)));
        var dayOfYear = m.Add(m.Add(m.Floor(m.Add(m.Times(monthOfYear, 153), 2), 5), day), -1);
        var dayOfEra = m.Add(m.Sub(m.Add(m.Times(yearOfEra, 365), m.Floor(yearOfEra, 4)), m.Floor(yearOfEra, 100)), dayOfYear);
        return m.Add(m.Add(m.Times(era, DaysOfEra), dayOfEra), -DaysToEpoch);
    }

    public static (string Year, string Month, string Day) Of(OnnxGraph graph, string days)
    {
        var m = new Math(graph);
        days = m.Add(days, DaysToEpoch);
        var era = m.Floor(days, DaysOfEra);
        var dayOfEra = m.Sub(days, m.Times(era, DaysOfEra));
        var odd = m.Sub(m.Add(m.Sub(dayOfEra, m.Floor(dayOfEra, 1460)), m.Floor(dayOfEra, 36_524)), m.Floor(dayOfEra, 146_096));
        var yearOfEra = m.Floor(odd, 365);
        var dayOfYear = m.Sub(dayOfEra, m.Sub(m.Add(m.Times(yearOfEra, 365), m.Floor(yearOfEra, 4)), m.Floor(yearOfEra, 100)));
        var monthOfYear = m.Floor(m.Add(m.Times(dayOfYear, 5), 2), 153);
        var day = m.Add(m.Sub(dayOfYear, m.Floor(m.Add(m.Times(monthOfYear, 153), 2), 5)), 1);
        var isEarly = graph.Node("Not", [m.Less(monthOfYear, 10)]);
        var month = m.Add(monthOfYear, graph.Where(isEarly, graph.Scalar(-9.0), graph.Scalar(3.0)));
        var year = m.Add(m.Times(era, 400), yearOfEra);
        return (graph.Where(isEarly, m.Add(year, 1), year), month, day);
    }

    /// <summary>Whether there is such a day: counted and read again it is the same. False where a part is NaN.</summary>
    public static string Exists(OnnxGraph graph, string year, string month, string day)
    {
        var again = Of(graph, Days(graph, year, month, day));
        var isSame = graph.Node("And", [graph.Node("Equal", [again.Month, month]), graph.Node("Equal", [again.Day, day])]);
        return graph.Node("And", [isSame, graph.Node("Equal", [again.Year, year])]);
    }

    sealed class Math(OnnxGraph graph)
    {
        public string Add(string a, string b) => graph.Node("Add", [a, b]);

        public string Add(string a, double b) => Add(a, graph.Scalar(b));

        public string Sub(string a, string b) => graph.Node("Sub", [a, b]);

        public string Times(string a, double b) => graph.Node("Mul", [a, graph.Scalar(b)]);

        public string Floor(string a, double b) => graph.Node("Floor", [graph.Node("Div", [a, graph.Scalar(b)])]);

        public string Less(string a, double b) => graph.Node("Less", [a, graph.Scalar(b)]);
    }
}
