using System.Security.Cryptography;
using Capyd.Storage.ApiKeys;
using Capyd.Storage.Approvals;
using Capyd.Storage.Audit;
using Capyd.Storage.Organizations;
using Capyd.Storage.Parked;
using Capyd.Storage.Previews;
using Capyd.Storage.Schedules;
using Capyd.Storage.Settings;

namespace Capyd.Storage.Tests.Records;

public sealed class SmallStoreTests : IDisposable
{
    private readonly Metadata _metadata = new();

    [Fact]
    public void An_organization_reads_back()
    {
        Assert.Equal(_metadata.Organization, _metadata.Read(OrganizationStore.First));
        Assert.Equal(_metadata.Organization, _metadata.Read(s => OrganizationStore.Find(s, _metadata.Organization.Id)));
        Assert.Single(_metadata.Read(OrganizationStore.List));
    }

    [Fact]
    public void A_setting_is_replaced()
    {
        _metadata.Write(tx => SettingStore.Set(tx, "cluster_id", "a"));
        _metadata.Write(tx => SettingStore.Set(tx, "cluster_id", "b"));

        Assert.Equal("b", _metadata.Read(session => SettingStore.Get(session, "cluster_id")));
    }

    [Fact]
    public void A_key_is_found_by_its_hash_and_revoked_once()
    {
        var key = new ApiKeyRow
        {
            Id = ApiKeyId.New(),
            OrganizationId = _metadata.Organization.Id,
            Name = "laptop",
            KeyPrefix = "capy_abcd",
            KeyHash = SHA256.HashData("secret"u8),
            Scopes = ["projects:read", "projects:write"],
            Source = "cli",
            ProjectId = _metadata.Project.Id,
            Manager = true,
            CreatedAt = TestClock.Now,
            ExpiresAt = TestClock.Now.AddDays(1),
        };
        _metadata.Write(tx => ApiKeyStore.Insert(tx, key));

        Assert.Equivalent(key, _metadata.Read(s => ApiKeyStore.FindByHash(s, key.KeyHash)), strict: true);
        Assert.Null(_metadata.Read(s => ApiKeyStore.FindByHash(s, new byte[32])));
        Assert.True(_metadata.Write(tx => ApiKeyStore.TouchLastUsed(tx, key.Id, TestClock.Now)));
        Assert.True(_metadata.Write(tx => ApiKeyStore.Revoke(tx, key.Id, TestClock.Now)));
        Assert.False(_metadata.Write(tx => ApiKeyStore.Revoke(tx, key.Id, TestClock.Now)));
        Assert.Equal(TestClock.Now, Assert.Single(_metadata.Read(ApiKeyStore.ListAll)).RevokedAt);
    }

    [Fact]
    public void A_due_instant_fires_once()
    {
        var job = _metadata.Insert(_metadata.NewJob());
        var schedule = NewSchedule();
        _metadata.Write(tx => ScheduleStore.Upsert(tx, schedule));
        Assert.Equal(schedule, Assert.Single(_metadata.Read(ScheduleStore.ListActive)));

        Assert.True(_metadata.Write(tx => ScheduleStore.RecordFired(tx, schedule.Id, TestClock.Now, job.Id, TestClock.Now)));
        Assert.False(_metadata.Write(tx => ScheduleStore.RecordFired(tx, schedule.Id, TestClock.Now, job.Id, TestClock.Now)));

        _metadata.Write(tx => ScheduleStore.Upsert(tx, NewSchedule() with { CronHour = 5, IsActive = false }));
        var stored = _metadata.Read(s => ScheduleStore.FindByProject(s, _metadata.Project.Id))!;
        Assert.Equal((schedule.Id, 5, job.Id, TestClock.Now), (stored.Id, stored.CronHour, stored.LastJobId, stored.LastFiredFor));
        Assert.Empty(_metadata.Read(ScheduleStore.ListActive));
    }

