using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gyre.Serving;

/// <summary>
/// Serves pushed models over TensorFlow Serving's REST interface: <c>POST /v1/models/NAME[/versions/N]:predict</c>,
/// <c>GET /v1/models/NAME[/versions/N]</c> (status) and <c>…/metadata</c>; health at <c>/healthz</c>,
/// <c>/v2/health/live</c> and <c>/v2/health/ready</c>. A newly pushed version takes over without a failed request.
/// </summary>
public static class ModelServer
{
    /// <summary>Serves until the token is cancelled or the process is told to stop, then finishes what is under way.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message says everything that is.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task RunAsync(ServingOptions options, CancellationToken cancellationToken)
    {
        await using var server = Build(options);
        await StartAsync(server, options, cancellationToken);
        await server.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>The server as an application that is not started yet.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message says everything that is.</exception>
    public static WebApplication Build(ServingOptions options)
    {
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));

        // Empty: no settings files from the current directory, no environment variables, no arguments; the options say all.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Gyre.Serving" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        (options.Logging ?? LogToConsole)(builder.Logging);

        // What keeps the server from starting is thrown, in better words than the host's own.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services
            .AddRoutingCore()
            .AddSingleton(options)
            .AddSingleton<ModelCatalog>()
            .AddSingleton<RunLimiter>()
            .AddSingleton<ModelEndpoints>()
            .AddHostedService<ModelLoader>()
            .Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);

        var server = builder.Build();
        var endpoints = server.Services.GetRequiredService<ModelEndpoints>();
        server.Map("/v1/{**path}", endpoints.ModelsAsync);
        server.Map("/healthz", endpoints.ReadyAsync);
        server.Map("/v2/health/ready", endpoints.ReadyAsync);
        server.Map("/v2/health/live", ModelEndpoints.LiveAsync);
        server.MapFallback("{**path}", ModelEndpoints.NothingAsync);
        return server;
    }

    /// <summary>Starts a server that was built with the same options.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<Uri> StartAsync(WebApplication server, ServingOptions options, CancellationToken cancellationToken = default)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new IOException(
                $"Port {options.Port} of {options.Host} cannot be listened on: {error.Message} Stop the server that has it, or choose another port; 0 takes any that is free.", error);
        }

        var address = new Uri(server.Urls.First());
        if (!options.IsLocalOnly)
            server.Logger.LogWarning("Everyone who can reach {Address} can ask these models.", address);
        options.OnStarted?.Invoke(address);
        return address;
    }

    static void Configure(KestrelServerOptions kestrel, ServingOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes + RequestBody.MostDrained;
        kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    static void LogToConsole(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Gyre", LogLevel.Information);
}
