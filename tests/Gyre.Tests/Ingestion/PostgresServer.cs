using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gyre.Tests.Ingestion;

/// <summary>A server of PostgreSQL of its own, where its programs are installed; it goes with the tests that use it.</summary>
public sealed class PostgresServer : IDisposable
{
    const string Password = "s3cret-of-the-test";

    readonly DirectoryInfo? _directory;
    readonly string? _programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    readonly int _port;

    public PostgresServer()
    {
        if (_programs is null)
            return;
        _directory = Directory.CreateTempSubdirectory("gyre-pg-");
        _port = FreePort();
        var passwordFile = Path.Combine(_directory.FullName, "password");
        File.WriteAllText(passwordFile, Password);
        if (IsRoot)
            Run("chown", "-R", "postgres", _directory.FullName);
        AsServer("initdb", "-D", Data, "-A", "scram-sha-256", "-U", "owner", $"--pwfile={passwordFile}", "-E", "UTF8", "--no-sync");
        Start();
    }

    static bool IsRoot => Environment.UserName == "root";

    string Data => Path.Combine(_directory!.FullName, "data");

    public static string Secret => Password;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=owner;Password={Password};Database=postgres";

    /// <summary>Skips the test where there is no server.</summary>
    public void Require()
    {
        if (_programs is null)
            Assert.Skip("skipped: PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/initdb)");
    }

    public void Start() => AsServer("pg_ctl", "start", "-w", "-t", "300", "-D", Data, "-l", Path.Combine(_directory!.FullName, "log"), "-o", $"-p {_port} -k {_directory.FullName} -c listen_addresses=127.0.0.1 -c fsync=off");

    public void Stop() => AsServer("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);

    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (_directory is null)
            return;
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            Stop();
        _directory.Delete(recursive: true);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The server refuses to be root.</summary>
    void AsServer(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        if (IsRoot)
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Run(path, arguments);
    }

    void Run(string program, params string[] arguments)
    {
        // Output goes nowhere: a server that stays would hold a pipe open.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _directory!.FullName };
        foreach (var argument in (string[])["-c", "exec \"$@\" > /dev/null 2>&1", "sh", program, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }
}
