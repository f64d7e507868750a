using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Organizations;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Tests;

/// <summary>A real database file with one organization and one project in it.</summary>
public sealed class Metadata : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public Metadata()
    {
        Database = MetadataDatabase.Open(Path, TimeProvider.System);
        Write(transaction =>
        {
            OrganizationStore.Insert(transaction, Organization);
            ProjectStore.Insert(transaction, Project);
        });
    }

    public string Path => _directory["capyd.db"];

    public MetadataDatabase Database { get; }

    public OrganizationRow Organization { get; } = new()
    {
        Id = OrganizationId.New(),
        Name = "Acme",
        Slug = "acme",
        Plan = "default",
        CreatedAt = TestClock.Now,
        UpdatedAt = TestClock.Now,
    };

    public ProjectRow Project => field ??= NewProject("shop");

    public string this[string name] => _directory[name];

    public T Read<T>(Func<MetadataSession, T> work) => Database.Read(work);

    public T Write<T>(Func<MetadataTransaction, T> work) =>
        Database.WriteAsync(work, CancellationToken.None).GetAwaiter().GetResult();

    public void Write(Action<MetadataTransaction> work) =>
        Database.WriteAsync(work, CancellationToken.None).GetAwaiter().GetResult();

    public ProjectRow NewProject(string slug)
    {
        var id = ProjectId.New();
        return new ProjectRow
        {
            Id = id,
            OrganizationId = Organization.Id,
            Name = slug,
            Slug = slug,
            Environment = "production",
            Region = "local",
            Plan = "default",
            State = ProjectStates.Ready,
            DatabaseName = "capy_" + id.Random,
            RoleName = "capy_" + id.Random,
            PasswordSealed = [1, 2, 3],
            MaxConnections = 20,
            StorageLimitBytes = 1L << 34,
            StatementTimeout = "30s",
            IdleTransactionTimeout = "60s",
            AlwaysOn = true,
            CreatedAt = TestClock.Now,
            UpdatedAt = TestClock.Now,
        };
    }

    public PreviewRow NewPreview(string name)
    {
        var id = PreviewId.New();
        return new PreviewRow
        {
            Id = id,
            ProjectId = Project.Id,
            OrganizationId = Organization.Id,
            Name = name,
            Mode = "clone",
            State = PreviewStates.Ready,
            DatabaseName = "pvw_" + id.Random,
            RoleName = "pvw_" + id.Random,
            PasswordSealed = [4],
            TtlHours = 24,
            TtlExpiresAt = TestClock.Now.AddHours(24),
            CreatedAt = TestClock.Now,
            UpdatedAt = TestClock.Now,
        };
    }

    public JobRow NewJob(string? resource = null, string mode = LockModes.Exclusive) => new()
    {
        Id = JobId.New(),
        OrganizationId = Organization.Id,
        ProjectId = Project.Id,
        Type = "backup.create",
        State = JobStates.Pending,
        PayloadJson = "{}",
        SecretPayload = [7, 7],
        MaxAttempts = 3,
        RunAfter = TestClock.Now,
        LockedResource = resource,
        LockMode = mode,
        CreatedAt = TestClock.Now,
        UpdatedAt = TestClock.Now,
    };

    public BackupRow NewBackup(JobId job, DateTimeOffset at) => new()
    {
        Id = BackupId.New(),
        ProjectId = Project.Id,
        OrganizationId = Organization.Id,
        DatabaseName = Project.DatabaseName,
        BackupKey = $"backups/{Guid.NewGuid():N}.dump.zst",
        State = BackupStates.Running,
        VerificationState = VerificationStates.Pending,
        JobId = job,
        RetentionDays = 7,
        CreatedAt = at,
        UpdatedAt = at,
    };

    public JobRow Insert(JobRow job)
    {
        Write(transaction => JobStore.Insert(transaction, job));
        return job;
    }

    public void Dispose()
    {
        Database.Dispose();
        _directory.Dispose();
    }
}
