namespace Gyre.Ingestion;

/// <summary>
/// The rule of TFX's ExampleGen: SHA-256 of the serialised record (or of the partition feature's bytes), read as one big
/// number, modulo the number of buckets.
/// </summary>
/// <param name="feature">The partition feature; null for the whole record.</param>
/// <param name="splitOfBucket">For each bucket the split that it belongs to.</param>
sealed class TfxRule(string? feature, int[] splitOfBucket) : SplitRule
{
    int _split = feature is null ? 0 : Refused;

    public override IReadOnlyList<string> Columns { get; } = feature is null ? [] : [feature];

    public override bool WantsRecord => feature is null;

    public override void AddRecord(ReadOnlySpan<byte> record) => _split = SplitOfRecord(record);

    public override void Add(ReadOnlySpan<byte> value) => _split = SplitOfRecord(value);

    public override void AddMissing()
    {
        _split = Refused;
        Refusal = $"no value in column '{feature}', by which the splits are made. Expected one text or whole number: add the value, or leave such rows out with RequireValues";
    }

    public override int Decide() => _split;

    int SplitOfRecord(ReadOnlySpan<byte> record) => splitOfBucket[TfxDigest.Bucket(record, splitOfBucket.Length)];
}
