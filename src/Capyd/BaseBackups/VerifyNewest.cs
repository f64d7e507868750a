using Capyd.Storage.BaseBackups;

namespace Capyd.BaseBackups;

/// <summary>Has each base backup that capyd took by itself read through once. What was asked for by hand is verified by hand.</summary>
internal sealed class VerifyNewest(MetadataDatabase metadata, VerifyBaseBackup verify) : IDueWork
{
    public string Name => "verification of base backups";

    public async Task TickAsync(CancellationToken stopping)
    {
        if (metadata.Read(BaseBackupStore.List) is [var newest, ..] && newest is { State: "completed", VerificationState: "pending", VerificationError: null, Trigger: not "manual" })
        {
            await verify.AcceptAsync(newest, stopping);
        }
    }
}
