using Gyre.Data;
using Gyre.Tests.Statistics;

namespace Gyre.Tests.Data;

public sealed class ReadingSeveralFiles : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gyre-files-");

    public void Dispose() => _directory.Delete(recursive: true);

    string Write(string name, params (string Name, Array Values)[] columns) => ExampleFile.Write(Path.Combine(_directory.FullName, name), columns);

    [Fact]
    public void Several_files_read_as_one_however_they_are_cut() => Gen.Select(Gen.Int[0, 3000].Array[1, 4], Gen.Int[1, 2500], Gen.Int[0, 4000]).Sample(
        (sizes, batchRows, firstRow) =>
        {
            var next = 0L;
            var paths = sizes.Select((size, file) => Write($"{file}.parquet", ("x", Enumerable.Range(0, size).Select(_ => next++).ToArray()))).ToList();

            var batches = ExampleReader.Read(paths, ["x"], batchRows, firstRow).ToList();

            batches.SelectMany(batch => batch.Number("x")).ShouldBe(Enumerable.Range(0, (int)next).Skip(firstRow).Select(i => (double)i));
            batches.SkipLast(1).ShouldAllBe(batch => batch.Rows == batchRows);
            ExampleReader.Count(paths).ShouldBe(next);
        },
        iter: 20,
        threads: 1);

    [Fact]
    public void Files_of_other_columns_or_types_are_refused_by_name()
    {
        var first = Write("first.parquet", ("x", new long[] { 1 }));
        var other = Write("other.parquet", ("x", new double[] { 1.5 }));

        ExampleReader.Columns([first, first]).ShouldBe([new ExampleColumn("x", ColumnType.Integer)]);
        Should.Throw<InvalidDataException>(() => ExampleReader.Columns([first, other])).Message.ShouldStartWith($"{other} has other columns than {first}");
        Should.Throw<InvalidDataException>(() => ExampleReader.Read([first, other]).ToList());
    }
}
