using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gyre.Testing;
using Gyre.Torch;
using static TorchSharp.torch;

namespace Gyre.Benchmarks;

/// <summary>
/// Training beside PyTorch, one thread each, the same network, examples and steps, alternating, each in a process of its own:
///   apt-get install python3-torch libopenblas0-pthread          (Debian's reference BLAS would be no fair base)
///   dotnet run -c Release --project bench/Gyre.Benchmarks -- pytorch [REPEATS]
/// </summary>
sealed class TorchScenario(string repository, int repeats)
{
    const string Python = "/usr/bin/python3";
    const int Rows = 8192;
    const int Vocabulary = 20_002;

    static readonly int[] OneHots = [11, 45, 90, 60, 33];

    static readonly (int Batch, int Epochs)[] Sizes = [(64, 2), (256, 5), (1024, 10)];

    static readonly string[] Competitors = ["gyre", "torchsharp", "pytorch"];

    public async Task RunAsync()
    {
        var data = Path.GetTempFileName();
        WriteData(data);
        var table = new StringBuilder();
        try
        {
            foreach (var (batch, epochs) in Sizes)
                table.AppendLine(Compare(data, batch, epochs));
        }
        finally
        {
            File.Delete(data);
        }

        var section = $"""
            ## Training beside PyTorch

            One run of `bench/Gyre.Benchmarks pytorch`: medians of {repeats} processes each, alternating, one thread each. Machine: {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription},
            {RuntimeInformation.FrameworkDescription}; PyTorch {Version()}. The network: mean of {Vocabulary:N0} × 64 token vectors through 256, 64 and 16, five one-hot features
            through 16, both into one sum; about 200 tokens to a text; Adam. Rows/s by wall time; in brackets by processor time, which other work on the machine disturbs less.

            | batch | Gyre, rows/s | plain TorchSharp, rows/s | PyTorch, rows/s | Gyre / PyTorch | TorchSharp / PyTorch |
            |---|---|---|---|---|---|
            {table}
            «Gyre» is `WideAndDeep` as users call it, with its own tables of vectors and its own Adam (docs/decisions/0010); «plain TorchSharp» is the loop that PyTorch
            runs, line by line.

            """;
        Console.Write(section);
        await Report.ReplaceSectionAsync(Path.Combine(repository, "bench", "REPORT.md"), "## Training beside PyTorch", section);
    }

    /// <summary>What one process does.</summary>
    public static void Child(string what, string path, int batch, int epochs)
    {
        var examples = ReadData(path);
        var train = what == "gyre" ? (Action<FeatureSet, int>)((set, times) => TrainGyre(set, batch, times)) : new PlainLoop(batch).Run;
        train(examples.Take([.. Enumerable.Range(0, Math.Min(Rows, 4 * batch))]), 1);
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        train(examples, epochs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds} {(Environment.CpuUsage.TotalTime - processor).TotalSeconds}"));
    }

    static void TrainGyre(FeatureSet examples, int batch, int epochs)
    {
        var trainer = new WideAndDeep { BatchSize = batch, Epochs = epochs, HiddenLayers = [256, 64, 16], EmbeddingSize = 64, WideSize = 16 };
        using var model = trainer.Train(TrainerContract.Input(Features(), examples, examples.Take([])), CancellationToken.None);
    }

