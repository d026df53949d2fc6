namespace Gyre.Metadata;

/// <content>Our own tables: claims, decisions, sequences.</content>
public sealed partial class MetadataTransaction
{
    public Claim? Claim(string key) => Claims("WHERE claim_key = $1", key).FirstOrDefault();

    public IReadOnlyList<Claim> Claims() => Claims("ORDER BY claim_key");

    /// <summary>Takes or takes over a claim; the token is one higher than any before.</summary>
    public Claim PutClaim(string key, long executionId, string owner, TimeSpan lease)
    {
        var claim = new Claim(key, executionId, owner, Number("gyre/claims", $"e{executionId}"), Now + (long)lease.TotalMilliseconds);
        Execute(
            "INSERT OR REPLACE INTO gyre_claim (claim_key, execution_id, owner, token, expires) VALUES ($1, $2, $3, $4, $5)",
            key, executionId, owner, claim.Token, claim.Expires);
        return claim;
    }

    /// <summary>Renews a claim.</summary>
    /// <returns>False when it has passed to another.</returns>
    public bool RenewClaim(Claim claim, TimeSpan lease) => Execute(
        "UPDATE gyre_claim SET expires = $1 WHERE claim_key = $2 AND token = $3", Now + (long)lease.TotalMilliseconds, claim.Key, claim.Token) == 1;

    /// <summary>Gives a claim back.</summary>
    /// <returns>False when it had passed to another.</returns>
    public bool DeleteClaim(Claim claim) => Execute("DELETE FROM gyre_claim WHERE claim_key = $1 AND token = $2", claim.Key, claim.Token) == 1;

    public void InsertDecision(long artifactId, bool approved, string by, string reason) => Execute(
        "INSERT INTO gyre_decision (artifact_id, approved, decided_by, reason, time_since_epoch) VALUES ($1, $2, $3, $4, $5)",
        artifactId, approved ? 1L : 0L, by, reason, Now);

    /// <summary>The decisions on an artifact, newest first.</summary>
    public IReadOnlyList<Decision> Decisions(long artifactId) => Query(
        "SELECT artifact_id, approved, decided_by, reason, time_since_epoch FROM gyre_decision WHERE artifact_id = $1 ORDER BY id DESC",
        row => new Decision(row.GetInt64(0), row.GetInt64(1) != 0, row.GetString(2), row.GetString(3), row.GetInt64(4)), artifactId);

    /// <summary>The decision that counts; null when there is none.</summary>
    public Decision? LatestDecision(long artifactId) => Decisions(artifactId) is [var latest, ..] ? latest : null;

    /// <summary>The number of an item in a sequence that counts from 1; a new item gets the next one.</summary>
    public long Number(string sequence, string item)
    {
        if (Scalar("SELECT number FROM gyre_sequence WHERE sequence = $1 AND item = $2", sequence, item) is long known)
            return known;
        var next = (long)Scalar("SELECT coalesce(max(number), 0) + 1 FROM gyre_sequence WHERE sequence = $1", sequence)!;
        Execute("INSERT INTO gyre_sequence (sequence, item, number) VALUES ($1, $2, $3)", sequence, item, next);
        return next;
    }

    List<Claim> Claims(string rest, params object[] values) => Query(
        $"SELECT claim_key, execution_id, owner, token, expires FROM gyre_claim {rest}",
        row => new Claim(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4)), values);
}
