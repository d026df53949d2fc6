using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Gyre.Serving;

/// <summary>Answers HTTP requests.</summary>
sealed class ModelEndpoints(
    ServingOptions options, ModelCatalog catalog, RunLimiter limiter, IHostApplicationLifetime lifetime, ILogger<ModelEndpoints> log)
{
    readonly RequestLimits _limits = new(options.MaxRows, options.MaxTextLength);

    /// <summary>Answers everything below <c>/v1/</c>.</summary>
    public Task ModelsAsync(HttpContext context) => GuardAsync(context, async () =>
    {
        var request = context.Request;
        var path = ModelPath.Parse(request.Method, request.Path.Value ?? "");
        switch (path.Action)
        {
            case ModelAction.Predict:
                await PredictAsync(context, path);
                break;
            case ModelAction.Status:
                await Answers.StatusAsync(context, Status(path));
                break;
            default:
                var version = catalog.Enter(path.Name, path.Version);
                try
                {
                    await Answers.MetadataAsync(context, version);
                }
                finally
                {
                    version.Leave();
                }

                break;
        }
    });

    /// <summary>Whether every model has a version that answers, and the server is not stopping.</summary>
    public Task ReadyAsync(HttpContext context) =>
        Answers.HealthAsync(context, "ready", catalog.IsReady && !lifetime.ApplicationStopping.IsCancellationRequested);

    /// <summary>Whether the process answers at all.</summary>
    public static Task LiveAsync(HttpContext context) => Answers.HealthAsync(context, "live", isWell: true);

    public static Task NothingAsync(HttpContext context) => Answers.ErrorAsync(
        context, StatusCodes.Status404NotFound,
        $"There is nothing at {context.Request.Path}. Models are below /v1/models/NAME, health at /healthz, /v2/health/live and /v2/health/ready.");

    async Task PredictAsync(HttpContext context, ModelPath path)
    {
        float[] predictions;
        LoadedVersion version;
        bool isColumnar;
        using (var body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes, context.RequestAborted))
        {
            // Not before the body is there: a slow sender must not keep an old version in memory.
            version = catalog.Enter(path.Name, path.Version);
            try
            {
                var request = PredictRequest.Read(body.Bytes, version.Columns, _limits);
                isColumnar = request.IsColumnar;
                predictions = request.Batch.Rows == 0 ? [] : await limiter.RunAsync(() => version.Predict(request.Batch), context.RequestAborted);
            }
            finally
            {
                version.Leave();
            }
        }

        RequireNumbers(predictions, version);
        await Answers.PredictionAsync(context, version, isColumnar, predictions);
    }

    List<VersionStatus> Status(ModelPath path)
    {
        var versions = catalog.Versions(path.Name).Where(status => path.Version is null || status.Version == path.Version).ToList();
        if (versions.Count > 0)
            return versions;
        catalog.Enter(path.Name, path.Version).Leave();
        return [];
    }

    static void RequireNumbers(float[] predictions, LoadedVersion version)
    {
        var odd = Array.FindIndex(predictions, prediction => !float.IsFinite(prediction));
        if (odd >= 0)
            throw new ServingException(ServingCode.Internal, $"Version {version.Folder.Version} of '{version.Name}' gives no number for row {odd / version.Signature.Label.OutputWidth + 1}. Its evaluation should have shown that; push another version.");
    }

    async Task GuardAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ServingException error)
        {
            if (error.Code == ServingCode.ResourceExhausted)
                context.Response.Headers[HeaderNames.RetryAfter] = "1";
            await Answers.ErrorAsync(context, error.HttpStatus, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            await Answers.ErrorAsync(context, error.StatusCode, error.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
#pragma warning disable CA1031 // One request must not take the server down; the sender learns that it was not his fault.
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            log.LogError(error, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            await Answers.ErrorAsync(context, StatusCodes.Status500InternalServerError, "The server failed on this request. Its log says why.");
        }
    }
}
