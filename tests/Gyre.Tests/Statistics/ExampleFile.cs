using System.Globalization;
using Gyre.Data;

namespace Gyre.Tests.Statistics;

/// <summary>Makes small Parquet files of examples out of literal columns.</summary>
static class ExampleFile
{
    /// <summary>Writes texts as VARCHAR, whole numbers as BIGINT, real ones as DOUBLE, null as NULL, bytes as BLOB, arrays as lists.</summary>
    public static string Write(string path, params (string Name, Array Values)[] columns)
    {
        using var engine = new DataEngine();
        engine.Execute($"CREATE TABLE rows ({string.Join(", ", columns.Select(column => $"{SqlText.Identifier(column.Name)} {TypeOf(column.Values)}"))})");
        var count = columns[0].Values.Length;
        for (var start = 0; start < count; start += 500)
        {
            var rows = Enumerable.Range(start, Math.Min(500, count - start))
                .Select(row => $"({string.Join(", ", columns.Select(column => Literal(column.Values.GetValue(row))))})");
            engine.Execute($"INSERT INTO rows VALUES {string.Join(", ", rows)}");
        }

        engine.Execute($"COPY rows TO {SqlText.Literal(path)} (FORMAT parquet)");
        return path;
    }

    static string TypeOf(Array values) => values switch
    {
        string?[] => "VARCHAR",
        long[] or long?[] or int[] or int?[] => "BIGINT",
        double[] or double?[] => "DOUBLE",
        byte[]?[] => "BLOB",
        string?[]?[] => "VARCHAR[]",
        long[]?[] => "BIGINT[]",
        double[]?[] => "DOUBLE[]",
        _ => throw new ArgumentException($"A column of {values.GetType().Name} is none of examples.", nameof(values)),
    };

    static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => SqlText.Literal(text),
        byte[] bytes => $"'{string.Concat(bytes.Select(value => $"\\x{value:X2}"))}'::BLOB",
        Array list => $"[{string.Join(", ", list.Cast<object?>().Select(Literal))}]::{TypeOf(list)}[]",
        double number => $"'{number.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE",
        _ => ((IFormattable)value).ToString(format: null, CultureInfo.InvariantCulture),
    };
}
