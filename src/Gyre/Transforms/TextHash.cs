namespace Gyre.Transforms;

/// <summary>How texts become numbers without looking at any data.</summary>
public enum TextHash
{
    /// <summary>MurmurHash3 of the UTF-8 bytes, 32 bits, unsigned: the fast one.</summary>
    Murmur3,

    /// <summary>FarmHash's Fingerprint64 of the UTF-8 bytes, unsigned, as TensorFlow and TensorFlow Transform use it: slower by far.</summary>
    Fingerprint64,
}
