using System.Runtime.InteropServices;

namespace Gyre.Data;

/// <summary>Reads whole columns of a Parquet file into flat arrays.</summary>
public static class ParquetReader
{
    /// <summary>Reads columns, rows in the file's order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns wanted; null for all.</param>
    /// <param name="threads">How many threads may decode; the result does not depend on it.</param>
    /// <returns>For each column its values, in the form that its type asks for.</returns>
    /// <exception cref="InvalidDataException">A column is not there, or holds what its form cannot say, for example a missing whole number.</exception>
    public static IReadOnlyDictionary<string, ColumnValues> Read(string path, IReadOnlyList<string>? columns = null, int threads = 1)
    {
        using var engine = new DataEngine(threads);
        var types = ParquetFile.Columns(engine, path).ToDictionary(column => column.Name, column => column.SqlType, StringComparer.Ordinal);
        var names = columns ?? [.. types.Keys];
        ParquetFile.RequireColumns(path, types.Keys, names);
        var rows = checked((int)ParquetFile.Count(engine, path));
        var collectors = names.Select(name => Collector.For(name, types[name], rows, path)).ToList();

        if (names.Count > 0)
        {
            using var reader = new ChunkReader(engine, $"SELECT {string.Join(", ", names.Select(SqlText.Identifier))} FROM {ParquetFile.Source(path)}");
            for (var done = 0; reader.Next(); done += reader.Rows)
            {
                for (var column = 0; column < collectors.Count; column++)
                    collectors[column].Add(reader.Column(column), done, reader.Rows);
            }
        }

        return collectors.ToDictionary(collector => collector.Name, collector => collector.Values(), StringComparer.Ordinal);
    }

    abstract class Collector(string name, string path)
    {
        public string Name => name;

        public static Collector For(string name, string sqlType, int rows, string path) => sqlType switch
        {
            "FLOAT" => new Numbers<float>(name, path, rows, float.NaN, values => new FloatValues(values)),
            "DOUBLE" => new Numbers<double>(name, path, rows, double.NaN, values => new DoubleValues(values)),
            "BIGINT" => new Numbers<long>(name, path, rows, null, values => new IntegerValues(values)),
            "FLOAT[]" => new FloatLists(name, path),
            "INTEGER[]" => new IntegerLists(name, path, rows),
            "VARCHAR" => new Texts(name, path, rows),
            _ => throw new InvalidDataException($"The column '{name}' of {path} is of type {sqlType}. Expected FLOAT, FLOAT[], DOUBLE, BIGINT, INTEGER[] or VARCHAR."),
        };

        public abstract void Add(ColumnVector vector, int start, int rows);

        public abstract ColumnValues Values();

        protected void RequireDense(ColumnVector vector, int start, int rows)
        {
            for (var row = 0; row < rows && !vector.IsDense; row++)
            {
                if (vector.IsMissing(row))
                    throw new InvalidDataException($"The column '{name}' of {path} has no value in row {start + row + 1}. Expected one in every row.");
            }
        }
    }

    sealed class Numbers<T>(string name, string path, int rows, T? missing, Func<T[], ColumnValues> wrap) : Collector(name, path)
        where T : unmanaged
    {
        readonly T[] _values = new T[rows];

        public override void Add(ColumnVector vector, int start, int rows)
        {
            vector.Values<T>().CopyTo(_values.AsSpan(start));
            if (missing is not { } filler)
            {
                RequireDense(vector, start, rows);
                return;
            }

            for (var row = 0; row < rows && !vector.IsDense; row++)
            {
                if (vector.IsMissing(row))
                    _values[start + row] = filler;
            }
        }

        public override ColumnValues Values() => wrap(_values);
    }

    sealed class Texts(string name, string path, int rows) : Collector(name, path)
    {
        readonly string?[] _values = new string?[rows];

        public override void Add(ColumnVector vector, int start, int rows)
        {
            for (var row = 0; row < rows; row++)
                _values[start + row] = vector.IsMissing(row) ? null : System.Text.Encoding.UTF8.GetString(vector.Utf8(row));
        }

        public override ColumnValues Values() => new TextValues(_values);
    }

    sealed class IntegerLists(string name, string path, int rows) : Collector(name, path)
    {
        readonly List<int> _values = [];
        readonly int[] _offsets = new int[rows + 1];

        public override void Add(ColumnVector vector, int start, int rows)
        {
            RequireDense(vector, start, rows);
            var lists = vector.Lists;
            var elements = vector.Elements;
            RequireDense(elements, start, elements.Values<int>().Length);
            for (var row = 0; row < rows; row++)
            {
                CollectionsMarshal.SetCount(_values, checked(_values.Count + (int)lists[row].Length));
                elements.Values<int>().Slice((int)lists[row].Offset, (int)lists[row].Length)
                    .CopyTo(CollectionsMarshal.AsSpan(_values)[^(int)lists[row].Length..]);
                _offsets[start + row + 1] = _values.Count;
            }
        }

        public override ColumnValues Values() => new IntegerListValues([.. _values], _offsets);
    }

    sealed class FloatLists(string name, string path) : Collector(name, path)
    {
        readonly List<float> _values = [];
        int _width = -1;

        public override void Add(ColumnVector vector, int start, int rows)
        {
            RequireDense(vector, start, rows);
            var lists = vector.Lists;
            var elements = vector.Elements;
            for (var row = 0; row < rows; row++)
            {
                var width = (int)lists[row].Length;
                if (_width >= 0 && width != _width)
                    throw new InvalidDataException($"The column '{Name}' has {width} numbers in row {start + row + 1} and {_width} in the rows before. Expected the same number in every row.");
                _width = width;
                _values.AddRange(elements.Values<float>().Slice((int)lists[row].Offset, width));
            }
        }

        public override ColumnValues Values() => new FloatValues([.. _values], Math.Max(1, _width));
    }
}
