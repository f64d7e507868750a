using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Sealing;

namespace Capyd.Drills;

/// <summary>A recovery on a new host begins with the key file: the daemon's memory must not hide that it is lost or another one.</summary>
internal sealed class RepositoryKeyCheck(IObjectStore repository)
{
    /// <summary>Reads the key file afresh and opens every data key with it; nothing where the repository is not encrypted.</summary>
    /// <exception cref="CapydException">What was kept could not be read after a restart.</exception>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        if (repository is SealedObjectStore { Keys: var keys })
        {
            try
            {
                await keys.VerifyAsync(cancellation);
            }
            catch (RepositoryKeyException e)
            {
                throw new CapydException(ErrorCode.BackupUnusable, e.Message, "the daemon works on with the keys that it has opened: mend this before it is restarted");
            }
        }
    }
}
