using System.Globalization;
using System.Text;

namespace Gyre.Data;

/// <summary>Texts in UTF-8, one behind the other; a missing one is empty. That of row i is <c>Bytes[Offsets[i] .. Offsets[i + 1]]</c>.</summary>
/// <param name="bytes">The bytes of all texts; there may be more behind them.</param>
/// <param name="offsets">Rows + 1 positions in <paramref name="bytes"/>.</param>
sealed class Utf8Column(byte[] bytes, int[] offsets)
{
    public byte[] Bytes => bytes;

    public int[] Offsets => offsets;

    public int Rows => offsets.Length - 1;

    public ReadOnlySpan<byte> this[int row] => bytes.AsSpan(offsets[row]..offsets[row + 1]);

    public static Utf8Column Of(string?[] texts)
    {
        var offsets = new int[texts.Length + 1];
        for (var row = 0; row < texts.Length; row++)
            offsets[row + 1] = checked(offsets[row] + (texts[row] is { } text ? Encoding.UTF8.GetByteCount(text) : 0));
        var bytes = new byte[offsets[^1]];
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text)
                Encoding.UTF8.GetBytes(text, bytes.AsSpan(offsets[row]));
        }

        return new Utf8Column(bytes, offsets);
    }

    /// <summary>Numbers in their shortest round-trip form.</summary>
    public static Utf8Column Of(double[] numbers)
    {
        const int Longest = 32;
        var offsets = new int[numbers.Length + 1];
        var bytes = new byte[numbers.Length * Longest];
        for (var row = 0; row < numbers.Length; row++)
        {
            var length = 0;
            if (!double.IsNaN(numbers[row]) && !numbers[row].TryFormat(bytes.AsSpan(offsets[row]), out length, "R", CultureInfo.InvariantCulture))
                throw new InvalidOperationException($"A number takes more than {Longest} bytes.");
            offsets[row + 1] = offsets[row] + length;
        }

        return new Utf8Column(bytes, offsets);
    }

    public string?[] ToTexts()
    {
        var texts = new string?[Rows];
        for (var row = 0; row < texts.Length; row++)
            texts[row] = this[row] is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;
        return texts;
    }
}
