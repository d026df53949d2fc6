using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Synthesis;

/// <summary>A CSV file of made-up rows. What is known of it stands beside it, in a file of the same name with <c>.json</c> behind.</summary>
/// <param name="Path">Where the CSV file is.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="Made">False when the file was there already.</param>
public sealed record SyntheticFile(string Path, SyntheticFacts Facts, bool Made)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The path for people to read: relative when the file lies below the current directory.</summary>
    public string ShortPath => System.IO.Path.GetRelativePath(Environment.CurrentDirectory, Path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : Path;

    /// <summary>
    /// Makes the file in a directory, or leaves it as it is when it is there with the same rows, seed and version of the
    /// rules. It appears whole or not at all; two processes may make it at once.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be written to, or the disk is full; the message names it.</exception>
    public static SyntheticFile Ensure(SyntheticTable table, string directory, int rows, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var path = System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{table.Name}-{rows}-seed{seed}.csv"));
        if (Read(path) is { } known && known == known with { Generator = table.Name, Version = table.Version, Rows = rows, Seed = seed })
            return new SyntheticFile(path, known, Made: false);

        try
        {
            return new SyntheticFile(path, Make(table, path, rows, seed), Made: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The made-up {table.Name} cannot be written to {path}: {error.Message} Free space there, or choose another directory.", error);
        }
    }

    static SyntheticFacts Make(SyntheticTable table, string path, int rows, int seed)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        RemoveLeftovers(path);
        var outcomes = new Outcome[rows];
        var bytes = Publish(path, file => WriteRows(file, table, seed, outcomes));
        var facts = new SyntheticFacts
        {
            Generator = table.Name,
            Version = table.Version,
            Rows = rows,
            Seed = seed,
            Bytes = bytes,
            PositiveShare = outcomes.Count(outcome => outcome.Positive) / (double)rows,
            AttainableAuc = RankingQuality.Auc(outcomes) is var auc && double.IsFinite(auc) ? auc : null,
        };
        Publish(FactsOf(path), file => file.Write(JsonSerializer.SerializeToUtf8Bytes(facts, Json)));
        return facts;
    }

    static string FactsOf(string path) => path + ".json";

    /// <summary>What stands beside a file; null unless that can be read and the file has the length it tells of.</summary>
    static SyntheticFacts? Read(string path)
    {
        var csv = new FileInfo(path);
        if (!csv.Exists || !File.Exists(FactsOf(path)))
            return null;
        try
        {
            var facts = JsonSerializer.Deserialize<SyntheticFacts>(File.ReadAllBytes(FactsOf(path)), Json);
            return facts?.Bytes == csv.Length ? facts : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static void WriteRows(Stream file, SyntheticTable table, int seed, Outcome[] outcomes)
    {
        using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        var row = new CsvRow();
        foreach (var column in table.Columns)
            row.Add(column);
        row.WriteTo(writer);
        for (var number = 0; number < outcomes.Length; number++)
        {
            outcomes[number] = table.Fill(row, new Dice(seed, number));
            row.WriteTo(writer);
        }
    }

    /// <returns>The length of the file in bytes.</returns>
    static long Publish(string path, Action<Stream> write)
    {
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.tmp");
        try
        {
            long length;
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16))
            {
                write(file);
                file.Flush(flushToDisk: true);
                length = file.Length;
            }

            File.Move(temporary, path, overwrite: true);
            return length;
        }
        finally
        {
            // Is there only when something went wrong.
            File.Delete(temporary);
        }
    }

    /// <summary>Removes what processes that were killed have left behind.</summary>
    static void RemoveLeftovers(string path)
    {
        foreach (var leftover in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path) + "*.tmp"))
        {
            var owner = System.IO.Path.GetFileNameWithoutExtension(leftover).Split('.')[^1];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsRunning(id))
                File.Delete(leftover);
        }
    }

    static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What is known of a made-up file.</summary>
public sealed record SyntheticFacts
{
    /// <summary>Always true: whoever finds the file should know.</summary>
    public bool Synthetic { get; init; } = true;

    public required string Generator { get; init; }

    public required int Version { get; init; }

    public required int Rows { get; init; }

    public required int Seed { get; init; }

    public required long Bytes { get; init; }

    public required double PositiveShare { get; init; }

    /// <summary>The area under the ROC curve of the probabilities that the labels were drawn with, over all rows; null when all labels are the same.</summary>
    public required double? AttainableAuc { get; init; }
}
