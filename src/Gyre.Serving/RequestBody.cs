using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gyre.Serving;

/// <summary>The bytes of a request's body, in memory that is given back when it is disposed.</summary>
sealed class RequestBody : IDisposable
{
    /// <summary>How far beyond the limit a body is still read before its answer is sent.</summary>
    public const int MostDrained = 1 << 20;

    const int FirstBuffer = 4096;

    byte[] _buffer;
    int _length;

    RequestBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <exception cref="ServingException">It is too large, or packed.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            throw TooLarge(limit);
        if (request.Headers.TryGetValue(HeaderNames.ContentEncoding, out var encoding) && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ServingException(
                ServingCode.InvalidArgument, $"The body is packed ({HeaderNames.ContentEncoding}: {Found.Short(encoding.ToString())}). Send it unpacked.", StatusCodes.Status415UnsupportedMediaType);
        }

        var body = new RequestBody((int)Math.Min(limit, request.ContentLength + 1 ?? FirstBuffer));
        try
        {
            await body.FillAsync(request.Body, limit, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    async Task FillAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
                Grow();
            var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
            if (_length > limit)
            {
                await DrainAsync(stream, cancellationToken);
                throw TooLarge(limit);
            }
        }
    }

    /// <summary>A client that is still sending when the connection is closed never reads the answer, so a little more is read and thrown away.</summary>
    async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (var rest = MostDrained; rest > 0;)
        {
            var read = await stream.ReadAsync(_buffer, cancellationToken);
            if (read == 0)
                return;
            rest -= read;
        }
    }

    void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    static ServingException TooLarge(long limit) => new(
        ServingCode.InvalidArgument, $"The body is larger than {limit} bytes. Send fewer rows in one request.", StatusCodes.Status413PayloadTooLarge);
}
