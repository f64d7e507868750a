using System.Globalization;
using Capyd.Postgres.BaseBackups;

namespace Capyd.Postgres.Tests.BaseBackups;

/// <summary>A base backup kept as numbered files.</summary>
internal sealed class KeptBackup(string directory) : IBaseBackupContents
{
    private readonly List<BaseBackupMember> _members = [];
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    public IEnumerable<BaseBackupMember> Members => _members;

    public BaseBackupResult? Result { get; private set; }

    public IReadOnlyList<string> Paths => [.. _members.Select(static member => member.Path)];

    /// <summary>Files that were taken over from the earlier backup.</summary>
    public HashSet<string> TakenOver { get; } = new(StringComparer.Ordinal);

    public static async Task<KeptBackup> TakeAsync(
        TemporaryCluster server, string name, Func<Task>? atStart = null, KeptBackup? earlier = null, Func<BaseBackupRequest, BaseBackupRequest>? change = null)
    {
        var directory = Path.Combine(server.Directory, name);
        Directory.CreateDirectory(directory);
        var kept = new KeptBackup(directory);

        // The tests have no archive; what replay needs must still be with the live server.
        await server.ExecuteAsync(null, "ALTER SYSTEM SET wal_keep_size = '256MB'");
        await server.ExecuteAsync(null, "SELECT pg_catalog.pg_reload_conf()");
        var request = new BaseBackupRequest($"it's {name}", kept.KeepAsync)
        {
            Started = (_, _) => atStart?.Invoke() ?? Task.CompletedTask,
            Earlier = earlier is null ? null : new EarlierBackup(earlier, kept),
        };
        kept.Result = await new BaseBackup(server.Cluster).RunAsync(change?.Invoke(request) ?? request, CancellationToken.None);
        return kept;
    }

    public byte[] Content(string path) => File.ReadAllBytes(_files[path]);

    public BaseBackupMember? Find(string path) => _members.Find(member => member.Path == path);

    public void Add(BaseBackupMember member)
    {
        lock (_members)
        {
            _members.Add(member);
        }
    }

    public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(File.OpenRead(_files[file.Path]));

    public void TakeOver(BaseBackupMember member, KeptBackup earlier)
    {
        lock (_members)
        {
            _members.Add(member);
            _files.Add(member.Path, earlier._files[member.Path]);
            Assert.True(TakenOver.Add(member.Path));
        }
    }

    private async Task KeepAsync(BaseBackupMember member, Stream content, CancellationToken ct)
    {
        if (member.Kind != BaseBackupMemberKind.File)
        {
            Add(member);
            return;
        }

        var path = Path.Combine(directory, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        await using (var file = File.Create(path))
        {
            await content.CopyToAsync(file, ct);
            member = member with { Size = member.Size < 0 ? -1 : file.Length };
        }

        lock (_members)
        {
            _members.Add(member);
            _files.Add(member.Path, path);
        }
    }
}
