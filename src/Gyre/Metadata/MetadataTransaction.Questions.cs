using Gyre.Pipelines;
using Microsoft.Data.Sqlite;

namespace Gyre.Metadata;

/// <content>What can be asked.</content>
public sealed partial class MetadataTransaction
{
    const string SelectArtifact = "SELECT a.id, t.name, a.uri, a.state, a.create_time_since_epoch FROM Artifact a JOIN Type t ON t.id = a.type_id";
    const string SelectExecution = "SELECT e.id, t.name, e.last_known_state, e.create_time_since_epoch, e.last_update_time_since_epoch FROM Execution e JOIN Type t ON t.id = e.type_id";
    const string SelectContext = "SELECT c.id, t.name, c.name, c.create_time_since_epoch, c.last_update_time_since_epoch FROM Context c JOIN Type t ON t.id = c.type_id";

    public StoredArtifact? Artifact(long id) => Artifacts($"{SelectArtifact} WHERE a.id = $1", id).FirstOrDefault();

    public StoredExecution? Execution(long id) => Executions($"{SelectExecution} WHERE e.id = $1", id).FirstOrDefault();

    public StoredContext? Context(string type, string name) =>
        Contexts($"{SelectContext} WHERE t.name = $1 AND c.name = $2", type, name).FirstOrDefault();

    /// <summary>All contexts of a type, newest first.</summary>
    public IReadOnlyList<StoredContext> ContextsOfType(string type, int limit = int.MaxValue) =>
        Contexts($"{SelectContext} WHERE t.name = $1 ORDER BY c.id DESC LIMIT {limit}", type);

    /// <summary>All artifacts of a type, newest first.</summary>
    public IReadOnlyList<StoredArtifact> ArtifactsOfType(string type, int limit = int.MaxValue) =>
        Artifacts($"{SelectArtifact} WHERE t.name = $1 ORDER BY a.id DESC LIMIT {limit}", type);

    /// <summary>The artifacts of a type that belong to a context, newest first.</summary>
    public IReadOnlyList<StoredArtifact> ArtifactsOfContext(long contextId, string type) => Artifacts(
        $"{SelectArtifact} JOIN Attribution x ON x.artifact_id = a.id WHERE x.context_id = $1 AND t.name = $2 ORDER BY a.id DESC", contextId, type);

    /// <summary>A live artifact of this uri and content, if there is one.</summary>
    public StoredArtifact? ArtifactByUri(string uri, string fingerprint) =>
        Artifacts($"{SelectArtifact} WHERE a.uri = $1 AND a.state = {(int)ArtifactState.Live} ORDER BY a.id DESC", uri)
            .FirstOrDefault(artifact => artifact.Fingerprint == fingerprint);

    /// <summary>The executions that belong to all of the given contexts, newest first.</summary>
    public IReadOnlyList<StoredExecution> ExecutionsOf(params ReadOnlySpan<long> contextIds)
    {
        var sql = SelectExecution;
        for (var i = 0; i < contextIds.Length; i++)
            sql += $" JOIN Association x{i} ON x{i}.execution_id = e.id AND x{i}.context_id = {contextIds[i]}";
        return Executions($"{sql} ORDER BY e.id DESC");
    }

    public IReadOnlyList<StoredContext> ContextsOfExecution(long executionId) =>
        Contexts($"{SelectContext} JOIN Association x ON x.context_id = c.id WHERE x.execution_id = $1 ORDER BY c.id", executionId);

    public IReadOnlyList<StoredEvent> EventsOfExecution(long executionId) => Events("v.execution_id", executionId);

    public IReadOnlyList<StoredEvent> EventsOfArtifact(long artifactId) => Events("v.artifact_id", artifactId);

    List<StoredEvent> Events(string column, long id) => Query(
        $"""
        SELECT v.artifact_id, v.execution_id, v.type, coalesce(v.milliseconds_since_epoch, 0),
          (SELECT step_key FROM EventPath p WHERE p.event_id = v.id AND p.is_index_step = 0 LIMIT 1),
          (SELECT step_index FROM EventPath p WHERE p.event_id = v.id AND p.is_index_step = 1 LIMIT 1)
        FROM Event v WHERE {column} = $1 ORDER BY v.id
        """,
        row => new StoredEvent(
            row.GetInt64(0), row.GetInt64(1), (EventType)row.GetInt64(2),
            row.IsDBNull(4) ? "" : row.GetString(4), row.IsDBNull(5) ? 0 : row.GetInt32(5), row.GetInt64(3)),
        id);

    List<StoredArtifact> Artifacts(string sql, params object[] values) => Query(sql, row => new StoredArtifact(
        row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? "" : row.GetString(2),
        row.IsDBNull(3) ? ArtifactState.Unknown : (ArtifactState)row.GetInt64(3), row.GetInt64(4), Properties("Artifact", row.GetInt64(0))), values);

    List<StoredExecution> Executions(string sql, params object[] values) => Query(sql, row => new StoredExecution(
        row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? ExecutionState.Unknown : (ExecutionState)row.GetInt64(2),
        row.GetInt64(3), row.GetInt64(4), Properties("Execution", row.GetInt64(0))), values);

    List<StoredContext> Contexts(string sql, params object[] values) => Query(sql, row => new StoredContext(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), Properties("Context", row.GetInt64(0))), values);

    Dictionary<string, PropertyValue> Properties(string node, long id) => Query(
        $"SELECT name, int_value, double_value, string_value, bool_value FROM {node}Property WHERE {node.ToLowerInvariant()}_id = $1 ORDER BY name",
        row => (Name: row.GetString(0), Value: Property(row)), id).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

    static PropertyValue Property(SqliteDataReader row) =>
        !row.IsDBNull(1) ? row.GetInt64(1)
        : !row.IsDBNull(2) ? row.GetDouble(2)
        : !row.IsDBNull(4) ? row.GetInt64(4) != 0
        : row.IsDBNull(3) ? "" : row.GetString(3);
}
