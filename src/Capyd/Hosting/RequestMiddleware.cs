using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Capyd.Storage.Secrets;
using Microsoft.Net.Http.Headers;

namespace Capyd.Hosting;

/// <summary>Outermost: gives each request an id, and turns whatever goes wrong into the contract's error body (A.6).</summary>
internal sealed partial class RequestMiddleware(RequestDelegate next, ILogger<RequestMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = RandomNumberGenerator.GetHexString(16, lowercase: true);
        context.TraceIdentifier = requestId;
        context.Response.Headers["X-Request-Id"] = requestId;
        try
        {
            RefuseOtherCharset(context.Request);
            await next(context);
            await ExplainBareStatusAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogGone(requestId, context.Request.Method);
        }
        catch (Exception e)
        {
            await AnswerAsync(context, Refusal(context, e));
        }
    }

    /// <summary>JSON is UTF-8; the framework takes an unknown charset for a fault of the server.</summary>
    private static void RefuseOtherCharset(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new CapydException(ErrorCode.UnsupportedMediaType, "the body has to be JSON in UTF-8", "send Content-Type: application/json");
        }
    }

    private CapydException Refusal(HttpContext context, Exception e)
    {
        switch (e)
        {
            case CapydException known:
                return known;
            case BadHttpRequestException bad:
                return BadRequest(bad);
            case ResourceBusyException:
                return CapydException.Busy();
            case MetadataUnavailableException:
                LogFailed(e, context.TraceIdentifier, context.Request.Method);
                return new CapydException(ErrorCode.MetadataUnavailable, $"capyd cannot write its metadata: {e.Message}", "free disk space on the file system of data_dir; nothing was accepted");
            case SecretUnreadableException:
                LogFailed(e, context.TraceIdentifier, context.Request.Method);
                return new CapydException(
                    ErrorCode.WrongState, "a secret of this project cannot be read with the secret.key of this capyd", "put the secret.key of the earlier host back into data_dir, or make a new password: POST /v1/projects/{id}/credentials/rotate");
            case PostgresFailedException { Retry: RetryClass.Transient }:
                return new CapydException(ErrorCode.PostgresUnavailable, e.Message, "capyd goes on by itself when it is back; try again then");
            default:
                LogFailed(e, context.TraceIdentifier, context.Request.Method);
                return new CapydException(ErrorCode.Internal, "capyd failed on this request", $"look for request id {context.TraceIdentifier} in capyd's log");
        }
    }

    private static CapydException BadRequest(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: 413 } => new CapydException(ErrorCode.BodyTooLarge, "the body is too large", "limits.body_size in capyd.yaml sets the limit"),
        { StatusCode: 415 } => new CapydException(ErrorCode.UnsupportedMediaType, "the body has to be JSON", "send Content-Type: application/json"),
        { InnerException: JsonException json } => CapydException.Invalid(JsonProblem(json)),
        _ => CapydException.Invalid("the request cannot be read: a parameter or the body is not what this endpoint takes", "GET /v1/openapi.json describes it"),
    };

    /// <summary>The serializer's own text names C# types; only the place is passed on.</summary>
    private static string JsonProblem(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        var malformed = json.LineNumber is not null && json.Message.Contains("is an invalid", StringComparison.Ordinal);
        return field is null
            ? malformed ? $"the body is not well-formed JSON (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1})" : "the body has to be a JSON object"
            : $"{(field.Length > 60 ? field[..60] : field)}: the value is of the wrong type or cannot be read";
    }

    private static async Task ExplainBareStatusAsync(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentLength > 0 || context.Response.ContentType is not null)
        {
            return;
        }

        var refusal = context.Response.StatusCode switch
        {
            404 => new CapydException(ErrorCode.NotFound, "there is no such endpoint", "GET /v1/openapi.json lists them"),
            405 => new CapydException(ErrorCode.MethodNotAllowed, "this endpoint does not take that method", "the Allow header lists what it takes"),
            413 => new CapydException(ErrorCode.BodyTooLarge, "the body is too large", "limits.body_size in capyd.yaml sets the limit"),
            415 => new CapydException(ErrorCode.UnsupportedMediaType, "the body has to be JSON", "send Content-Type: application/json"),
            400 => CapydException.Invalid("the request cannot be read"),
            _ => null,
        };
        if (refusal is not null)
        {
            await AnswerAsync(context, refusal);
        }
    }

    private static async Task AnswerAsync(HttpContext context, CapydException refusal)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = refusal.Code.Status;
        context.Response.Headers.RetryAfter = refusal.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        var body = new ErrorBody(refusal.Message, refusal.Hint, refusal.Code.Word);
        await context.Response.WriteAsJsonAsync(body, ErrorJson.Default.ErrorBody);
    }

    [LoggerMessage(1000, LogLevel.Error, "request {RequestId} ({Method}) failed")]
    private partial void LogFailed(Exception e, string requestId, string method);

    [LoggerMessage(1001, LogLevel.Debug, "request {RequestId} ({Method}): the caller went away")]
    private partial void LogGone(string requestId, string method);
}
