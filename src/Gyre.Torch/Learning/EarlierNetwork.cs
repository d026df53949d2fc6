using System.Globalization;
using System.Text;
using Gyre.Torch.Layers;
using Microsoft.Extensions.Logging;

namespace Gyre.Torch.Learning;

/// <summary>
/// The weights of an earlier network, each with what its places stand for: what another training goes on from. Weights are matched by
/// name; within them rows of ids by their texts, inputs by their features, outputs by their classes. What the earlier network did
/// not know keeps its first weights.
/// </summary>
sealed class EarlierNetwork
{
    const string FileName = "network.bin";
    const string Magic = "gyre network 1";

    readonly Dictionary<string, (IReadOnlyList<Axis> Axes, byte[] Content)> _kept = new(StringComparer.Ordinal);
    readonly Dictionary<string, Axis> _fixed = new(StringComparer.Ordinal);
    HashSet<string> _features = [];
    string _task = "";

    public static void Save(string directory, Network network, NetworkTerms terms)
    {
        using var writer = new BinaryWriter(File.Create(Path.Combine(directory, FileName)), Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(terms.Task);
        Write(writer, terms.Features);
        List<(string Name, Axis Axis)> fixedAxes = [.. terms.Unnamed, .. network.Fixed];
        writer.Write(fixedAxes.Count);
        foreach (var (name, axis) in fixedAxes)
        {
            writer.Write(name);
            Write(writer, axis);
        }

        writer.Write(network.Kept.Count);
        foreach (var kept in network.Kept)
        {
            writer.Write(kept.Name);
            writer.Write(kept.Axes.Count);
            foreach (var axis in kept.Axes)
                Write(writer, axis);
            writer.Write(kept.Content.Length);
            writer.Write(kept.Content);
        }
    }

    /// <exception cref="InvalidDataException">The directory holds no network.</exception>
    public static EarlierNetwork Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
            if (reader.ReadString() != Magic)
                throw new InvalidDataException($"'{path}' holds no weights of a network in a form that is known. Expected '{Magic}': set WarmStart = null.");
            var network = new EarlierNetwork { _task = reader.ReadString(), _features = [.. ReadTexts(reader)] };
            for (var left = reader.ReadInt32(); left > 0; left--)
                network._fixed[reader.ReadString()] = ReadAxis(reader);
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var (name, axes) = (reader.ReadString(), new Axis[reader.ReadInt32()]);
                for (var i = 0; i < axes.Length; i++)
                    axes[i] = ReadAxis(reader);
                network._kept.Add(name, (axes, reader.ReadBytes(reader.ReadInt32())));
            }

