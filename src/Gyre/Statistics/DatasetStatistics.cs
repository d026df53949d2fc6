using Google.Protobuf;
using Gyre.Statistics.Protos;

namespace Gyre.Statistics;

/// <summary>
/// The statistics of one data set, feature by feature. Files hold them as TFX's <c>DatasetFeatureStatisticsList</c>
/// (<c>FeatureStats.pb</c>), which TensorFlow Data Validation and Facets read; what such a file of theirs holds beyond
/// what is shown here is kept.
/// </summary>
public sealed class DatasetStatistics
{
    internal DatasetStatistics(DatasetFeatureStatistics message) => Message = message;

    internal DatasetFeatureStatistics Message { get; }

    /// <summary>The name of the data set, usually that of a split; may be empty.</summary>
    public string Name => Message.Name;

    /// <summary>The number of examples.</summary>
    public long Examples => checked((long)Message.NumExamples);

    /// <summary>The features in short, in the order of the columns.</summary>
    public IReadOnlyList<FeatureSummary> Features => [.. Message.Features.Select(FeatureSummary.Of)];

    /// <summary>Reads a file with statistics of one data set.</summary>
    /// <exception cref="InvalidDataException">The file does not hold statistics, or those of more than one data set.</exception>
    public static DatasetStatistics Load(string path) => LoadAll(path) is [var only]
        ? only
        : throw new InvalidDataException($"{path} holds the statistics of {LoadAll(path).Count} data sets. Expected one.");

    /// <summary>Reads a file with statistics of any number of data sets.</summary>
    /// <exception cref="InvalidDataException">The file does not hold statistics.</exception>
    public static IReadOnlyList<DatasetStatistics> LoadAll(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}. Expected statistics (FeatureStats.pb).", path);
        try
        {
            return [.. DatasetFeatureStatisticsList.Parser.ParseFrom(File.ReadAllBytes(path)).Datasets.Select(dataset => new DatasetStatistics(dataset))];
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new InvalidDataException($"{path} holds no statistics: {problem.Message} Expected TFX's DatasetFeatureStatisticsList, binary.", problem);
        }
    }

    /// <summary>The same statistics; under another name where they had none.</summary>
    internal DatasetStatistics Named(string name)
    {
        if (Name.Length > 0)
            return this;
        var message = Message.Clone();
        message.Name = name;
        return new DatasetStatistics(message);
    }

    /// <summary>Writes the statistics to a file; equal statistics give equal files.</summary>
    public void Save(string path) => SaveAll(path, [this]);

    /// <summary>Writes statistics of several data sets to one file.</summary>
    public static void SaveAll(string path, IReadOnlyList<DatasetStatistics> all) =>
        File.WriteAllBytes(path, new DatasetFeatureStatisticsList { Datasets = { all.Select(each => each.Message) } }.ToByteArray());
}

static class FeatureNames
{
    /// <summary>The steps of the path, joined by dots; for a column its name.</summary>
    public static string PathText(this FeatureNameStatistics feature) =>
        feature.FieldIdCase == FeatureNameStatistics.FieldIdOneofCase.Name ? feature.Name : string.Join('.', feature.Path?.Step ?? []);

    /// <summary>What is counted for features of every type; null when nothing is.</summary>
    public static CommonStatistics? Common(this FeatureNameStatistics feature) => feature.StatsCase switch
    {
        FeatureNameStatistics.StatsOneofCase.NumStats => feature.NumStats.CommonStats,
        FeatureNameStatistics.StatsOneofCase.StringStats => feature.StringStats.CommonStats,
        FeatureNameStatistics.StatsOneofCase.BytesStats => feature.BytesStats.CommonStats,
        FeatureNameStatistics.StatsOneofCase.StructStats => feature.StructStats.CommonStats,
        _ => null,
    };
}
