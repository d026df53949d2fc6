using System.Text;

namespace Gyre.LightGbm;

/// <summary>Trees in LightGBM's memory that learn or predict.</summary>
sealed unsafe class Booster : IDisposable
{
    /// <summary>The beginning of the part of a model's text that repeats the parameters, the number of threads among them.</summary>
    const string Parameters = "\nparameters:";

    readonly BoosterHandle _handle;

    Booster(BoosterHandle handle) => _handle = handle;

    /// <summary>The number of rounds; each has a tree for every output.</summary>
    public int Rounds
    {
        get
        {
            NativeMethods.Check(NativeMethods.BoosterGetCurrentIteration(_handle, out var rounds));
            return rounds;
        }
    }

    /// <summary>Begins to learn. The dataset must outlive the booster.</summary>
    public static Booster Create(TreeDataset train, string parameters)
    {
        NativeMethods.Check(NativeMethods.BoosterCreate(train.Handle, parameters, out var handle));
        return new Booster(handle);
    }

    /// <summary>Trees from the text that <see cref="Save(int)"/> gave.</summary>
    public static Booster Load(string text)
    {
        NativeMethods.Check(NativeMethods.BoosterLoadModelFromString(text, out _, out var handle));
        return new Booster(handle);
    }

    /// <summary>Puts the trees of another booster before its own.</summary>
    public void Continue(Booster earlier) => NativeMethods.Check(NativeMethods.BoosterMerge(_handle, earlier._handle));

    /// <summary>Learns one more round.</summary>
    /// <returns>False when no split makes anything better: the round added nothing.</returns>
    public bool Learn()
    {
        NativeMethods.Check(NativeMethods.BoosterUpdateOneIter(_handle, out var isFinished));
        return isFinished == 0;
    }

    /// <summary>Predicts by LightGBM's own arithmetic: outputs of the first example, then of the next.</summary>
    /// <param name="matrix">The examples.</param>
    /// <param name="outputs">How many numbers each example gets.</param>
    /// <param name="kind">Which numbers.</param>
    /// <param name="threads">How many threads may work; the result does not depend on it.</param>
    public double[] Predict(ExampleMatrix matrix, int outputs, PredictionKind kind, int threads)
    {
        const int All = -1;
        var parameters = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"num_threads={threads} verbosity=-1");
        var result = new double[matrix.Rows * outputs];
        fixed (double* target = result)
        fixed (float* values = matrix.Values)
        fixed (long* starts = matrix.Starts)
        fixed (int* positions = matrix.Positions)
        {
            NativeMethods.Check(matrix.IsSparse
                ? NativeMethods.BoosterPredictForCsr(
                    _handle, starts, NativeMethods.Int64, positions, values, NativeMethods.Float32, matrix.Starts.Length, matrix.Starts[^1], matrix.Columns,
                    (int)kind, 0, All, parameters, out _, target)
                : NativeMethods.BoosterPredictForMat(
                    _handle, values, NativeMethods.Float32, matrix.Rows, matrix.Columns, isRowMajor: 1, (int)kind, 0, All, parameters, out _, target));
        }

        return result;
    }

    /// <summary>The trees of some rounds.</summary>
    public IReadOnlyList<Tree> Trees(int firstRound, int rounds) => TreeText.Read(Save(firstRound, rounds));

    /// <summary>The first rounds as LightGBM's text, without its last part, the parameters.</summary>
    public string Save(int rounds) => Save(0, rounds);

    string Save(int firstRound, int rounds)
    {
        const int Gain = 1;
        NativeMethods.Check(NativeMethods.BoosterSaveModelToString(_handle, firstRound, rounds, Gain, 0, out var length, null));
        var buffer = new byte[length];
        fixed (byte* start = buffer)
            NativeMethods.Check(NativeMethods.BoosterSaveModelToString(_handle, firstRound, rounds, Gain, length, out length, start));
        var text = Encoding.UTF8.GetString(buffer).TrimEnd('\0');
        var end = text.IndexOf(Parameters, StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    public void Dispose() => _handle.Dispose();
}

/// <summary>What a prediction gives; the codes are LightGBM's.</summary>
enum PredictionKind
{
    Transformed = 0,
    Raw = 1,
    Leaf = 2,
}
