using System.Text;
using Gyre.Ingestion;

namespace Gyre.Tests.Ingestion;

public sealed class CsvLaws
{
    static readonly Gen<string> Value = Gen.OneOf(
        Gen.String[Gen.Char["ab ,\"\n\r;\t0"], 0, 12],
        Gen.String[Gen.Char["äß日本\u2028é\0\u007f'"], 0, 6],
        Gen.Const("😀 \"quoted\""),
        Gen.Const(""));

    static readonly Gen<string[][]> Table =
        from columns in Gen.Int[1, 5]
        from rows in Value.Array[columns].Array[1, 30]
        select rows;

    static string Quoted(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Format(string value, bool always) =>
        always || value.Length == 0 || value.AsSpan().ContainsAny(",\"\n\r") ? Quoted(value) : value;

    static string[][] Parse(byte[] bytes, int bufferSize, int bytesAtOnce)
    {
        using var scanner = new CsvScanner(new DrippingStream(bytes, bytesAtOnce), "law.csv", CsvDialect.Standard, bufferSize);
        var rows = new List<string[]>();
        while (scanner.Next(out var isSound))
        {
            isSound.ShouldBeTrue();
            var fields = Enumerable.Range(0, scanner.FieldCount).Select(field => Encoding.UTF8.GetString(scanner.Value(field))).ToArray();
            rows.Add(fields);
        }

        return [.. rows];
    }

    [Fact]
    public void What_is_formatted_is_parsed_back_whatever_the_buffers() =>
        Gen.Select(Table, Gen.Bool, Gen.Bool, Gen.Int[1, 40], Gen.Int[1, 9]).Sample((table, always, crlf, bufferSize, bytesAtOnce) =>
        {
            var csv = string.Concat(table.Select(row => string.Join(',', row.Select(value => Format(value, always))) + (crlf ? "\r\n" : "\n")));

            Parse(Encoding.UTF8.GetBytes(csv), bufferSize, bytesAtOnce).ShouldBe(table);
        });

    [Fact]
    public void Any_bytes_end_in_records_or_in_one_clear_error() =>
        Gen.Select(Gen.Int[0, 7].Array[0, 60], Gen.Int[1, 20]).Sample((choices, bufferSize) =>
        {
            var bytes = Array.ConvertAll(choices, choice => "\",\n\rabä"u8[choice]);
            using var scanner = new CsvScanner(new DrippingStream(bytes, 3), "law.csv", CsvDialect.Standard, bufferSize);
            var taken = 0;
            try
            {
                while (scanner.Next(out var isSound))
                {
                    taken += scanner.Record.Length;
                    scanner.Record.Length.ShouldBeGreaterThan(0);
                    if (!isSound)
                        scanner.PlaceOfFault().Line.ShouldBeGreaterThanOrEqualTo(scanner.Line);
                    scanner.PlaceOfInvalidUtf8();
                }

                // All bytes belong to a record, to a blank line, or to the byte order mark.
                taken.ShouldBeLessThanOrEqualTo(bytes.Length);
            }
            catch (InvalidDataException error)
            {
                error.Message.ShouldContain("a quote opens here");
            }
        });

    [Fact]
    public void Lines_are_counted_as_an_editor_counts_them() =>
        Table.Sample(table =>
        {
            var csv = string.Concat(table.Select(row => string.Join(',', row.Select(value => Format(value, always: true))) + "\n"));
            using var scanner = new CsvScanner(new DrippingStream(Encoding.UTF8.GetBytes(csv), 1000), "law.csv", CsvDialect.Standard, 16);
            var line = 1L;
            foreach (var row in table)
            {
                scanner.Next(out _).ShouldBeTrue();
                scanner.Line.ShouldBe(line);
                line += row.Sum(value => value.Count(letter => letter == '\n')) + 1;
            }
        });

    /// <summary>A stream that gives few bytes at a time, as pipes and archives do.</summary>
    sealed class DrippingStream(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atOnce));
    }
}
