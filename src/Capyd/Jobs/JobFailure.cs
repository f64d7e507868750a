using Capyd.Postgres.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Imports;
using Capyd.Postgres.Tools;
using Capyd.Storage.Repository.Chunks;
using static Capyd.Storage.Jobs.RetryClassifications;

namespace Capyd.Jobs;

/// <summary>Why a run of a job ended badly, and whether trying again may help (design: retry classes).</summary>
internal sealed record JobFailure(string Message, string Classification)
{
    private const int NoSpaceLeft = 28;

    /// <summary>Answered once, by the error itself.</summary>
    public static JobFailure Of(Exception e) => e switch
    {
        CapydException { Code: var code } => new(WithHint((CapydException)e), code == ErrorCode.PostgresUnavailable || code == ErrorCode.MetadataUnavailable ? Transient : Permanent),
        PostgresFailedException failed => new(failed.Message, failed.Retry == RetryClass.Transient ? Transient : Permanent),
        ToolFailedException failed => new(failed.Message, failed.Retry == RetryClass.Transient ? Transient : Permanent),
        RemoteFailedException failed => new(failed.Message, failed.Retry == RetryClass.Transient ? Transient : Permanent),
        BaseBackupFailedException failed => new(failed.Message, failed.Retry == RetryClass.Transient ? Transient : Permanent),
        RepositoryBusyException => new(e.Message, Transient),
        RepositoryDamagedException => new(e.Message, Permanent),
        MetadataUnavailableException => new(e.Message, Transient),
        ToolMissingException or InvalidDataException or ImportRefusedException => new(e.Message, Permanent),
        IOException io when (io.HResult & 0xffff) == NoSpaceLeft => new($"no space left on the device: {io.Message}; free some, the job goes on by itself", Transient),
        IOException or TimeoutException => new(e.Message, Transient),
        UnauthorizedAccessException => new(e.Message, Permanent),
        _ => new($"capyd failed: {e.GetType().Name}: {e.Message}", Permanent),
    };

    private static string WithHint(CapydException e) => e.Hint is null ? e.Message : $"{e.Message}: {e.Hint}";
}
