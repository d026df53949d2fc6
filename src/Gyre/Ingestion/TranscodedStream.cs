using System.Globalization;
using System.Text;

namespace Gyre.Ingestion;

/// <summary>Text in some encoding, as UTF-8. Bytes that the encoding does not know are an error, never replaced.</summary>
sealed class TranscodedStream(Stream inner, string name, Encoding encoding) : ReadOnceStream
{
    const int BlockSize = 1 << 16;

    readonly Decoder _decoder = encoding.GetDecoder();
    readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetEncoder();
    readonly byte[] _block = new byte[BlockSize];
    readonly char[] _chars = new char[encoding.GetMaxCharCount(BlockSize)];
    byte[] _text = new byte[BlockSize * 4];
    int _start;
    int _end;
    long _bytes;
    long _lines = 1;
    bool _ended;

    /// <summary>The encoding of a name, strict: it throws at bytes that it does not know. Null when there is none of that name.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_start == _end && !_ended)
            Fill();
        var read = Math.Min(count, _end - _start);
        _text.AsSpan(_start, read).CopyTo(buffer.AsSpan(offset));
        _start += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    void Fill()
    {
        var read = inner.Read(_block, 0, BlockSize);
        _ended = read == 0;
        try
        {
            var chars = _chars.AsSpan(0, _decoder.GetChars(_block.AsSpan(0, read), _chars, flush: _ended));
            var needed = Encoding.UTF8.GetMaxByteCount(chars.Length + 1);
            if (_text.Length < needed)
                _text = new byte[needed];
            (_start, _end) = (0, _encoder.GetBytes(chars, _text, flush: _ended));
            _lines += chars.Count('\n');
            _bytes += read;
        }
        catch (Exception error) when (error is DecoderFallbackException or EncoderFallbackException)
        {
            var at = error is DecoderFallbackException decoding ? Math.Clamp(decoding.Index, 0, read) : 0;
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"from line {_lines + LinesIn(at)} on (byte {_bytes + at + 1}) it holds bytes that are no text in '{name}'. Expected that encoding throughout: name the right one with Encoding, or correct the file."), error);
        }
    }

    /// <summary>How many lines end in the sound beginning of the block.</summary>
    int LinesIn(int bytes)
    {
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        return lenient.GetString(_block, 0, bytes).Count(letter => letter == '\n');
    }
}
