using Synthesis;

namespace Gyre.Samples.Tests.Synthesis;

public sealed class CsvRowTests
{
    [Fact]
    public void What_is_written_reads_back() =>
        Gen.Char["ab ,\"\n\r'é"].Array[0, 8].Select(letters => new string(letters)).Array[1, 5].Array[1, 4].Sample(rows =>
        {
            using var writer = new StringWriter();
            var row = new CsvRow();
            foreach (var fields in rows)
            {
                foreach (var field in fields)
                    row.Add(field);
                row.WriteTo(writer);
            }

            var read = CsvText.Parse(writer.ToString());
            read.Count.ShouldBe(rows.Length);
            for (var i = 0; i < rows.Length; i++)
                read[i].ShouldBe(rows[i]);
        });

    [Fact]
    public void Only_fields_that_need_quotes_get_them()
    {
        using var writer = new StringWriter();
        new CsvRow().Add("plain 1.5").Add("").Add("a,b").Add("say \"so\"").WriteTo(writer);
        writer.ToString().ShouldBe("plain 1.5,,\"a,b\",\"say \"\"so\"\"\"\n");
    }
}
