using Gyre.Ingestion;
using Gyre.Statistics.Counting;
using Gyre.Statistics.Protos;
using StatisticsType = Gyre.Statistics.Protos.FeatureNameStatistics.Types.Type;

namespace Gyre.Statistics.Describing;

/// <summary>
/// Describes columns of transformed examples. Ids are counted like the texts they stand for, so that they can be read, and compared
/// with data whose vocabulary has other ids for the same texts.
/// </summary>
static class IdDescription
{
    /// <summary>Describes a column of ids; false where the column is none.</summary>
    public static bool TryDescribe(FeatureNameStatistics feature, ColumnMeaning? meaning, SliceCounts counts, CommonStatistics common, StatisticsOptions options, bool isWeighted)
    {
        if (meaning?.NameOf is not { } name)
            return false;
        var run = counts.Numbers();
        feature.Type = StatisticsType.String;
        feature.StringStats = CategoryDescription.Of(run, common, options, isWeighted, name);
        feature.CustomStats.AddRange(
        [
            new CustomStatistic { Name = CustomNames.NoId, Num = CountWhere(run, static id => id == -1) },
            new CustomStatistic { Name = CustomNames.OtherIds, Num = CountWhere(run, id => id >= 0 && id < meaning.Size && meaning.IsOther(id)) },
            new CustomStatistic { Name = CustomNames.OutsideIds, Num = CountWhere(run, id => id < -1 || id >= meaning.Size) },
        ]);
        if (run.Keys.Length > 0)
            feature.CustomStats.Add(new CustomStatistic { Name = CustomNames.GreatestId, Num = run.Keys[^1] });
        return true;
    }

    /// <summary>Says of which kind a transformed column is.</summary>
    public static IEnumerable<CustomStatistic> KindOf(ColumnMeaning? meaning) => meaning is null
        ? []
        :
        [
            new CustomStatistic { Name = CustomNames.FeatureKind, Str = meaning.Kind },
            new CustomStatistic { Name = CustomNames.FeatureSize, Num = meaning.Size },
        ];

    static long CountWhere(NumberRun run, Func<long, bool> condition)
    {
        var count = 0L;
        for (var i = 0; i < run.Keys.Length; i++)
        {
            if (condition(run.Keys[i]))
                count += run.Counts[i];
        }

        return count;
    }
}
