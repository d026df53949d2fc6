using Gyre.Data.TfRecords;
using Gyre.Training;
using Gyre.Training.Protos;

namespace Gyre.Tests.Training;

public sealed class TensorBoardLogTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("gyre-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Each_epoch_is_a_step_with_its_scalars_and_what_is_undefined_is_left_out()
    {
        EpochSummary[] epochs =
        [
            new(1, 0.75, 0.5, double.NaN),
            new(2, 0.5, 0.25, 0.875) { Metrics = new Dictionary<string, double> { ["accuracy"] = 0.625 } },
        ];
        var path = TensorBoardLog.Write(Path.Combine(_directory, "r1"), epochs, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), seconds: 10);

        Path.GetFileName(path).ShouldBe("events.out.tfevents.1700000000.gyre");
        var events = Read(path).Select(Event.Parser.ParseFrom).ToList();
        events[0].FileVersion.ShouldBe("brain.Event:2");
        events.Select(each => each.WallTime).ShouldBe([1_700_000_000, 1_700_000_005, 1_700_000_010]);
        events.Select(each => each.Step).ShouldBe([0L, 1L, 2L]);
        events[1].Summary.Value.Select(value => (value.Tag, value.SimpleValue)).ShouldBe([("loss/train", 0.75f), ("loss/eval", 0.5f)]);
        events[2].Summary.Value.Select(value => (value.Tag, value.SimpleValue)).ShouldBe([("loss/train", 0.5f), ("loss/eval", 0.25f), ("auc/eval", 0.875f), ("accuracy/eval", 0.625f)]);
    }

    [Fact]
    public void The_bytes_have_the_field_numbers_that_TensorFlow_gives()
    {
        var path = TensorBoardLog.Write(_directory, [new EpochSummary(3, 0.5, double.NaN, double.NaN)], DateTimeOffset.FromUnixTimeSeconds(1), seconds: 1);
        var records = Read(path);

        // wall_time = 1 (double), file_version = 3 (text).
        Convert.ToHexString(records[0]).ShouldBe("09" + "000000000000F03F" + "1A0D" + Convert.ToHexString("brain.Event:2"u8));

        // wall_time = 1, step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 (float) } }.
        Convert.ToHexString(records[1]).ShouldBe("09" + "0000000000000040" + "1003" + "2A13" + "0A11" + "0A0A" + Convert.ToHexString("loss/train"u8) + "15" + "0000003F");
    }

    static List<byte[]> Read(string path)
    {
        using var reader = new TfRecordReader(File.OpenRead(path), path);
        var records = new List<byte[]>();
        while (reader.Next(out var record))
            records.Add(record.ToArray());
        return records;
    }
}