            return network;
        }
        catch (Exception error) when (error is EndOfStreamException or FileNotFoundException)
        {
            throw new InvalidDataException($"The weights of the earlier network in '{directory}' are cut off or missing. Expected {FileName} whole: set WarmStart = null.", error);
        }
    }

    /// <summary>The length of the vectors of a table; null where the network has none of that name.</summary>
    public int? WidthOf(string table) => _kept.TryGetValue(table, out var kept) ? kept.Axes[^1].Length : null;

    /// <summary>Puts the weights into a network of the same design that has its first weights.</summary>
    /// <exception cref="InvalidDataException">Something cannot be matched; the message names all of it.</exception>
    public void TakeOver(Network network, NetworkTerms terms, ILogger log)
    {
        List<string> problems = [.. ProblemsOfDesign(network, terms)];
        var added = terms.Features.Where(feature => !_features.Contains(feature)).ToList();
        var removed = _features.Where(feature => !terms.Features.Contains(feature, StringComparer.Ordinal)).ToList();
        foreach (var kept in network.Kept)
        {
            if (!_kept.TryGetValue(kept.Name, out var earlier))
            {
                if (!IsOf(kept.Name, kept.Axes, added))
                    problems.Add($"'{kept.Name}' {Shape(kept.Axes)} is new");
            }
            else if (Matches(kept, earlier.Axes, earlier.Content.Length) is { } places)
            {
                Copy(earlier.Content, earlier.Axes, kept.Content, places);
                if (places[0].Contains(-1))
                    log.LogInformation("{Weights}: {Known} of {All} rows are taken over from the earlier model, the others are new.", kept.Name, places[0].Count(place => place >= 0), places[0].Length);
            }
            else
            {
                problems.Add($"'{kept.Name}' is {Shape(earlier.Axes)} in the earlier model and {Shape(kept.Axes)} now");
            }
        }

        problems.AddRange(_kept.Where(earlier => network.Kept.All(kept => kept.Name != earlier.Key) && !IsOf(earlier.Key, earlier.Value.Axes, removed))
            .Select(earlier => $"'{earlier.Key}' {Shape(earlier.Value.Axes)} of the earlier model is gone"));
        if (problems.Count > 0)
        {
            throw new InvalidDataException(
                $"The network cannot go on from the earlier model: {string.Join("; ", problems)}. Expected the same layers with the same options: train with those of the earlier model, "
                + "or begin from nothing (WarmStart = null, StartFrom = EarlierModel.None).");
        }
    }

    IEnumerable<string> ProblemsOfDesign(Network network, NetworkTerms terms)
    {
        if (_task != terms.Task)
            yield return $"it learnt a {_task} task, and this is a {terms.Task} one";
        foreach (var (name, axis) in terms.Unnamed.Concat(network.Fixed))
        {
            if (_fixed.TryGetValue(name, out var earlier) && !earlier.IsSame(axis))
                yield return $"{name} changed{(earlier.Length == axis.Length ? "" : string.Create(CultureInfo.InvariantCulture, $" from {earlier.Length} to {axis.Length}"))}";
        }
    }

    /// <summary>Whether weights belong to one of some features: by their name, or since all their rows do.</summary>
    static bool IsOf(string name, IReadOnlyList<Axis> axes, List<string> features)
    {
        var own = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return features.Any(feature => own == feature || own.StartsWith($"{feature}/", StringComparison.Ordinal))
            || (features.Count > 0 && axes is [{ Keys: { } keys }, ..] && keys.All(key => features.Any(feature => key.StartsWith(feature + Axis.Separator, StringComparison.Ordinal))));
    }

    /// <summary>For each axis the places in the earlier weights; null where they do not fit.</summary>
    static int[][]? Matches(IKept kept, IReadOnlyList<Axis> earlier, int bytes)
    {
        if (earlier.Count != kept.Axes.Count || (long)bytes * Size(kept.Axes) != kept.Content.Length * Size(earlier))
            return null;
        var places = kept.Axes.Zip(earlier, (now, before) => now.PlacesIn(before)).ToArray();
        return places.Length == 0 ? [[0]] : Array.Exists(places, place => place is null) ? null : [.. places.Select(place => place!)];
    }

    static void Copy(byte[] source, IReadOnlyList<Axis> axes, Span<byte> target, int[][] places)
    {
        var element = axes.Count == 0 ? source.Length : (int)(source.Length / Math.Max(1, Size(axes)));
        var written = 0;
        Go(0, 0, target);

        void Go(int axis, int offset, Span<byte> into)
        {
            if (axis == places.Length)
            {
                if (offset >= 0)
                    source.AsSpan(offset * element, element).CopyTo(into[(written * element)..]);
                written++;
                return;
            }

            var length = axes.Count == 0 ? 1 : axes[axis].Length;
            foreach (var place in places[axis])
                Go(axis + 1, offset < 0 || place < 0 ? -1 : (offset * length) + place, into);
        }
    }

    static long Size(IReadOnlyList<Axis> axes) => axes.Aggregate(1L, (size, axis) => size * axis.Length);

    static string Shape(IReadOnlyList<Axis> axes) => $"[{string.Join(", ", axes.Select(axis => axis.Length.ToString(CultureInfo.InvariantCulture)))}]";

    static void Write(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (var text in texts)
            writer.Write(text);
    }

    static string[] ReadTexts(BinaryReader reader)
    {
        var texts = new string[reader.ReadInt32()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = reader.ReadString();
        return texts;
    }

    static void Write(BinaryWriter writer, Axis axis)
    {
        writer.Write(axis.Keys is not null);
        if (axis.Keys is { } keys)
            Write(writer, keys);
        else
            writer.Write(axis.Length);
    }

    static Axis ReadAxis(BinaryReader reader) => reader.ReadBoolean() ? Axis.Named(ReadTexts(reader)) : Axis.Of(reader.ReadInt32());
}
