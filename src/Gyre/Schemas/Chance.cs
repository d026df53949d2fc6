namespace Gyre.Schemas;

/// <summary>Tells what chance may do from what it hardly does.</summary>
static class Chance
{
    /// <summary>
    /// Whether <paramref name="count"/> of <paramref name="all"/> may deviate by chance when the share that does is
    /// <paramref name="share"/>. Uses Chernoff's bound on the binomial tail, which is never less than the probability:
    /// in doubt it says yes.
    /// </summary>
    /// <param name="count">How many deviate.</param>
    /// <param name="all">Of how many.</param>
    /// <param name="share">The share that is allowed to, from 0 to 1.</param>
    /// <param name="significance">Below which probability it no longer counts as chance.</param>
    static bool IsPlausible(double count, double all, double share, double significance)
    {
        if (share <= 0 || all <= 0)
            return false;
        var observed = count / all;
        if (observed <= share)
            return significance < 1;
        var divergence = (observed * Math.Log(observed / share))
            + (observed < 1 ? (1 - observed) * Math.Log((1 - observed) / (1 - share)) : 0);
        return Math.Exp(-all * divergence) > significance;
    }

    /// <summary>More deviates than the schema allows: a warning where chance may have done it, otherwise an error.</summary>
    public static FindingWeight Weigh(double count, double all, double share, double significance) =>
        IsPlausible(count, all, share, significance) ? FindingWeight.Warning : FindingWeight.Error;
}
