using System.Runtime.InteropServices;

namespace Gyre.Statistics.Counting;

/// <summary>The counts of one column as bytes.</summary>
static class BlockFormat
{
    /// <param name="to">Takes the bytes.</param>
    /// <param name="counts">The counts.</param>
    /// <param name="file">Takes the longer texts that are not there yet.</param>
    public static void Write(BinaryWriter to, ColumnCounts counts, SharedFile file)
    {
        if (counts.Texts is { } texts)
            WriteTexts(to, texts, file);
        to.Write(counts.Slices.Count);
        foreach (var (name, slice) in counts.Slices.OrderBy(slice => slice.Key, StringComparer.Ordinal))
        {
            to.Write(name);
            var lengths = slice.Lengths.Sorted();
            to.Write(lengths.Count);
            foreach (var (length, tally) in lengths)
            {
                to.Write(length);
                Write(to, tally);
            }

            if (counts.Column.IsNumber)
                WriteNumbers(to, slice);
            else
                WriteTextCounts(to, slice, counts.IsWeighted);
        }
    }

    public static ColumnCounts Read(BinaryReader from, CountedColumn column, bool isWeighted, ITextHeap heap)
    {
        var result = new ColumnCounts(column, isWeighted, file: null);
        if (result.Texts is { } texts)
            ReadTexts(from, texts, heap);
        var slices = from.ReadInt32();
        for (var i = 0; i < slices; i++)
        {
            var name = from.ReadString();
            var lengths = new LengthTally();
            for (var n = from.ReadInt32(); n > 0; n--)
            {
                var (length, tally) = (from.ReadInt64(), ReadTally(from));
                lengths.Add(length, tally);
            }

            result.Slices[name] = column.IsNumber
                ? new SliceCounts(lengths, ReadTally(from), ReadRun(from, isWeighted), null, null)
                : ReadTextCounts(from, lengths, name == SliceKeys.AllExamples, isWeighted);
        }

        return result;
    }

    /// <summary>Texts of 17 to 64 bytes stand here one after the other; longer ones elsewhere in the file, at the place that is noted.</summary>
    static void WriteTexts(BinaryWriter to, TextTable texts, SharedFile file)
    {
        var entries = texts.Entries.ToArray();
        var memory = 0L;
        foreach (ref var entry in entries.AsSpan())
        {
            if (entry.Length is > TextEntry.LongestInKeys and <= TextEntry.LongestInMemory)
                (entry.Place, memory) = (memory, memory + entry.Length);
            else if (entry.Length is > TextEntry.LongestInMemory and <= TextEntry.LongestKept)
                entry.Place = texts.OffsetIn(file, entry);
        }

        WriteArray<TextEntry>(to, entries);
        to.Write((int)memory);
        Span<byte> buffer = stackalloc byte[TextEntry.LongestInMemory];
        foreach (ref readonly var entry in texts.Entries)
        {
            if (entry.Length is <= TextEntry.LongestInKeys or > TextEntry.LongestInMemory)
                continue;
            texts.Read(entry, buffer[..entry.Length]);
            to.Write(buffer[..entry.Length]);
        }
    }

    static void ReadTexts(BinaryReader from, TextTable texts, ITextHeap heap)
    {
        var entries = ReadArray<TextEntry>(from);
        texts.Restore(entries, from.ReadBytes(from.ReadInt32()), heap);
    }

    static void WriteNumbers(BinaryWriter to, SliceCounts slice)
    {
        Write(to, slice.NotNumbers);
        var run = slice.Numbers();
        WriteArray<long>(to, run.Keys);
        WriteArray<long>(to, run.Counts);
        if (run.Weights is not null)
            WriteArray<Int128>(to, run.Weights);
    }

    static NumberRun ReadRun(BinaryReader from, bool isWeighted) =>
        new(ReadArray<long>(from), ReadArray<long>(from), isWeighted ? ReadArray<Int128>(from) : null);

    static void WriteTextCounts(BinaryWriter to, SliceCounts slice, bool isWeighted)
    {
        var (ids, counts, weights) = (new List<int>(), new List<long>(), new List<Int128>());
        foreach (var (id, tally) in slice.Texts!.All())
        {
            ids.Add(id);
            counts.Add(tally.Count);
            if (isWeighted)
                weights.Add(tally.Weight);
        }

        WriteArray<int>(to, CollectionsMarshal.AsSpan(ids));
        WriteArray<long>(to, CollectionsMarshal.AsSpan(counts));
        WriteArray<Int128>(to, CollectionsMarshal.AsSpan(weights));
        WriteArray(to, slice.Words!.Lengths);
        WriteArray<long>(to, [.. slice.Words.WordsPerText.SelectMany(pair => new[] { pair.Words, pair.Texts })]);
        var words = slice.Words.All().OrderBy(word => word.Word, StringComparer.Ordinal).ToList();
        to.Write(words.Count);
        foreach (var (word, count) in words)
        {
            to.Write(word);
            to.Write(count.Occurrences);
            to.Write(count.Texts);
        }
    }

    static SliceCounts ReadTextCounts(BinaryReader from, LengthTally lengths, bool isWhole, bool isWeighted)
    {
        var texts = IdTally.For(isWhole, isWeighted);
        var (ids, counts, weights) = (ReadArray<int>(from), ReadArray<long>(from), ReadArray<Int128>(from));
        for (var i = 0; i < ids.Length; i++)
            texts.Add(ids[i], new Tally(counts[i], weights.Length > 0 ? weights[i] : 0));
        var words = new WordTally();
        var wordLengths = ReadArray<long>(from);
        words.Restore(wordLengths, ReadArray<long>(from).Chunk(2).Select(pair => (pair[0], pair[1])));
        for (var n = from.ReadInt32(); n > 0; n--)
            words.Restore(from.ReadString(), new WordCount(from.ReadInt64(), from.ReadInt64()));
        return new SliceCounts(lengths, default, null, texts, words);
    }

    static void Write(BinaryWriter to, Tally tally)
    {
        to.Write(tally.Count);
        to.Write((ulong)(tally.Weight >> 64));
        to.Write((ulong)tally.Weight);
    }

    static Tally ReadTally(BinaryReader from) => new(from.ReadInt64(), new Int128(from.ReadUInt64(), from.ReadUInt64()));

    static void WriteArray<T>(BinaryWriter to, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        to.Write(values.Length);
        to.Write(MemoryMarshal.AsBytes(values));
    }

    static T[] ReadArray<T>(BinaryReader from)
        where T : unmanaged
    {
        var values = new T[from.ReadInt32()];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
