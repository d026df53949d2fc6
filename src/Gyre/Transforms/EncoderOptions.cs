namespace Gyre.Transforms;

/// <summary>How a pretrained ONNX model is asked. What is left null is found where the model leaves no choice.</summary>
public sealed record EncoderOptions
{
    /// <summary>The input that takes the texts, ids or numbers.</summary>
    public string? Input { get; init; }

    /// <summary>The input that takes 1 for each id and 0 for padding, where the model has one.</summary>
    public string? Mask { get; init; }

    /// <summary>The input that takes 0 for each id, where the model wants types of tokens.</summary>
    public string? TokenTypes { get; init; }

    /// <summary>
    /// The output: float [N, W], or [N, T, W], a vector for each id, of which the mean is taken over those that are no padding.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>The width W of the output, where the model does not say it.</summary>
    public int? Width { get; init; }

    /// <summary>What stands in the place of padding among ids.</summary>
    public long PadId { get; init; }
}
