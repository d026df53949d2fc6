namespace ChicagoTaxi;

/// <summary>How <c>--tune</c> searches.</summary>
enum TripSearchKind
{
    Asha,
    Hyperband,
    Random,
    Tpe,
}

/// <summary>The search for the network's options.</summary>
static class TripSearch
{
    /// <summary>
    /// The network whose options are sought: trains up to 27 epochs, less where it begins to learn by heart. Without early stopping
    /// trials would be compared by how much they spoil in the end.
    /// </summary>
    public static WideAndDeep Patient(WideAndDeep trainer) => trainer with { Epochs = 27, EarlyStopping = 3 };

    public static TuneModel Tune(TransformOutputs transform, WideAndDeep trainer, TripSearchKind kind, int trials) => new(transform, Search.Over(
        trainer,
        s => s.LogUniform(t => t.LearningRate, 1e-6, 1),
        s => s.LogUniform(t => t.WeightDecay, 1e-6, 1),
        s => s.Uniform(t => t.Dropout, 0, 0.8),
        s => s.Choice(t => t.BatchSize, 64, 128, 256),
        s => s.Choice(t => t.HiddenLayers, [16], [64, 16], [64, 32])))
    {
        Algorithm = kind switch
        {
            TripSearchKind.Random => new RandomSearch(),
            TripSearchKind.Tpe => new TpeSearch(),
            TripSearchKind.Hyperband => new Asha { Brackets = 3 },
            _ => new Asha(),
        },
        Trials = trials,
    };
}
