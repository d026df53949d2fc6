using System.Text.Json.Serialization;

namespace Gyre.Transforms;

/// <summary>How a feature that a transform graph puts out is to be read.</summary>
public enum FeatureKind
{
    /// <summary>Real numbers, <see cref="FeatureSpec.Size"/> to an example: float32 [N, Size].</summary>
    Number,

    /// <summary>The position of the one among <see cref="FeatureSpec.Size"/> zeros, −1 for none: int64 [N, 1]. Models see the vector.</summary>
    OneHot,

    /// <summary>An id from 0 to <see cref="FeatureSpec.Size"/> − 1, −1 for missing, meant for an embedding: int64 [N, 1].</summary>
    Category,

    /// <summary>
    /// Any number of ids from 0 to <see cref="FeatureSpec.Size"/> − 1: int64 [N, T], T at least 1. −1 stands for no id: as padding
    /// at the end, and wherever a token is unknown to a vocabulary that has no ids for unknown ones.
    /// </summary>
    Tokens,
}

/// <summary>A feature that a transform graph puts out.</summary>
/// <param name="Name">Its name, also that of the column of transformed examples.</param>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Size">The width of a number, the depth of a one-hot vector, the number of distinct ids.</param>
public sealed record FeatureSpec(string Name, FeatureKind Kind, int Size)
{
    /// <summary>Whether numbers may be missing for some examples: NaN.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayBeMissing { get; init; }

    /// <summary>The name of its tensor in the transform graph; not the plain name, which may be that of a raw column.</summary>
    [JsonIgnore]
    public string Tensor => $"/features/{Name}";
}

/// <summary>Ids of variable number per example: those of example i are <c>Values[Offsets[i] .. Offsets[i + 1]]</c>.</summary>
/// <param name="Values">The ids of all examples, one after the other, without padding.</param>
/// <param name="Offsets">N + 1 positions in <paramref name="Values"/>.</param>
public sealed record TokenLists(int[] Values, int[] Offsets);
