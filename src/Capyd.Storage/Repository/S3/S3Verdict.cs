using System.Globalization;
using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>Decides what an answer means: done, once more, or no.</summary>
internal static class S3Verdict
{
    public const string Skewed = "RequestTimeTooSkewed";

    /// <summary>Asking again may help.</summary>
    public static bool IsTransient(S3Answer answer) => answer.Status switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,
        HttpStatusCode.OK => answer.ErrorCode is "InternalError" or "SlowDown" or "ServiceUnavailable",
        _ => answer.ErrorCode is "RequestTimeout" or "SlowDown" or "ConditionalRequestConflict" or "OperationAborted",
    };

    public static bool IsFine(S3Answer answer, S3Request request) => (int)answer.Status < 300
        ? answer.ErrorCode.Length == 0
        : answer.ErrorCode is not "NoSuchBucket" && request.Expected.Contains(answer.Status);

    public static StoreRefusedException Refusal(S3Answer answer, S3Settings settings, DateTimeOffset now)
    {
        var code = answer.ErrorCode.Length > 0 ? answer.ErrorCode : answer.Status.ToString();
        return new StoreRefusedException(code, $"The object store {settings} refused: {answer}. {Advice(code, answer, settings, now)}");
    }

    private static string Advice(string code, S3Answer answer, S3Settings settings, DateTimeOffset now) => code switch
    {
        "NoSuchBucket" => $"Create the bucket {settings.Bucket}, or correct its name.",
        "InvalidAccessKeyId" => $"The store does not know the access key {settings.Credentials.AccessKey}; correct it, or make it there.",
        "SignatureDoesNotMatch" => "The secret key is wrong (or something between capyd and the store changes requests); correct it.",
        Skewed => $"This host's clock says {Show(now)}, the store's {Show(answer.Date)}; set the clock (NTP).",
        "AuthorizationHeaderMalformed" or "PermanentRedirect" or "TemporaryRedirect" or "MovedPermanently" =>
            $"The bucket is elsewhere: set region (now {settings.Region}) to {answer.Header("x-amz-bucket-region") ?? "the bucket's"}, and the endpoint to that region's.",
        "QuotaExceeded" or "InsufficientStorage" => "The store is full: raise the quota or remove what is not needed.",
        "AccessDenied" or "Forbidden" => $"The access key {settings.Credentials.AccessKey} needs s3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, "
            + "s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload for this bucket and prefix.",
        _ => "Look this code up in the store's documentation, and try `capyd doctor` afterwards.",
    };

    private static string Show(DateTimeOffset? moment) =>
        moment?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "something else";
}
