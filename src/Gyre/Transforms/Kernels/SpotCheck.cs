namespace Gyre.Transforms.Kernels;

/// <summary>What part of the examples that kernels work on is given to the graph, too: about one of two hundred, for the graph takes ten times as long.</summary>
static class SpotCheck
{
    /// <summary>So many rows at the beginning of a batch are compared.</summary>
    public const int Rows = 256;

    const int Every = 25;

    /// <summary>Whether a batch is one of those to compare: the first, and every twenty-fifth behind it.</summary>
    /// <param name="index">The position of the batch.</param>
    public static bool Has(int index) => index % Every == 0;
}
