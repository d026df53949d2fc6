using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gyre.Ingestion;

/// <summary>
/// Decides to which split each row belongs. For each row it is given the values of <see cref="Columns"/> in order, and then
/// asked. A rule that must know all rows first answers <see cref="Later"/>, and is asked for all of them at the end.
/// </summary>
abstract class SplitRule : IDisposable
{
    /// <summary>The answer of a rule that decides when it has seen all rows.</summary>
    public const int Later = -1;

    /// <summary>The answer for a row that fits into no split; <see cref="Refusal"/> says why.</summary>
    public const int Refused = -2;

    /// <summary>The columns whose values it wants, in this order.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Whether it decides only when it has seen all rows.</summary>
    public virtual bool IsLate => false;

    /// <summary>What was found in a refused row, what was expected, and the cure.</summary>
    public string Refusal { get; protected set; } = "";

    /// <summary>The column that a refused row was refused for.</summary>
    public virtual string RefusedColumn => Columns[0];

    /// <summary>Says to which split a file belongs, before its rows; for rules that go by files.</summary>
    public virtual void BeginFile(int split)
    {
    }

    /// <summary>Takes a value of the row into account.</summary>
    public abstract void Add(ReadOnlySpan<byte> value);

    public abstract void AddMissing();

    /// <summary>Takes into account that a list follows, so that its values are not those of several columns.</summary>
    public virtual void AddList(int count)
    {
    }

    /// <summary>The index of the split to which the row with the values added since the last call belongs, or <see cref="Later"/> or <see cref="Refused"/>.</summary>
    public abstract int Decide();

    /// <summary>For each row that was answered <see cref="Later"/>, in order, its split.</summary>
    public virtual int[] DecideAll() => throw new InvalidOperationException("This rule decides row by row.");

    /// <summary>Whether it decides by nothing but the values of its columns, and refuses none; then <see cref="SplitOf"/> may be asked instead, by another thread.</summary>
    public virtual bool DecidesByContent => false;

    /// <summary>The split of a row.</summary>
    /// <param name="content">The values of its columns in order, as <see cref="RowBatch"/> lays them out.</param>
    public virtual int SplitOf(ReadOnlySpan<byte> content) => throw new InvalidOperationException("This rule does not decide by content.");

    /// <summary>Whether it wants the row as a serialised <c>tf.Example</c>, too.</summary>
    public virtual bool WantsRecord => false;

    /// <summary>Takes the row's serialised <c>tf.Example</c>.</summary>
    public virtual void AddRecord(ReadOnlySpan<byte> record)
    {
    }

    public virtual void Dispose()
    {
    }
}

/// <summary>
/// A digest over values: each with its length, so that no two rows look the same. They are gathered first, because a call
/// of the hash costs more than most values are long.
/// </summary>
sealed class RowDigest : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte[] _values = new byte[512];
    int _length;

    public void Add(ReadOnlySpan<byte> value)
    {
        var target = Extend(sizeof(int) + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        value.CopyTo(target[sizeof(int)..]);
    }

    public void AddMissing() => AddLength(-1);

    public void AddList(int count) => AddLength(-2 - count);

    /// <summary>The first 16 bytes of the digest, and a new beginning.</summary>
    public UInt128 Finish()
    {
        var digest = Of(_values.AsSpan(0, _length));
        _length = 0;
        return digest;
    }

    /// <summary>The first 16 bytes of the digest of values that are laid out already.</summary>
    public UInt128 Of(ReadOnlySpan<byte> values)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.AppendData(values);
        _hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    public void Dispose() => _hash.Dispose();

    void AddLength(int length) => BinaryPrimitives.WriteInt32LittleEndian(Extend(sizeof(int)), length);

    Span<byte> Extend(int more)
    {
        if (_values.Length - _length < more)
            Array.Resize(ref _values, Math.Max(_values.Length * 2, checked(_length + more)));
        _length += more;
        return _values.AsSpan(_length - more, more);
    }
}

/// <summary>Sends rows to splits by a digest of their content.</summary>
sealed class HashRule(IReadOnlyList<string> columns, int[] splitOfBucket) : SplitRule
{
    readonly RowDigest _digest = new();

    public override IReadOnlyList<string> Columns => columns;

