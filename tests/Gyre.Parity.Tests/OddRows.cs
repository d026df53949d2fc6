using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gyre.Parity.Tests;

/// <summary>
/// Made-up rows of all that is awkward: missing and extreme numbers, texts with quotes, line ends and emoji, categories that only the eval
/// split has, empty and missing lists, days that do not exist. A label of each task follows from them, with some chance.
/// </summary>
static class OddRows
{
    public const int Train = 400;
    public const int Eval = 120;

    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string[] Cities = ["Ulm", "Bonn ", " Köln", "ULM", "Łódź", "東京", "São Paulo", "a\"b", "O'Hare", "née, Jr.", "x;y\tz"];
    static readonly string[] Unseen = ["Atlantis", "Ωmega", "🏝️", "Ulm\u0301", "\u202eabc"];
    static readonly string[] Words =
    [
        "late", "Late!", "refund", "\"quoted\"", "it's", "naïve", "mañana", "straße", "ﬁne", "😀", "👩‍👩‍👧", "🇩🇪", "שלום", "漢字かな", "line\nend", "tab\there", "\r\n", "AB123", "1,5", "0x10", "", "  ", "e\u0301", "\u00a0",
        "\\back", "{json}", "<b>", "&amp;", "%s",
    ];

    static readonly string[] Days = ["2016-02-29", "2015-02-29", "2016-13-01", "2016-03-31T23:59:59.5+02:00", "1969-12-31", "0001-01-01", "9999-12-31", "yesterday", ""];
    static readonly string[] Tags = ["red", "Blue", "grün", "🔥", "a,b"];

    /// <summary>Rows as JSON objects, one to a line.</summary>
    public static IReadOnlyList<JsonObject> Make(int rows, int seed, bool isEval)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(row => Row(random, row, isEval))];
    }

    public static string Lines(IEnumerable<JsonObject> rows) => string.Concat(rows.Select(row => row.ToJsonString(Json) + "\n"));

    static JsonObject Row(Random random, int row, bool isEval)
    {
        var amount = random.Next(40) switch { 0 => 1e300, 1 => -1e300, 2 => 1e-300, 3 => -0.0, 4 => 16777217, _ => Math.Exp(random.NextDouble() * 8) - 5 };
        var size = Math.Round((random.NextDouble() * 30) - 5, 2);
        var city = random.Next(isEval ? 6 : 40) == 0 && isEval ? Pick(random, Unseen) : Cities[(int)(Cities.Length * Math.Pow(random.NextDouble(), 2))];
        var text = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => Pick(random, Words)));
        if (random.Next(50) == 0)
            text = string.Concat(Enumerable.Repeat(text + " ", 200));
        var tags = Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random, Tags)).ToArray();
        var sizes = Enumerable.Range(0, random.Next(7)).Select(_ => Math.Round(random.NextDouble() * 10, 3)).ToArray();
        var hasAmount = random.Next(5) > 0;
        var hasSize = random.Next(4) > 0;

        var strength = (hasSize ? size / 15 : -1.5) + (hasAmount && amount is > 20 and < 1e9 ? 1 : 0) + (text.Contains("late", StringComparison.Ordinal) ? 1 : 0) - (city.Length % 3)
            + (tags.Contains("red") ? 0.7 : 0) + random.NextDouble();
        var result = new JsonObject
        {
            ["answer"] = strength > 0.4 ? "Yes" : "No",
            ["kind"] = strength < 0 ? "low" : strength < 0.9 ? "mid, \"odd\"" : "high 🔥",
            ["marks"] = new JsonArray([.. new[] { ("a", strength > 0), ("b b", strength < 0.6), ("ç", tags.Length > 1) }.Where(mark => mark.Item2).Select(mark => (JsonNode)mark.Item1)]),
            ["price"] = Math.Round(strength + (random.NextDouble() / 4), 4),
            ["relevance"] = Math.Clamp((int)Math.Round(strength + 1), 0, 3),
            ["query"] = $"q{row / 7}",
            ["text"] = text,
            ["city"] = random.Next(15) == 0 ? "" : city,
        };
        if (hasAmount)
            result["amount"] = amount;
        if (hasSize || random.Next(2) == 0)
            result["size"] = hasSize ? size : null;
        if (random.Next(8) > 0)
            result["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        if (random.Next(8) > 0)
            result["sizes"] = new JsonArray([.. sizes.Select(each => (JsonNode)each)]);
        if (random.Next(9) > 0)
            result["day"] = random.Next(4) == 0 ? Pick(random, Days) : new DateTime(2016, 1, 1).AddMinutes(random.Next(500_000)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        if (random.Next(9) > 0)
            result["stamp"] = 1_450_000_000 + random.Next(60_000_000);
        return result;
    }

    static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
