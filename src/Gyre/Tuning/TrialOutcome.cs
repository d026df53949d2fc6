using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gyre.Training;

namespace Gyre.Tuning;

/// <summary>What came of one training.</summary>
sealed record TrialOutcome
{
    /// <summary>The value of the objective, turned so that less is better; null when the training failed or the objective is undefined.</summary>
    public double? Loss { get; init; }

    /// <summary>The curve.</summary>
    public IReadOnlyList<EpochSummary> Epochs { get; init; } = [];

    /// <summary>How many examples were learnt from.</summary>
    public int Rows { get; init; }

    /// <summary>Whether the trainer ended by itself, so that a greater budget would change nothing.</summary>
    public bool IsFinal { get; init; }

    /// <summary>How many of the epochs it did not train itself, but took over from the training of the rung before.</summary>
    public int TakenOver { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>What it cost: passes over all training examples.</summary>
    public double Work(int all) => (Epochs.Count - TakenOver) * (double)Rows / all;
}

/// <summary>One training, as it is asked of another process.</summary>
sealed record TrialRequest
{
    /// <summary>The Parquet file of transformed training examples.</summary>
    public required string Train { get; init; }

    /// <summary>That of the eval split; null when there is none.</summary>
    public string? Eval { get; init; }

    /// <summary>The file that describes the features.</summary>
    public required string Description { get; init; }

    /// <summary>Options in place of the trainer's own.</summary>
    public required JsonObject Options { get; init; }

    public required TrialBudget Budget { get; init; }

    /// <summary>To how many epochs the same trial was trained before; 0 when it was not.</summary>
    public int Before { get; init; }

    /// <summary>Where the trial leaves checkpoints for its next training; null when it needs none.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether to learn from all training examples and measure on the eval split, instead of on those held back.</summary>
    public bool OnEval { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, TrialJson.Options);

    public static TrialRequest FromJson(string json) => JsonSerializer.Deserialize<TrialRequest>(json, TrialJson.Options) ?? throw new InvalidDataException("A trial was asked for with 'null'.");
}

static class TrialJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        NewLine = "\n",
    };
}
