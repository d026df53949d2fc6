using System.Globalization;
using System.Text;
using Gyre.Data;

namespace Gyre.Statistics.Counting;

/// <summary>
/// Which slices each row of a chunk belongs to. A slice is named as TensorFlow Data Validation names it:
/// <c>column_value</c>, for several columns <c>column_value_column_value</c> in the order of their names.
/// </summary>
sealed class SliceKeys
{
    /// <summary>The name of the data set that holds all examples, where there are slices of them.</summary>
    public const string AllExamples = "All Examples";

    readonly SliceSpec _spec;
    readonly (CountedColumn Column, int Position)[] _columns;
    readonly HashSet<string>?[] _wanted;
    readonly Dictionary<string, List<int>> _rows = new(StringComparer.Ordinal);

    /// <param name="spec">What to slice by.</param>
    /// <param name="positions">Where the columns stand in the chunks.</param>
    public SliceKeys(SliceSpec spec, IReadOnlyDictionary<string, (CountedColumn Column, int Position)> positions)
    {
        _spec = spec;
        var names = spec.Columns.Keys.Order(StringComparer.Ordinal).ToList();
        _columns = [.. names.Select(name => positions[name])];
        _wanted = [.. names.Select(name => spec.Columns[name] is { Count: > 0 } values ? values.ToHashSet(StringComparer.Ordinal) : null)];
    }

    /// <summary>The rows of each slice that occurs in the chunk. What is given is void with the next call.</summary>
    public IEnumerable<KeyValuePair<string, List<int>>> Of(Chunk chunk)
    {
        foreach (var rows in _rows.Values)
            rows.Clear();
        var parts = new List<string>[_columns.Length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = [];
        for (var row = 0; row < chunk.Rows; row++)
        {
            var isEmpty = false;
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i].Clear();
                ReadParts(i, chunk, row, parts[i]);
                isEmpty |= parts[i].Count == 0;
            }

            if (!isEmpty)
                Combine(parts, 0, "", row);
        }

        return _rows.Where(pair => pair.Value.Count > 0);
    }

    void Combine(List<string>[] parts, int at, string key, int row)
    {
        if (at == parts.Length)
        {
            if (!_rows.TryGetValue(key, out var rows))
            {
                if (_rows.Count >= _spec.MaxSlices)
                {
                    throw new InvalidDataException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Slicing by {string.Join(" and ", _spec.Columns.Keys.Order(StringComparer.Ordinal))} makes more than {_spec.MaxSlices:N0} slices. Slice by a column of fewer values, name the values that matter, or raise MaxSlices."));
                }

                _rows[key] = rows = [];
            }

            rows.Add(row);
            return;
        }

        foreach (var part in parts[at])
            Combine(parts, at + 1, key.Length == 0 ? part : $"{key}_{part}", row);
    }

    void ReadParts(int index, Chunk chunk, int row, List<string> parts)
    {
        var (column, position) = _columns[index];
        var vector = chunk.Column(position);
        if (vector.IsMissing(row))
            return;
        if (!column.IsList)
        {
            Add(vector, row);
            return;
        }

        var elements = vector.Elements;
        var list = vector.Lists[row];
        for (var i = 0; i < list.Length; i++)
        {
            if (!elements.IsMissing((int)list.Offset + i))
                Add(elements, (int)list.Offset + i);
        }

        void Add(ColumnVector values, int at)
        {
            var value = column.Kind switch
            {
                ValueKind.Integer => values.Values<long>()[at].ToString(CultureInfo.InvariantCulture),
                ValueKind.Real => values.Values<double>()[at].ToString("R", CultureInfo.InvariantCulture),
                _ => Encoding.UTF8.GetString(values.Utf8(at)),
            };
            if (_wanted[index]?.Contains(value) == false)
                return;
            var part = $"{column.Name}_{value}";
            if (!parts.Contains(part, StringComparer.Ordinal))
                parts.Add(part);
        }
    }
}
