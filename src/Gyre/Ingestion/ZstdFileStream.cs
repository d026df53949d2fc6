using ZstdSharp;

namespace Gyre.Ingestion;

/// <summary>What a zstd file holds, its end checked.</summary>
sealed class ZstdFileStream(Stream packed) : ReadOnceStream
{
    readonly DecompressionStream _unpacked = new(packed, checkEndOfStream: true, leaveOpen: false);

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return _unpacked.Read(buffer, offset, count);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("it is cut short. Expected a whole zstd file: fetch it again.", error);
        }
        catch (ZstdException error)
        {
            throw new InvalidDataException($"it is no sound zstd file ({error.Message}). Expected one without damage: fetch it again.", error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }
}
