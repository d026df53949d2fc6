using System.Buffers;

namespace Gyre.Serving;

/// <summary>
/// Makes JSON of what Python writes: <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are no JSON, but pandas and numpy
/// send them, and TensorFlow Serving takes them. NaN means missing, so it becomes null; an infinity becomes a number too
/// large for a double, so that it is refused where it stands.
/// </summary>
static class BareNumbers
{
    static readonly SearchValues<byte> Interesting = SearchValues.Create("\"NI"u8);

    /// <summary>The body with these replaced; null when there are none.</summary>
    public static byte[]? Replace(ReadOnlySpan<byte> json)
    {
        ArrayBufferWriter<byte>? result = null;
        var copied = 0;
        for (var at = 0; at < json.Length;)
        {
            var next = json[at..].IndexOfAny(Interesting);
            if (next < 0)
                break;
            at += next;
            if (json[at] == '"')
            {
                at = EndOfText(json, at);
                continue;
            }

            var (length, replacement) = json[at..].StartsWith("NaN"u8) ? (3, "null"u8.ToArray())
                : json[at..].StartsWith("Infinity"u8) ? (8, "1e999"u8.ToArray())
                : (1, null);
            if (replacement is not null)
            {
                result ??= new ArrayBufferWriter<byte>(json.Length + 16);
                result.Write(json[copied..at]);
                result.Write(replacement);
                copied = at + length;
            }

            at += length;
        }

        if (result is null)
            return null;
        result.Write(json[copied..]);
        return result.WrittenSpan.ToArray();
    }

    /// <summary>The position behind the text that begins here.</summary>
    static int EndOfText(ReadOnlySpan<byte> json, int start)
    {
        for (var at = start + 1; at < json.Length; at++)
        {
            if (json[at] == '\\')
                at++;
            else if (json[at] == '"')
                return at + 1;
        }

        return json.Length;
    }
}
