using System.Text.Json;
using Gyre.Statistics.Cross;

namespace Gyre.Tests.Statistics.Cross;

/// <summary>Information and χ² against numbers of TensorFlow Transform's tests, tables and laws.</summary>
public sealed class Information
{
    static JsonElement Group(string name) =>
        JsonDocument.Parse(System.IO.File.ReadAllText(SharedData.File("conformance/derived/vectors_numeric.json"))).RootElement.GetProperty(name);

    [Fact]
    public void Partial_information_equals_that_of_TensorFlow_Transform()
    {
        var group = Group("tft_info_theory");
        var tolerance = group.GetProperty("tol").GetDouble();
        foreach (var row in Rows(group.GetProperty("partial_mi(cell,row,col,total)")))
            InformationTheory.PartialMutualInformation(row[0], row[1], row[2], row[3]).ShouldBe(row[4], tolerance);
        foreach (var row in Rows(group.GetProperty("partial_expected_mi(n,x,y)")))
            InformationTheory.PartialExpectedMutualInformation((long)row[0], (long)row[1], (long)row[2]).ShouldBe(row[3], tolerance);
        var chances = group.GetProperty("hypergeometric_pmf(1000,5,10)").EnumerateArray().Select(value => value.GetDouble()).ToList();
        InformationTheory.Hypergeometric(1000, 5, 10).Select(item => item.Count).ShouldBe([0, 1, 2, 3, 4, 5]);
        foreach (var (count, chance) in InformationTheory.Hypergeometric(1000, 5, 10))
            chance.ShouldBe(chances[(int)count], tolerance);
    }

    [Fact]
    public void Information_of_tokens_equals_that_of_TensorFlow_Transform()
    {
        var group = Group("tft_vocabulary_mutual_information");
        var cases = group.GetProperty("cases").EnumerateArray().ToList();
        cases.ShouldNotBeEmpty();
        foreach (var one in cases)
        {
            var tokens = one.GetProperty("x").EnumerateArray().Select(x => x.GetString()!).ToList();
            var labels = one.GetProperty("y").EnumerateArray().Select(y => y.GetInt32()).ToList();
            var weights = one.TryGetProperty("w", out var given) ? given.EnumerateArray().Select(w => w.GetDouble()).ToList() : [.. tokens.Select(_ => 1.0)];
            var difference = one.TryGetProperty("min_diff_from_avg", out var minimum) ? minimum.GetDouble() : 0;
            foreach (var expected in one.GetProperty("out").EnumerateArray())
            {
                var token = expected[0].GetString()!;
                InformationTheory.OfToken(Weigh(token), Weigh(null), one.GetProperty("adjusted").GetBoolean(), difference)
                    .ShouldBe(expected[1].GetDouble(), group.GetProperty("tol").GetDouble(), token);
            }

            double[] Weigh(string? token) => [.. labels.Distinct().Order().Select(label =>
                weights.Where((_, row) => labels[row] == label && (token is null || tokens[row] == token)).Sum())];
        }
    }

    [Fact]
    public void Chances_of_a_draw_add_up_to_one_also_in_great_tables()
    {
        foreach (var (total, row, column) in new[] { (10L, 3L, 4L), (3_000_000, 1_234_567, 654_321), (2_000_000_000, 17, 1_999_999_990), (1_000_000, 1_000_000, 5) })
            InformationTheory.Hypergeometric(total, row, column).Sum(item => item.Probability).ShouldBe(1, 1e-5, $"{total} {row} {column}");
    }

    [Fact]
    public void Expected_information_is_the_mean_over_all_orders()
    {
        // Six labels in all 720 orders against three categories of two.
        int[] labels = [0, 0, 0, 1, 1, 1];
        var information = Orders(labels).Select(order =>
        {
            var cells = new long[6];
            for (var row = 0; row < 6; row++)
                cells[(row / 2 * 2) + order[row]]++;
            return new ContingencyTable(cells, 2).MutualInformation;
        }).ToList();

        new ContingencyTable([1, 1, 1, 1, 1, 1], 2).ExpectedMutualInformation.ShouldBe(information.Average(), 1e-12);
    }

    [Theory]
    [InlineData(3.841458820694124, 1, 0.05)]
    [InlineData(18.307038053275146, 10, 0.05)]
    [InlineData(6.634896601021213, 1, 0.01)]
    [InlineData(124.34211340400407, 100, 0.05)]
    [InlineData(1, 2, 0.6065306597126334)]
    [InlineData(0, 3, 1)]
    [InlineData(60, 2, 9.357622968840175e-14)]
    public void The_tail_of_chi_squared_equals_the_tables(double value, double degrees, double expected) =>
        ChiSquaredTail.Of(value, degrees).ShouldBe(expected, expected * 1e-11);

    [Fact]
    public void A_table_of_independent_values_tells_nothing_and_one_of_equal_values_all()
    {
        var independent = new ContingencyTable([10, 20, 30, 60], 2);
        independent.MutualInformation.ShouldBe(0, 1e-15);
        independent.CramersV().ShouldBe(0);
        independent.ChiSquared().Value.ShouldBe(0, 1e-12);

        var equal = new ContingencyTable([50, 0, 0, 50], 2);
        equal.MutualInformation.ShouldBe(1);
        equal.CramersV().ShouldBe(1, 1e-12);
        equal.BestAccuracy.ShouldBe(1);
        equal.AreaUnderCurve(equal.ByShareOfSecond()).ShouldBe(1);
    }

    /// <summary>χ² of the table of Fisher's "hair and eyes" kind that statistics books compute by hand.</summary>
    [Fact]
    public void Chi_squared_of_a_table_done_by_hand()
    {
        var (value, degrees) = new ContingencyTable([20, 30, 30, 20], 2).ChiSquared();
        value.ShouldBe(4, 1e-12);
        degrees.ShouldBe(1);
    }

    [Fact]
    public void Information_lies_between_nothing_and_either_entropy_and_does_not_change_when_turned() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]).SelectMany((rows, columns) =>
            Gen.Long[0, 50].Array[rows * columns].Select(cells => (cells, rows, columns))).Sample(table =>
        {
            var (cells, rows, columns) = table;
            var one = new ContingencyTable(cells, columns);
            var turned = new ContingencyTable([.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => cells[(row * columns) + column]))], rows);
            one.MutualInformation.ShouldBeInRange(0, Math.Min(one.RowEntropy, one.ColumnEntropy));
            one.MutualInformation.ShouldBe(turned.MutualInformation, 1e-12);
            one.CramersV().ShouldBeInRange(0, 1);
            one.CramersV().ShouldBe(turned.CramersV(), 1e-12);
            one.ExpectedMutualInformation.ShouldBe(turned.ExpectedMutualInformation, 1e-9);
            one.BestAccuracy.ShouldBeGreaterThanOrEqualTo(one.MajorityAccuracy);
        });

    static List<double[]> Rows(JsonElement table) => [.. table.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    static IEnumerable<int[]> Orders(int[] values)
    {
        if (values.Length <= 1)
            return [values];
        return Enumerable.Range(0, values.Length).SelectMany(first =>
            Orders([.. values.Where((_, index) => index != first)]).Select(rest => (int[])[values[first], .. rest]));
    }
}
