using System.Diagnostics;
using System.Globalization;
using Gyre.Pipelines;
using Gyre.Training;

namespace Gyre.TestApp;

/// <summary>The linear trainer, slowed down, with a line in a file for the beginning and the end of each training.</summary>
sealed record JournalTrainer : Trainer
{
    public double L2 { get; init; } = 1;

    public int Epochs { get; init; } = 9;

    /// <summary>Kills the process in the middle.</summary>
    public bool Deadly { get; init; }

    [NotAParameter]
    public string Journal { get; init; } = "";

    /// <summary>How long an epoch takes.</summary>
    [NotAParameter]
    public int Milliseconds { get; init; }

    public override ITrainedModel Train(TrainingInput input, CancellationToken cancellationToken)
    {
        Write("begin", input, 0);
        var slow = input with
        {
            GoOn = epoch =>
            {
                if (Deadly)
                    Process.GetCurrentProcess().Kill();
                cancellationToken.WaitHandle.WaitOne(Milliseconds);
                return input.GoOn(epoch);
            },
        };
        var model = new LinearTrainer { L2 = L2, MaxIterations = Epochs, Tolerance = 1e-300 }.Train(slow, cancellationToken);
        Write("end", input, model.Epochs.Count);
        return model;
    }

    void Write(string what, TrainingInput input, int epochs)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{what} {Environment.ProcessId} {L2:R} {epochs} {input.Train.Rows} {input.Threads} {Environment.ProcessorCount}\n");
        var bytes = System.Text.Encoding.UTF8.GetBytes(line);
        while (true)
        {
            try
            {
                // Several processes write; only one at a time, or they would write over each other.
                using var file = new FileStream(Journal, FileMode.Append, FileAccess.Write, FileShare.None);
                file.Write(bytes);
                return;
            }
            catch (IOException)
            {
                Thread.Sleep(1);
            }
        }
    }
}
