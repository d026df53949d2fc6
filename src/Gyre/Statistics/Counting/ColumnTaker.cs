using Gyre.Data;

namespace Gyre.Statistics.Counting;

/// <summary>Some rows of a chunk that belong together.</summary>
/// <param name="Counts">What is counted of the column in them.</param>
/// <param name="Rows">Their positions; null for all.</param>
readonly record struct Selection(SliceCounts Counts, IReadOnlyList<int>? Rows);

/// <summary>Takes the values of one column out of chunks. One for each thread.</summary>
sealed class ColumnTaker(ColumnCounts counts)
{
    readonly CountedColumn _column = counts.Column;
    long[] _keys = [];
    bool[] _isNaN = [];

    public ColumnCounts Counts => counts;

    /// <param name="vector">The column in this chunk.</param>
    /// <param name="weights">The weights of the rows; null when they have none.</param>
    /// <param name="selections">The rows to count; the first are all.</param>
    /// <param name="times">How many examples each row stands for; one, when there are no numbers.</param>
    public void Take(ColumnVector vector, Int128[]? weights, IReadOnlyList<Selection> selections, ReadOnlySpan<long> times = default)
    {
        var values = _column.IsList ? vector.Elements : vector;
        Read(values);
        foreach (var selection in selections)
        {
            var count = selection.Rows?.Count ?? vector.Rows;
            for (var i = 0; i < count; i++)
            {
                var row = selection.Rows is null ? i : selection.Rows[i];
                if (vector.IsMissing(row))
                    continue;
                var examples = new Tally(times.IsEmpty ? 1 : times[row], weights is null ? default : weights[row]);
                if (_column.IsList)
                    TakeList(values, vector.Lists[row], examples, selection.Counts);
                else
                    TakeOne(values, row, examples, selection.Counts);
            }
        }
    }

    void TakeOne(ColumnVector values, int at, Tally examples, SliceCounts target)
    {
        target.Lengths.Add(1, examples);
        Count(values, at, examples, target);
    }

    void TakeList(ColumnVector values, ListEntry list, Tally examples, SliceCounts target)
    {
        var length = 0;
        for (var i = 0; i < list.Length; i++)
        {
            var at = (int)list.Offset + i;
            if (values.IsMissing(at))
                continue;
            Count(values, at, examples, target);
            length++;
        }

        target.Lengths.Add(length, examples);
    }

    void Count(ColumnVector values, int at, Tally examples, SliceCounts target)
    {
        var key = _keys[at];
        if (_column.IsNumber)
        {
            if (_isNaN.Length > 0 && _isNaN[at])
                target.AddNotNumber(examples);
            else
                target.AddNumber(key, examples);
            return;
        }

        target.Texts!.Add((int)key, examples);
        ref readonly var entry = ref counts.Texts!.Entries[(int)key];
        if (entry.Length > TextEntry.LongestInMemory && entry.Traits.HasFlag(TextTraits.LikeLanguage))
            target.Words!.Add(values.Utf8(at), examples.Count);
    }

    /// <summary>The values as numbers: keys of numbers, numbers of texts. Once for all slices.</summary>
    void Read(ColumnVector values)
    {
        if (_keys.Length < values.Rows)
            _keys = new long[values.Rows];
        switch (_column.Kind)
        {
            case ValueKind.Integer:
                values.Values<long>().CopyTo(_keys);
                break;
            case ValueKind.Real:
                ReadReals(values.Values<double>());
                break;
            default:
                ReadTexts(values, counts.Texts!);
                break;
        }
    }

    /// <summary>In data that is sorted or comes in batches many texts equal the one before, which needs no look-up.</summary>
    void ReadTexts(ColumnVector values, TextTable texts)
    {
        var last = -1;
        ReadOnlySpan<byte> lastText = default;
        for (var at = 0; at < values.Rows; at++)
        {
            if (values.IsMissing(at))
                continue;
            var text = values.Utf8(at);
            if (last < 0 || !text.SequenceEqual(lastText))
            {
                last = texts.Add(text);
                lastText = text;
            }

            _keys[at] = last;
        }
    }

    void ReadReals(ReadOnlySpan<double> values)
    {
        if (_isNaN.Length < values.Length)
            _isNaN = new bool[values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            _isNaN[at] = double.IsNaN(values[at]);
            _keys[at] = NumberKeys.Of(values[at]);
        }
    }
}
