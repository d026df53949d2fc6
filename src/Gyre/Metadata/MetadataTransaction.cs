using Gyre.Pipelines;
using Microsoft.Data.Sqlite;

namespace Gyre.Metadata;

/// <summary>What can be changed and asked within one transaction of the <see cref="MetadataStore"/>.</summary>
public sealed partial class MetadataTransaction
{
    const int ExecutionKind = 0;
    const int ArtifactKind = 1;
    const int ContextKind = 2;

    readonly SqliteConnection _connection;
    readonly SqliteTransaction _transaction;
    readonly TimeProvider _time;

    internal MetadataTransaction(SqliteConnection connection, SqliteTransaction transaction, TimeProvider time)
    {
        _connection = connection;
        _transaction = transaction;
        _time = time;
    }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public long InsertArtifact(string type, string uri, ArtifactState state, IReadOnlyDictionary<string, PropertyValue> properties)
    {
        Execute(
            "INSERT INTO Artifact (type_id, uri, state, create_time_since_epoch, last_update_time_since_epoch) VALUES ($1, $2, $3, $4, $4)",
            TypeId(type, ArtifactKind), uri, (long)state, Now);
        var id = LastId();
        SetProperties("Artifact", id, properties);
        return id;
    }

    public void SetArtifactState(long id, ArtifactState state) => Execute(
        "UPDATE Artifact SET state = $1, last_update_time_since_epoch = $2 WHERE id = $3", (long)state, Now, id);

    public long InsertExecution(string type, ExecutionState state, IReadOnlyDictionary<string, PropertyValue> properties)
    {
        Execute(
            "INSERT INTO Execution (type_id, last_known_state, create_time_since_epoch, last_update_time_since_epoch) VALUES ($1, $2, $3, $3)",
            TypeId(type, ExecutionKind), (long)state, Now);
        var id = LastId();
        SetProperties("Execution", id, properties);
        return id;
    }

    public void UpdateExecution(long id, ExecutionState state, IReadOnlyDictionary<string, PropertyValue>? properties = null)
    {
        Execute("UPDATE Execution SET last_known_state = $1, last_update_time_since_epoch = $2 WHERE id = $3", (long)state, Now, id);
        if (properties is not null)
            SetProperties("Execution", id, properties);
    }

    /// <summary>The number of the context of this type and name, made if it is not there.</summary>
    public long PutContext(string type, string name, IReadOnlyDictionary<string, PropertyValue>? properties = null)
    {
        var typeId = TypeId(type, ContextKind);
        Execute(
            "INSERT INTO Context (type_id, name, create_time_since_epoch, last_update_time_since_epoch) VALUES ($1, $2, $3, $3) ON CONFLICT DO NOTHING",
            typeId, name, Now);
        var id = (long)Scalar("SELECT id FROM Context WHERE type_id = $1 AND name = $2", typeId, name)!;
        if (properties is not null)
        {
            SetProperties("Context", id, properties);
            Execute("UPDATE Context SET last_update_time_since_epoch = $1 WHERE id = $2", Now, id);
        }

        return id;
    }

    public void PutParentContext(long child, long parent) => Execute(
        "INSERT INTO ParentContext (context_id, parent_context_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", child, parent);

    public void Associate(long contextId, long executionId) => Execute(
        "INSERT INTO Association (context_id, execution_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", contextId, executionId);

    public void Attribute(long contextId, long artifactId) => Execute(
        "INSERT INTO Attribution (context_id, artifact_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", contextId, artifactId);

    /// <summary>Records an artifact going in or out. The schema allows one event of a type between an artifact and an execution; the first stays.</summary>
    public void InsertEvent(long artifactId, long executionId, EventType type, string key, int index)
    {
        var inserted = Execute(
            "INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            artifactId, executionId, (long)type, Now);
        if (inserted == 0)
            return;
        var id = LastId();
        Execute("INSERT INTO EventPath (event_id, is_index_step, step_key) VALUES ($1, 0, $2)", id, key);
        Execute("INSERT INTO EventPath (event_id, is_index_step, step_index) VALUES ($1, 1, $2)", id, (long)index);
    }

    void SetProperties(string node, long id, IReadOnlyDictionary<string, PropertyValue> properties)
    {
        foreach (var (name, property) in properties)
        {
            var column = property.Value switch
            {
                long => "int_value",
                double => "double_value",
                bool => "bool_value",
                _ => "string_value",
            };
            Execute(
                $"INSERT OR REPLACE INTO {node}Property ({node.ToLowerInvariant()}_id, name, is_custom_property, {column}) VALUES ($1, $2, 1, $3)",
                id, name, property.Value is bool flag ? (flag ? 1L : 0L) : property.Value);
        }
    }

    long TypeId(string name, int kind)
    {
        if (Scalar("SELECT id FROM Type WHERE name = $1 AND type_kind = $2 AND version IS NULL", name, (long)kind) is long known)
            return known;
        Execute("INSERT INTO Type (name, type_kind) VALUES ($1, $2)", name, (long)kind);
        return LastId();
    }

    long LastId() => (long)Scalar("SELECT last_insert_rowid()")!;

    int Execute(string sql, params object[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    object? Scalar(string sql, params object[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar();
    }

    List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var result = new List<T>();
        while (reader.Read())
            result.Add(read(reader));
        return result;
    }

    SqliteCommand Command(string sql, object[] values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}
