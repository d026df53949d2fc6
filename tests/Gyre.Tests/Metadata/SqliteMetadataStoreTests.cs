using Gyre.Metadata;
using Microsoft.Data.Sqlite;

namespace Gyre.Tests.Metadata;

public sealed class SqliteMetadataStoreTests : MetadataStoreContract, IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("gyre-test-").FullName;

    public SqliteMetadataStoreTests() => Store = MetadataStore.Open(Path.Combine(_root, "metadata.sqlite"), TimeProvider.System);

    protected override MetadataStore Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Tables_columns_and_indexes_are_those_of_ML_Metadata_version_10_and_three_of_our_own()
    {
        var golden = SharedData.File("conformance/mlmd_schema_v10_empty.sqlite");

        var ours = Describe(Store.Path);

        ours.Where(line => !line.Contains("gyre_", StringComparison.Ordinal)).ShouldBe(Describe(golden), ignoreOrder: true);
        ours.Where(line => line.Contains("gyre_", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).Distinct()
            .ShouldBe(["gyre_claim", "gyre_decision", "gyre_sequence"], ignoreOrder: true);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_in_words()
    {
        var path = Path.Combine(_root, "text");
        File.WriteAllText(path, new string('x', 5000));
        Should.Throw<InvalidDataException>(() => MetadataStore.Open(path, TimeProvider.System)).Message.ShouldContain("Restore it from a copy");
    }

    [Fact]
    public void A_store_of_another_schema_version_is_refused_in_words()
    {
        using (var connection = new SqliteConnection($"Data Source={Store.Path}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE MLMDEnv SET schema_version = 11";
            command.ExecuteNonQuery();
        }

        Should.Throw<InvalidDataException>(() => MetadataStore.Open(Store.Path, TimeProvider.System)).Message.ShouldContain("version 11");
    }

    static List<string> Describe(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var tables = Query("SELECT name FROM sqlite_master WHERE type = 'table'");
        var lines = new List<string>();
        foreach (var table in tables)
        {
            lines.AddRange(Query($"SELECT name || '|' || upper(type) || '|' || \"notnull\" || '|' || coalesce(dflt_value, '') || '|' || pk FROM pragma_table_info('{table}')")
                .Select(column => $"{table} column {column}"));
            foreach (var index in Query($"SELECT name || '|' || \"unique\" || '|' || origin || '|' || partial FROM pragma_index_list('{table}')"))
                lines.Add($"{table} index {index} ({string.Join(',', Query($"SELECT name FROM pragma_index_info('{index.Split('|')[0]}')"))})");
        }

        return lines;

        List<string> Query(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var result = new List<string>();
            while (reader.Read())
                result.Add(reader.GetString(0));
            return result;
        }
    }
}
