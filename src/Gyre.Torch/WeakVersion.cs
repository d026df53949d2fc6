using System.Buffers.Binary;
using System.Text;

namespace Gyre.Torch;

/// <summary>
/// Makes a version that a shared library asks of another one optional. A library built with a newer compiler names the
/// newest version of the C++ runtime it has heard of, also where it uses nothing of it; the loader then refuses it on a
/// system with an older runtime, unless the entry is flagged weak.
/// </summary>
static class WeakVersion
{
    const int VersionNeeds = 0x6ffffffe;
    const ushort Weak = 2;

    /// <summary>Flags every need of the version in a 64-bit little-endian ELF image as weak.</summary>
    /// <returns>How many entries bear the name; 0 when the image does not ask for the version.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such image.</exception>
    public static int Allow(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new InvalidDataException("This is no 64-bit little-endian ELF image.");
        try
        {
            return AllowIn(image, version);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The ELF image is damaged: a table points outside the file.", error);
        }
    }

    static int AllowIn(Span<byte> image, string version)
    {
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[40..]));
        var sectionSize = U16(image, 58);
        var sectionCount = U16(image, 60);
        var found = 0;
        for (var i = 0; i < sectionCount; i++)
        {
            var header = sections + (i * sectionSize);
            if (U32(image, header + 4) != VersionNeeds)
                continue;
            var names = sections + (U32(image, header + 40) * sectionSize);
            found += AllowInSection(image, Offset(image, header), U32(image, header + 44), Offset(image, names), version);
        }

        return found;
    }

    static int AllowInSection(Span<byte> image, int section, int needs, int names, string version)
    {
        var found = 0;
        var need = section;
        for (var i = 0; i < needs; i++)
        {
            var entry = need + U32(image, need + 8);
            for (var j = 0; j < U16(image, need + 2); j++)
            {
                if (NameIs(image[(names + U32(image, entry + 8))..], version))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(entry + 4)..], (ushort)(U16(image, entry + 4) | Weak));
                    found++;
                }

                entry += U32(image, entry + 12);
            }

            need += U32(image, need + 12);
        }

        return found;
    }

    static bool NameIs(ReadOnlySpan<byte> names, string version)
    {
        var end = names.IndexOf((byte)0);
        return end == version.Length && Encoding.ASCII.GetString(names[..end]) == version;
    }

    static int Offset(ReadOnlySpan<byte> image, int sectionHeader) =>
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[(sectionHeader + 24)..]));

    static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    static int U32(ReadOnlySpan<byte> image, int at) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(image[at..]));
}