    [Fact]
    public void The_newest_parked_database_of_a_project_is_not_one_of_its_previews()
    {
        var preview = _metadata.NewPreview("pr-1");
        _metadata.Write(tx => PreviewStore.Insert(tx, preview));
        var parked = Park("parked_1", null);
        Park("parked_2", preview.Id);

        Assert.Equal(parked, _metadata.Read(s => ParkedDatabaseStore.FindNewestForProject(s, _metadata.Project.Id)));
        Assert.Equal(2, _metadata.Read(s => ParkedDatabaseStore.ListExpired(s, TestClock.Now.AddHours(24))).Count);
        Assert.True(_metadata.Write(tx => ParkedDatabaseStore.Delete(tx, parked.Id)));
        Assert.Single(_metadata.Read(ParkedDatabaseStore.List));
    }

    [Fact]
    public void An_approval_is_good_once_and_in_time()
    {
        var job = _metadata.Insert(_metadata.NewJob()).Id;
        var approval = new ApprovalRow
        {
            Id = ApprovalId.New(),
            ProjectId = _metadata.Project.Id,
            Action = "restore",
            TokenHash = SHA256.HashData("token"u8),
            ExpiresAt = TestClock.Now.AddMinutes(15),
            CreatedAt = TestClock.Now,
        };
        _metadata.Write(tx => ApprovalStore.Insert(tx, approval));

        Assert.False(_metadata.Write(tx => ApprovalStore.Consume(tx, approval.Id, job, approval.ExpiresAt)));
        Assert.True(_metadata.Write(tx => ApprovalStore.Consume(tx, approval.Id, job, TestClock.Now)));
        Assert.False(_metadata.Write(tx => ApprovalStore.Consume(tx, approval.Id, job, TestClock.Now)));
        Assert.Equal(job, _metadata.Read(s => ApprovalStore.FindByTokenHash(s, approval.TokenHash))!.JobId);
    }

    [Fact]
    public void Audit_events_can_only_be_added()
    {
        var audit = new AuditEventRow
        {
            Id = AuditEventId.New(),
            OrganizationId = _metadata.Organization.Id,
            ProjectId = _metadata.Project.Id,
            Action = "project.created",
            ActorKind = "api_key",
            MetadataJson = """{"name":"shop"}""",
            CreatedAt = TestClock.Now,
        };
        _metadata.Write(tx => AuditEventStore.Append(tx, audit));

        Assert.Equal([audit], _metadata.Read(s => AuditEventStore.ListByProject(s, _metadata.Project.Id, 10)));
        Assert.Equal([audit], _metadata.Read(s => AuditEventStore.ListByOrganization(s, _metadata.Organization.Id, 10)));
        Assert.ThrowsAny<Exception>(() => _metadata.Write(tx => tx.Execute("DELETE FROM audit_events")));
        Assert.ThrowsAny<Exception>(() => _metadata.Write(tx => tx.Execute("UPDATE audit_events SET action = 'x'")));
    }

    public void Dispose() => _metadata.Dispose();

    private ScheduleRow NewSchedule() => new()
    {
        Id = ScheduleId.New(),
        ProjectId = _metadata.Project.Id,
        OrganizationId = _metadata.Organization.Id,
        Label = "nightly",
        CronHour = 3,
        CronMinute = 30,
        IsActive = true,
        RetentionDays = 14,
        CreatedAt = TestClock.Now,
        UpdatedAt = TestClock.Now,
    };

    private ParkedDatabaseRow Park(string name, PreviewId? preview)
    {
        var parked = new ParkedDatabaseRow
        {
            Id = ParkedDatabaseId.New(),
            ProjectId = _metadata.Project.Id,
            PreviewId = preview,
            DatabaseName = name,
            JobId = _metadata.Insert(_metadata.NewJob()).Id,
            ExpiresAt = TestClock.Now.AddHours(24),
            CreatedAt = TestClock.Now,
        };
        _metadata.Write(tx => ParkedDatabaseStore.Insert(tx, parked));
        return parked;
    }
}
