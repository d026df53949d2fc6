using System.Text.Json;
using System.Text.Json.Nodes;
using Gyre.Pipelines;

namespace Gyre.Training;

/// <summary>
/// The options that a search found best for a trainer: <c>best.json</c>. Beside it lie the ranking of all trials and a page of pictures.
/// </summary>
/// <example>
/// <code>
/// var tuned = pipeline.Add(new TuneModel(transform, space));
/// var model = pipeline.Add(new TrainModel(transform, space.Trainer) { Hyperparameters = tuned });
/// </code>
/// </example>
public sealed record Hyperparameters : Artifact
{
    internal const string BestFile = "best.json";

    /// <summary>What was found, as a trainer's class and options by name.</summary>
    /// <exception cref="InvalidDataException">The file is missing parts or of another format.</exception>
    public TunedOptions LoadBest() => TunedOptions.Load(PathOf(BestFile));
}

/// <summary>The best options of a search: <c>best.json</c>.</summary>
/// <param name="Format">The version of this format.</param>
/// <param name="Trainer">The name of the trainer's class.</param>
/// <param name="Options">Values by the option's name, such as <c>l2</c>; those that are not named keep the value that the trainer was given.</param>
public sealed record TunedOptions(int Format, string Trainer, JsonObject Options)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The trainer with these options in place of its own.</summary>
    /// <exception cref="InvalidDataException">It is another trainer than was searched for, or lacks an option.</exception>
    public Trainer ApplyTo(Trainer trainer) => trainer.GetType().Name == Trainer
        ? TrainerOptions.With(trainer, Options)
        : throw new InvalidDataException($"The options were sought for {Trainer}, and the trainer is {trainer.GetType().Name}. Train with the trainer that was tuned: new TrainModel(transform, space.Trainer).");

    internal static TunedOptions Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TunedOptions>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' holds 'null'. Expected the best options of a search.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' holds no options of a search (line {error.LineNumber + 1}, {error.Path}): {error.Message}", error);
        }
    }

    internal void Save(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);
}
