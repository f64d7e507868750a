using Capyd.OffHost;
using Capyd.Storage.Repository.Chunks;
using Capyd.Storage.Repository.Sealing;
using Capyd.Storage.Repository.Spool;

namespace Capyd.Repository;

/// <summary>Ships what waits; where a daemon does so already, waits for it.</summary>
internal sealed class SpoolFlush(RepositoryOpener opener, ProgressLine progress, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <exception cref="IOException">The bucket cannot be used.</exception>
    /// <exception cref="CapydException">The repository is on this host.</exception>
    public async Task<FlushReport> RunAsync(CancellationToken cancellation)
    {
        using var repository = await OpenAsync(cancellation);
        var spool = repository.Spool
            ?? throw CapydException.Invalid($"the repository is {opener.Place}, on this host", "there is nothing to ship without repository.s3");
        while (!await TryShipAsync(spool, cancellation))
        {
            await ShowAsync(spool, cancellation);
            await Task.Delay(LookEvery, clock, cancellation);
        }

        progress.End();
        return new FlushReport(spool.Shipper.ShippedBytes, (await spool.ReadStatusAsync(cancellation)).Aside);
    }

    /// <summary>What waits is sealed already: without the key only two sealed forms of one object cannot be compared, and one is put aside.</summary>
    private async Task<OpenedRepository> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await opener.OpenAsync(mayBegin: false, cancellation);
        }
        catch (RepositoryKeyException)
        {
            var inner = opener.OpenInner();
            return new OpenedRepository(inner, inner, inner as SpooledObjectStore);
        }
    }

    /// <returns>False when something waits that another process ships.</returns>
    private async Task<bool> TryShipAsync(SpooledObjectStore spool, CancellationToken cancellation)
    {
        try
        {
            using var right = spool.Shipper.Take();
            while (await spool.Shipper.ShipSomeAsync(cancellation))
            {
                await ShowAsync(spool, cancellation);
            }

            return true;
        }
        catch (RepositoryBusyException)
        {
            var status = await spool.ReadStatusAsync(cancellation);
            return status is { Objects: 0, Removals: 0 };
        }
    }

    private async Task ShowAsync(SpooledObjectStore spool, CancellationToken cancellation)
    {
        var status = await spool.ReadStatusAsync(cancellation);
        progress.Show("shipping", 0, $"{status.Objects} objects of {ByteText.Of(status.Bytes)} wait");
    }
}
