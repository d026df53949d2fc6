using System.Text;

namespace Gyre.Data;

/// <summary>One column of a batch of examples while it is filled.</summary>
abstract class BatchColumn
{
    /// <summary>The values, an element to each example.</summary>
    public abstract Array Values { get; }

    /// <summary>A column of the form that its type asks for.</summary>
    public static BatchColumn For(ExampleColumn column, int rows) => (column.Type, column.IsList) switch
    {
        (ColumnType.Text, false) => new Single<string?>(rows, missing: null, static (vector, row) => Encoding.UTF8.GetString(vector.Utf8(row))),
        (ColumnType.Text, true) => new Lists<string>(rows, static (vector, row) => Encoding.UTF8.GetString(vector.Utf8(row))),
        (ColumnType.Bytes, false) => new Single<byte[]?>(rows, missing: null, static (vector, row) => vector.Utf8(row).ToArray()),
        (ColumnType.Bytes, true) => new Lists<byte[]>(rows, static (vector, row) => vector.Utf8(row).ToArray()),
        (_, false) => new Numbers(rows),
        (_, true) => new Lists<double>(rows, static (vector, row) => vector.Values<double>()[row]),
    };

    /// <summary>A column of texts that stay in UTF-8.</summary>
    public static Utf8Texts ForUtf8(int rows) => new(rows);

    /// <summary>The column in SQL; numbers as doubles.</summary>
    public static string Expression(ExampleColumn column) => column.Type is ColumnType.Text or ColumnType.Bytes
        ? SqlText.Identifier(column.Name)
        : $"CAST({SqlText.Identifier(column.Name)} AS DOUBLE{(column.IsList ? "[]" : "")})";

    /// <summary>Takes some rows of a chunk.</summary>
    /// <param name="vector">The column of the chunk.</param>
    /// <param name="start">The first row of the chunk to take.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="count">How many rows to take.</param>
    public abstract void Take(ColumnVector vector, int start, int target, int count);

    /// <summary>Reads the value in a row of a vector.</summary>
    delegate T Reading<out T>(ColumnVector vector, int row);

    sealed class Numbers(int rows) : BatchColumn
    {
        readonly double[] _values = new double[rows];

        public override Array Values => _values;

        public override void Take(ColumnVector vector, int start, int target, int count)
        {
            vector.Values<double>().Slice(start, count).CopyTo(_values.AsSpan(target));
            for (var row = 0; row < count && !vector.IsDense; row++)
            {
                if (vector.IsMissing(start + row))
                    _values[target + row] = double.NaN;
            }
        }
    }

    sealed class Single<T>(int rows, T missing, Reading<T> read) : BatchColumn
    {
        readonly T[] _values = new T[rows];

        public override Array Values => _values;

        public override void Take(ColumnVector vector, int start, int target, int count)
        {
            for (var row = 0; row < count; row++)
                _values[target + row] = vector.IsMissing(start + row) ? missing : read(vector, start + row);
        }
    }

    /// <summary>Texts in UTF-8, one behind the other.</summary>
    public sealed class Utf8Texts(int rows) : BatchColumn
    {
        readonly int[] _offsets = new int[rows + 1];
        byte[] _bytes = [];

        public override Array Values => Column.ToTexts();

        public Utf8Column Column => new(_bytes, _offsets);

        public override void Take(ColumnVector vector, int start, int target, int count)
        {
            var at = _offsets[target];
            for (var row = 0; row < count; row++)
            {
                if (!vector.IsMissing(start + row))
                    at = checked(at + vector.Utf8(start + row).Length);
                _offsets[target + row + 1] = at;
            }

            // Most batches are a chunk of the engine, so that nothing is copied twice.
            Reserve(_offsets[target], at);
            for (var row = 0; row < count; row++)
            {
                if (!vector.IsMissing(start + row))
                    vector.Utf8(start + row).CopyTo(_bytes.AsSpan(_offsets[target + row]));
            }
        }

        void Reserve(int filled, int length)
        {
            if (length <= _bytes.Length)
                return;
            var larger = GC.AllocateUninitializedArray<byte>(filled == 0 ? length : (int)Math.Min(Array.MaxLength, Math.Max(length, filled * 2L)));
            _bytes.AsSpan(0, filled).CopyTo(larger);
            _bytes = larger;
        }
    }

    sealed class Lists<T>(int rows, Reading<T> read) : BatchColumn
    {
        readonly T[]?[] _values = new T[]?[rows];

        public override Array Values => _values;

        public override void Take(ColumnVector vector, int start, int target, int count)
        {
            var lists = vector.Lists;
            var elements = vector.Elements;
            for (var row = 0; row < count; row++)
            {
                if (vector.IsMissing(start + row))
                    continue;
                var (offset, length) = lists[start + row];
                var list = new T[length];
                for (var index = 0; index < list.Length; index++)
                    list[index] = read(elements, checked((int)offset + index));
                _values[target + row] = list;
            }
        }
    }
}
