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

    public static async Task<KeptBackup> TakeAsync(TemporaryCluster server, string name, Func<Task>? atStart = null)
    {
        var directory = Path.Combine(server.Directory, name);
        Directory.CreateDirectory(directory);
        var kept = new KeptBackup(directory);

        // The tests have no archive; what replay needs must still be with the live server.
        await server.ExecuteAsync(null, "ALTER SYSTEM SET wal_keep_size = '1GB'");
        await server.ExecuteAsync(null, "SELECT pg_catalog.pg_reload_conf()");
        kept.Result = await new BaseBackup(server.Cluster).RunAsync(
            new BaseBackupRequest($"it's {name}", kept.KeepAsync) { Started = (_, _) => atStart?.Invoke() ?? Task.CompletedTask }, CancellationToken.None);
        return kept;
    }

    public byte[] Content(string path) => File.ReadAllBytes(_files[path]);

    public BaseBackupMember? Find(string path) => _members.Find(member => member.Path == path);

    public void Add(BaseBackupMember member) => _members.Add(member);

    public Task<Stream> OpenAsync(BaseBackupMember file, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(File.OpenRead(_files[file.Path]));

    private async Task KeepAsync(BaseBackupMember member, Stream content, CancellationToken ct)
    {
        _members.Add(member);
        if (member.Kind == BaseBackupMemberKind.File)
        {
            var path = Path.Combine(directory, _members.Count.ToString(CultureInfo.InvariantCulture));
            await using var file = File.Create(path);
            await content.CopyToAsync(file, ct);
            _files[member.Path] = path;
        }
    }
}