    string Compare(string data, int batch, int epochs)
    {
        var figures = Competitors.ToDictionary(name => name, _ => new List<(double Wall, double Processor)>(), StringComparer.Ordinal);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var name in Competitors)
                figures[name].Add(RunProcess(name, data, batch, epochs));
        }

        double Wall(string name) => Rows * epochs / Median(figures[name].Select(one => one.Wall));
        double Processor(string name) => Rows * epochs / Median(figures[name].Select(one => one.Processor));
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {batch} | {Wall("gyre"):N0} ({Processor("gyre"):N0}) | {Wall("torchsharp"):N0} ({Processor("torchsharp"):N0}) | {Wall("pytorch"):N0} ({Processor("pytorch"):N0}) ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"| {Wall("gyre") / Wall("pytorch"):F2} ({Processor("gyre") / Processor("pytorch"):F2}) | {Wall("torchsharp") / Wall("pytorch"):F2} ({Processor("torchsharp") / Processor("pytorch"):F2}) |");
        Console.Error.WriteLine(row);
        return row;
    }

    (double Wall, double Processor) RunProcess(string what, string data, int batch, int epochs)
    {
        string[] numbers = [batch.ToString(CultureInfo.InvariantCulture), epochs.ToString(CultureInfo.InvariantCulture)];
        var start = what == "pytorch"
            ? new ProcessStartInfo(Python, [Path.Combine(repository, "bench", "pytorch_training.py"), data, .. numbers])
            : new ProcessStartInfo(Environment.ProcessPath!, ["pytorch-child", what, data, .. numbers]);
        start.RedirectStandardOutput = true;
        foreach (var variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[variable] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var parts = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return process.ExitCode == 0
            ? (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{what} ended with {process.ExitCode}: {output}");
    }

    static string Version()
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch; print(torch.__version__)"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    static FeatureSpec[] Features() =>
        [new("text", FeatureKind.Tokens, Vocabulary), .. OneHots.Select((size, i) => new FeatureSpec($"one_hot{i}", FeatureKind.OneHot, size))];

    /// <summary>The number of rows, offsets, labels, ids of one-hots in one table, tokens: all as 32-bit integers.</summary>
    static void WriteData(string path)
    {
        var random = new Random(1);
        var (offsets, tokens, ids, labels) = (new List<int> { 0 }, new List<int>(), new List<int>(), new List<int>());
        for (var row = 0; row < Rows; row++)
        {
            var length = random.Next(20, 380);
            for (var i = 0; i < length; i++)
                tokens.Add((int)(Vocabulary * Math.Pow(random.NextDouble(), 4)));
            offsets.Add(tokens.Count);
            var first = 0;
            foreach (var size in OneHots)
            {
                ids.Add(first + random.Next(size));
                first += size;
            }

            labels.Add(ids[^1] % 2 == 0 ^ random.Next(4) == 0 ? 1 : 0);
        }

        File.WriteAllBytes(path, MemoryMarshal.AsBytes<int>(new[] { Rows }.Concat(offsets).Concat(labels).Concat(ids).Concat(tokens).ToArray()).ToArray());
    }

    static FeatureSet ReadData(string path)
    {
        var data = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(path)).ToArray();
        var ids = data.AsSpan((2 * Rows) + 2, OneHots.Length * Rows).ToArray();
        var firsts = OneHots.Select((_, i) => OneHots[..i].Sum()).ToArray();
        return new FeatureSet
        {
            Rows = Rows,
            Labels = Array.ConvertAll(data[(Rows + 2)..((2 * Rows) + 2)], label => (float)label),
            Numbers = new Dictionary<string, float[]>(StringComparer.Ordinal),
            Ids = OneHots.Select((_, i) => i).ToDictionary(
                i => $"one_hot{i}", i => Enumerable.Range(0, Rows).Select(row => ids[(row * OneHots.Length) + i] - firsts[i]).ToArray(), StringComparer.Ordinal),
            Tokens = new Dictionary<string, TokenLists>(StringComparer.Ordinal) { ["text"] = new(data[(((2 + OneHots.Length) * Rows) + 2)..], data[1..(Rows + 2)]) },
        };
    }

    /// <summary>PyTorch's loop on TorchSharp.</summary>
    sealed class PlainLoop
    {
        readonly int _batch;
        readonly TorchSharp.Modules.EmbeddingBag _text = nn.EmbeddingBag(Vocabulary, 64, mode: TorchSharp.EmbeddingBagMode.Mean);
        readonly TorchSharp.Modules.Sequential _deep;
        readonly TorchSharp.Modules.EmbeddingBag _wide = nn.EmbeddingBag(OneHots.Sum(), 16, mode: TorchSharp.EmbeddingBagMode.Sum);
        readonly TorchSharp.Modules.Parameter _bias = nn.Parameter(zeros(16));
        readonly TorchSharp.Modules.Linear _head = nn.Linear(32, 1);
        readonly optim.Optimizer _adam;

        public PlainLoop(int batch)
        {
            _batch = batch;
            _deep = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 16), nn.ReLU());
            _adam = optim.Adam([.. _text.parameters(), .. _deep.parameters(), .. _wide.parameters(), _bias, .. _head.parameters()], 0.001);
        }

        public void Run(FeatureSet examples, int epochs)
        {
            var lists = examples.Tokens["text"];
            using var tokens = tensor(lists.Values, dtype: ScalarType.Int64);
            using var labels = tensor(examples.Labels);
            using var oneHots = stack([.. OneHots.Select((_, i) => tensor(Array.ConvertAll(examples.Ids[$"one_hot{i}"], id => (long)id + OneHots[..i].Sum())))], 1);
            for (var epoch = 0; epoch < epochs; epoch++)
            {
                for (var first = 0; first < examples.Rows; first += _batch)
                    Step(first, Math.Min(_batch, examples.Rows - first));
            }

            void Step(int first, int count)
            {
                using var scope = NewDisposeScope();
                var (begin, end) = (lists.Offsets[first], lists.Offsets[first + count]);
                var starts = new long[count];
                for (var i = 0; i < count; i++)
                    starts[i] = lists.Offsets[first + i] - begin;
                var deep = _deep.call(_text.call(tokens[TensorIndex.Slice(begin, end)], tensor(starts)));
                var wide = (_wide.call(oneHots[TensorIndex.Slice(first, first + count)]) + _bias).relu();
                var loss = nn.functional.binary_cross_entropy_with_logits(_head.call(cat([deep, wide], 1)).squeeze(1), labels[TensorIndex.Slice(first, first + count)]);
                _adam.zero_grad();
                loss.backward();
                _adam.step();
                loss.item<float>();
            }
        }
    }
}
