using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Tests.Wal;

/// <summary>A running receiver, and an archive of plain files that its segments go to.</summary>
internal sealed class WalArchive : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WalServer _server;
    private readonly Task _receiver;

    public WalArchive(WalServer server, string directory)
    {
        _server = server;
        Spool = Path.Combine(directory, "spool");
        Files = System.IO.Directory.CreateDirectory(Path.Combine(directory, "archive")).FullName;
        Archiver = new SegmentArchiver(Spool, server.Lineage, StoreAsync);
        Ranges = WalRanges.Empty(server.Lineage.System);
        _receiver = server.Receiver(Spool).RunAsync(
            e =>
            {
                lock (Events)
                {
                    Events.Add(e);
                }
            },
            _stop.Token);
    }

    public string Spool { get; }

    public string Files { get; }

    public SegmentArchiver Archiver { get; }

    public WalRanges Ranges { get; private set; }

    public List<SegmentCommits> Index { get; } = [];

    public List<WalRejectedException> Rejected { get; } = [];

    public List<WalReceiverEvent> Events { get; } = [];

    public string RestoreCommand => $"test -f {Files}/%f || exit 1; cp {Files}/%f %p || exit 255";

    /// <summary>Ends the segment and waits until everything before is in the archive.</summary>
    public async Task DrainAsync()
    {
        var end = await _server.SwitchAsync();
        await WalServer.UntilAsync(
            async () =>
            {
                await PassAsync();
                return Ranges.Timelines.Any(t => Ranges.Of(t).Any(r => r.To >= end));
            },
            $"the archive reaches {end}");
    }

    public async Task PassAsync()
    {
        var pass = await Archiver.ArchiveAsync(int.MaxValue, CancellationToken.None);
        Rejected.AddRange(pass.Rejected);
        foreach (var taken in pass.Archived)
        {
            if (taken is { Segment: { } segment, Commits: { } commits })
            {
                Ranges = Ranges.Add(segment);
                Index.Add(commits);
            }
        }
    }

    public T? Latest<T>()
        where T : WalReceiverEvent
    {
        lock (Events)
        {
            return Events.OfType<T>().LastOrDefault();
        }
    }

    public Task SeenAsync<T>()
        where T : WalReceiverEvent =>
        WalServer.UntilAsync(() => Task.FromResult(Latest<T>() is not null), typeof(T).Name);

    public async Task StopReceiverAsync()
    {
        await _stop.CancelAsync();
        await _receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await StopReceiverAsync();
        _stop.Dispose();
        await new ReplicationSlot(_server.Cluster, "capyd").DropAsync(CancellationToken.None);
    }

    private async Task StoreAsync(WalFileName name, Stream content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Files, name.Text);
        await using (var file = File.Create(path))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
    }
}
