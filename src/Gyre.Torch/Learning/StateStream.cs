using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gyre.Torch.Learning;

/// <summary>
/// Passes state to a file or back from it, depending on the direction, so that both name the same values in the same order.
/// </summary>
abstract class StateStream
{
    public abstract void Pass(Span<byte> bytes);

    public void Pass<T>(Span<T> values)
        where T : unmanaged => Pass(MemoryMarshal.AsBytes(values));

    public void Pass<T>(ref T value)
        where T : unmanaged => Pass(MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>Passes a value whose size must be the same in both directions.</summary>
    /// <exception cref="InvalidDataException">What is read was written by another design.</exception>
    public void Same(int value, string what)
    {
        var passed = value;
        Pass(ref passed);
        if (passed != value)
            throw new InvalidDataException($"{what} is {passed} in the checkpoint. Expected {value}.");
    }

    /// <summary>Passes a list of arrays whatever their sizes.</summary>
    public void Pass(ref IReadOnlyList<byte[]> arrays)
    {
        var count = arrays.Count;
        Pass(ref count);
        var passed = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var length = i < arrays.Count ? arrays[i].Length : 0;
            Pass(ref length);
            passed[i] = i < arrays.Count && arrays[i].Length == length ? arrays[i] : new byte[length];
            Pass(passed[i].AsSpan());
        }

        arrays = passed;
    }
}

/// <summary>Writes state, and after it a digest by which a damaged file is seen.</summary>
sealed class StateWriter(Stream target) : StateStream, IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override void Pass(Span<byte> bytes)
    {
        target.Write(bytes);
        _hash.AppendData(bytes);
    }

    public void End() => target.Write(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}

/// <summary>Reads state that a <see cref="StateWriter"/> wrote, after looking whether it is whole.</summary>
sealed class StateReader : StateStream
{
    readonly Stream _source;
    readonly long _end;

    /// <exception cref="InvalidDataException">The file is cut off or damaged.</exception>
    public StateReader(Stream source)
    {
        _source = source;
        _end = source.Length - SHA256.HashSizeInBytes;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var left = _end; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            source.ReadExactly(part);
            hash.AppendData(part);
            left -= part.Length;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (_end < 0 || source.ReadAtLeast(digest, digest.Length, throwOnEndOfStream: false) < digest.Length || !digest.SequenceEqual(hash.GetHashAndReset()))
            throw new InvalidDataException("The checkpoint is cut off or damaged.");
        source.Position = 0;
    }

    public override void Pass(Span<byte> bytes)
    {
        if (_source.Position + bytes.Length > _end)
            throw new InvalidDataException("The checkpoint holds less than expected.");
        _source.ReadExactly(bytes);
    }

    /// <exception cref="InvalidDataException">Not all has been read.</exception>
    public void End()
    {
        if (_source.Position != _end)
            throw new InvalidDataException("The checkpoint holds more than expected.");
    }
}
