namespace Gyre.Ingestion;

/// <summary>
/// The rule of TFX's ExampleGen: SHA-256 of the serialised record (or of the partition feature's bytes), read as one big
/// number, modulo the number of buckets. With a record it waits for the types of the columns, on which the record depends.
/// </summary>
/// <param name="feature">The partition feature; null for the whole record.</param>
/// <param name="splitOfBucket">For each bucket the split that it belongs to.</param>
sealed class TfxRule(string? feature, int[] splitOfBucket) : SplitRule
{
    readonly List<int> _splits = [];
    int _split = Refused;

    public override IReadOnlyList<string> Columns { get; } = feature is null ? [] : [feature];

    public override bool IsLate => feature is null;

    /// <summary>How many of the rows that wait have shown their records.</summary>
    public int Records => _splits.Count;

    /// <summary>Takes the serialised tf.Example of the next row that waits.</summary>
    public void AddRecord(ReadOnlySpan<byte> record) => _splits.Add(SplitOf(record));

    public override void Add(ReadOnlySpan<byte> value) => _split = SplitOf(value);

    public override void AddMissing()
    {
        _split = Refused;
        Refusal = $"no value in column '{feature}', by which the splits are made. Expected one text or whole number: add the value, or leave such rows out with RequireValues";
    }

    public override int Decide() => feature is null ? Later : _split;

    public override int[] DecideAll() => [.. _splits];

    int SplitOf(ReadOnlySpan<byte> record) => splitOfBucket[TfxDigest.Bucket(record, splitOfBucket.Length)];
}
