using Gyre.Data;
using Gyre.Transforms;

namespace Gyre.Tuning;

/// <summary>The examples of a search in memory: those to learn from and those held back, and, when asked for, the eval split.</summary>
sealed class TrialData
{
    readonly FeatureSet _all;
    readonly Lazy<FeatureSet> _eval;
    readonly int[] _learnt;
    readonly int _seed;

    TrialData(TransformDescription description, FeatureSet all, Lazy<FeatureSet> eval, double share, int seed)
    {
        (Features, Label, _all, _eval, _seed) = (description.Features, description.Label, all, eval, seed);
        var held = Enumerable.Range(0, all.Rows).ToLookup(row => Chance(row, purpose: 1) < share);
        _learnt = [.. held[false]];
        Learnt = all.Take(_learnt);
        HeldBack = all.Take([.. held[true]]);
    }

    public IReadOnlyList<FeatureSpec> Features { get; }

    public LabelSpec Label { get; }

    /// <summary>The training examples without those held back.</summary>
    public FeatureSet Learnt { get; }

    /// <summary>The training examples that trials are compared on.</summary>
    public FeatureSet HeldBack { get; }

    public FeatureSet All => _all;

    public FeatureSet Eval => _eval.Value;

    /// <summary>Reads what a request names.</summary>
    /// <param name="request">The files.</param>
    /// <param name="share">The share of the training examples that is held back.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="threads">How many threads may decode.</param>
    public static TrialData Load(TrialRequest request, double share, int seed, int threads)
    {
        var description = TransformDescription.Load(request.Description);
        FeatureSet Read(string path) => FeatureReader.Read(path, description.Features, description.Label, threads);
        var all = Read(request.Train);
        return new TrialData(description, all, new Lazy<FeatureSet>(() => request.Eval is null ? all.Take([]) : Read(request.Eval).Labelled()), share, seed);
    }

    /// <summary>Some of the examples to learn from; a greater share holds all of a smaller one.</summary>
    public FeatureSet Some(double share) => share >= 1
        ? Learnt
        : _all.Take([.. _learnt.Where(row => Chance(row, purpose: 2) < share)]);

    /// <summary>
    /// A number from 0 to less than 1 that an example has by its place, whatever other examples there are. Those of one group of a
    /// ranking have the same, so that groups stay whole.
    /// </summary>
    double Chance(int row, int purpose)
    {
        var place = (ulong)(uint)(_all.Groups is { } groups ? groups[row] : row);
        return (SplitMix.Of(SplitMix.Of(((ulong)(uint)_seed << 8) | (uint)purpose) ^ place) >> 11) / (double)(1L << 53);
    }
}
