namespace Gyre.Metadata;

/// <summary>
/// The tables: those of ML Metadata's schema version 10, so that its readers read ours, and three of our own with the
/// prefix <c>gyre_</c> for what it lacks.
/// </summary>
static class MetadataSchema
{
    public const int Version = 10;

    public static IEnumerable<string> Statements()
    {
        yield return """
            CREATE TABLE Type (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(255) NOT NULL, version VARCHAR(255),
              type_kind TINYINT(1) NOT NULL, description TEXT, input_type TEXT, output_type TEXT, external_id VARCHAR(255) UNIQUE)
            """;
        yield return "CREATE TABLE ParentType (type_id INT NOT NULL, parent_type_id INT NOT NULL, PRIMARY KEY (type_id, parent_type_id))";
        yield return "CREATE TABLE TypeProperty (type_id INT NOT NULL, name VARCHAR(255) NOT NULL, data_type INT, PRIMARY KEY (type_id, name))";
        yield return Node("Artifact", "uri TEXT, state INT, name VARCHAR(255)");
        yield return Node("Execution", "last_known_state INT, name VARCHAR(255)");
        yield return Node("Context", "name VARCHAR(255) NOT NULL");
        yield return "CREATE TABLE ParentContext (context_id INT NOT NULL, parent_context_id INT NOT NULL, PRIMARY KEY (context_id, parent_context_id))";
        yield return """
            CREATE TABLE Event (id INTEGER PRIMARY KEY AUTOINCREMENT, artifact_id INT NOT NULL, execution_id INT NOT NULL,
              type INT NOT NULL, milliseconds_since_epoch INT, UNIQUE (artifact_id, execution_id, type))
            """;
        yield return "CREATE TABLE EventPath (event_id INT NOT NULL, is_index_step TINYINT(1) NOT NULL, step_index INT, step_key TEXT)";
        yield return Link("Association", "execution_id");
        yield return Link("Attribution", "artifact_id");
        yield return "CREATE TABLE MLMDEnv (schema_version INTEGER PRIMARY KEY)";
        foreach (var node in new[] { "Artifact", "Execution", "Context" })
        {
            yield return PropertyTable(node);
            yield return Index(node, "create_time_since_epoch");
            yield return Index(node, "last_update_time_since_epoch");
            yield return Index(node, "external_id");
            foreach (var kind in new[] { "int", "double", "string" })
            {
                yield return $"CREATE INDEX idx_{Lower(node)}_property_{kind} ON {node}Property (name, is_custom_property, {kind}_value) "
                    + $"WHERE {kind}_value IS NOT NULL";
            }
        }

        yield return Index("Artifact", "uri");
        yield return Index("Event", "execution_id");
        yield return "CREATE INDEX idx_eventpath_event_id ON EventPath (event_id)";
        yield return "CREATE INDEX idx_parentcontext_parent_context_id ON ParentContext (parent_context_id)";
        yield return Index("Type", "name");
        yield return Index("Type", "external_id");
        yield return $"INSERT INTO MLMDEnv (schema_version) VALUES ({Version})";
        foreach (var own in Own())
            yield return own;
    }

    static IEnumerable<string> Own()
    {
        yield return """
            CREATE TABLE gyre_claim (claim_key TEXT PRIMARY KEY, execution_id INTEGER NOT NULL, owner TEXT NOT NULL,
              token INTEGER NOT NULL, expires INTEGER NOT NULL)
            """;
        yield return """
            CREATE TABLE gyre_decision (id INTEGER PRIMARY KEY AUTOINCREMENT, artifact_id INTEGER NOT NULL, approved INTEGER NOT NULL,
              decided_by TEXT NOT NULL, reason TEXT NOT NULL, time_since_epoch INTEGER NOT NULL)
            """;
        yield return "CREATE INDEX gyre_decision_artifact_id ON gyre_decision (artifact_id)";
        yield return "CREATE TABLE gyre_sequence (sequence TEXT NOT NULL, item TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (sequence, item), UNIQUE (sequence, number))";
    }

    static string Node(string table, string columns) =>
        $"CREATE TABLE {table} (id INTEGER PRIMARY KEY AUTOINCREMENT, type_id INT NOT NULL, {columns}, external_id VARCHAR(255) UNIQUE, "
        + "create_time_since_epoch INT NOT NULL DEFAULT 0, last_update_time_since_epoch INT NOT NULL DEFAULT 0, UNIQUE (type_id, name))";

    static string PropertyTable(string node) =>
        $"CREATE TABLE {node}Property ({Lower(node)}_id INT NOT NULL, name VARCHAR(255) NOT NULL, is_custom_property TINYINT(1) NOT NULL, "
        + "int_value INT, double_value DOUBLE, string_value TEXT, byte_value BLOB, proto_value BLOB, bool_value BOOLEAN, "
        + $"PRIMARY KEY ({Lower(node)}_id, name, is_custom_property))";

    static string Link(string table, string column) =>
        $"CREATE TABLE {table} (id INTEGER PRIMARY KEY AUTOINCREMENT, context_id INT NOT NULL, {column} INT NOT NULL, UNIQUE (context_id, {column}))";

    static string Index(string table, string column) => $"CREATE INDEX idx_{Lower(table)}_{column} ON {table} ({column})";

    static string Lower(string table) => table.ToLowerInvariant();
}