    public override void Add(ReadOnlySpan<byte> value) => _digest.Add(value);

    public override void AddMissing() => _digest.AddMissing();

    public override void AddList(int count) => _digest.AddList(count);

    public override bool DecidesByContent => true;

    public override int Decide() => SplitOf(_digest.Finish());

    public override int SplitOf(ReadOnlySpan<byte> content) => SplitOf(_digest.Of(content));

    int SplitOf(UInt128 digest) => splitOfBucket[(ulong)(digest >> 64) % (ulong)splitOfBucket.Length];

    public override void Dispose()
    {
        _digest.Dispose();
        base.Dispose();
    }
}

/// <summary>Sends rows to the split of the file that they stand in.</summary>
sealed class FolderRule : SplitRule
{
    int _split;

    public override IReadOnlyList<string> Columns => [];

    public override void BeginFile(int split) => _split = split;

    public override void Add(ReadOnlySpan<byte> value)
    {
    }

    public override void AddMissing()
    {
    }

    public override int Decide() => _split;
}

/// <summary>Gives every split its share of each class: within a class, rows are ranked by the digest of their content.</summary>
sealed class StratifiedRule(string column, IReadOnlyList<string> columns, IReadOnlyList<int> shares) : SplitRule
{
    readonly RowDigest _digest = new();
    readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    readonly List<UInt128> _digests = [];
    readonly List<int> _classOfRow = [];
    int _class = -1;

    public override IReadOnlyList<string> Columns { get; } = [column, .. columns];

    public override bool IsLate => true;

    public override void Add(ReadOnlySpan<byte> value)
    {
        if (_class < 0)
            _class = Class($"={System.Text.Encoding.UTF8.GetString(value)}");
        else
            _digest.Add(value);
    }

    /// <summary>Rows without a class are a class of their own.</summary>
    public override void AddMissing()
    {
        if (_class < 0)
            _class = Class("");
        else
            _digest.AddMissing();
    }

    public override void AddList(int count)
    {
        if (_class >= 0)
            _digest.AddList(count);
    }

    public override int Decide()
    {
        _classOfRow.Add(_class);
        _digests.Add(_digest.Finish());
        _class = -1;
        return Later;
    }

    public override int[] DecideAll()
    {
        var splits = new int[_digests.Count];
        foreach (var stratum in Enumerable.Range(0, splits.Length).GroupBy(row => _classOfRow[row]))
        {
            var ranked = stratum.OrderBy(row => _digests[row]).ToList();
            var next = 0;
            foreach (var (split, count) in Apportion(ranked.Count, shares).Index())
            {
                for (var end = next + count; next < end; next++)
                    splits[ranked[next]] = split;
            }
        }

        return splits;
    }

    public override void Dispose()
    {
        _digest.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Divides a number of rows by shares into whole numbers, each less than one from its exact share: the largest
    /// remainders are rounded up, of equal ones the first.
    /// </summary>
    public static IReadOnlyList<int> Apportion(int rows, IReadOnlyList<int> shares)
    {
        var total = shares.Sum(share => (long)share);
        var counts = shares.Select(share => (int)((long)rows * share / total)).ToArray();
        var left = rows - counts.Sum();
        foreach (var split in Enumerable.Range(0, shares.Count).OrderByDescending(split => (long)rows * shares[split] % total).Take(left))
            counts[split]++;
        return counts;
    }

    int Class(string name)
    {
        if (!_classes.TryGetValue(name, out var number))
            _classes.Add(name, number = _classes.Count);
        return number;
    }
}

/// <summary>A late rule once it has decided: it refuses the same rows again, and tells the splits of the others in order.</summary>
sealed class DecidedRule(SplitRule rule, int[] splits) : SplitRule
{
    int _next;

    public override IReadOnlyList<string> Columns => rule.Columns;

    public override void Add(ReadOnlySpan<byte> value) => rule.Add(value);

    public override void AddMissing() => rule.AddMissing();

    public override void AddList(int count) => rule.AddList(count);

    public override int Decide()
    {
        if (rule.Decide() != Refused)
            return splits[_next++];
        Refusal = rule.Refusal;
        return Refused;
    }

    public override void Dispose()
    {
        rule.Dispose();
        base.Dispose();
    }
}
