using Capyd.Storage.Jobs;
using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Tests.Jobs;

public sealed class JobStoreTests : IDisposable
{
    private static readonly JobOutput Output = new(1, "out", "err");

    private readonly Metadata _metadata = new();

    [Fact]
    public void A_job_reads_back_as_it_was_written()
    {
        var job = _metadata.Insert(_metadata.NewJob("project:a"));

        Assert.Equivalent(job, Find(job.Id), strict: true);
        Assert.Single(_metadata.Read(s => JobStore.ListByProject(s, _metadata.Project.Id, 10)));
        Assert.Single(_metadata.Read(JobStore.ListActive));
        Assert.Equal(TestClock.Now, _metadata.Read(JobStore.NextRunAfter));
        Assert.Equal(1, _metadata.Read(JobStore.CountByState)["pending"]);
    }

    [Fact]
    public void A_second_exclusive_job_of_a_resource_is_refused_while_the_first_is_active()
    {
        _metadata.Insert(_metadata.NewJob("project:a"));
        Assert.Throws<ResourceBusyException>(() => _metadata.Insert(_metadata.NewJob("project:a")));
        _metadata.Insert(_metadata.NewJob("project:b"));
        Assert.True(_metadata.Read(s => JobStore.HasConflict(s, "project:a", LockModes.Shared)));
        Assert.False(_metadata.Read(s => JobStore.HasConflict(s, "project:c", LockModes.Exclusive)));

        var lease = Claim()!.Lease();
        _metadata.Write(tx => JobStore.Complete(tx, lease, null, Output, TestClock.Now));

        _metadata.Insert(_metadata.NewJob("project:a"));
    }

    [Fact]
    public void A_used_id_is_not_mistaken_for_a_busy_resource()
    {
        var job = _metadata.Insert(_metadata.NewJob());

        Assert.Throws<ConstraintViolationException>(() => _metadata.Insert(job));
    }

    [Fact]
    public void Shared_jobs_run_together_and_an_exclusive_one_waits_its_turn()
    {
        var first = _metadata.Insert(_metadata.NewJob("project:a", LockModes.Shared));
        var second = _metadata.Insert(_metadata.NewJob("project:a", LockModes.Shared));
        var alone = _metadata.Insert(_metadata.NewJob("project:a"));
        var late = _metadata.Insert(_metadata.NewJob("project:a", LockModes.Shared));

        Assert.Equal(first.Id, Claim()!.Id);
        var running = Claim()!;
        Assert.Equal(second.Id, running.Id);
        Assert.Null(Claim());

        Complete(Find(first.Id)!);
        Assert.Null(Claim());
        Complete(running);
        Assert.Equal(alone.Id, Claim()!.Id);
        Assert.Null(Claim());
        Complete(Find(alone.Id)!);
        Assert.Equal(late.Id, Claim()!.Id);
    }

    [Fact]
    public void A_job_is_not_claimed_before_its_time()
    {
        _metadata.Insert(_metadata.NewJob() with { RunAfter = TestClock.Now.AddSeconds(1) });

        Assert.Null(Claim());
        Assert.NotNull(Claim(TestClock.Now.AddSeconds(1)));
    }

    [Fact]
    public async Task Each_job_is_claimed_once_also_from_two_instances()
    {
        for (var i = 0; i < 30; i++)
        {
            _metadata.Insert(_metadata.NewJob());
        }

        using var other = MetadataDatabase.Open(_metadata.Path, TimeProvider.System);
        var claimed = await Task.WhenAll(
            Task.Run(() => ClaimAllAsync(_metadata.Database, "one")),
            Task.Run(() => ClaimAllAsync(other, "two")));

        Assert.Equal(30, claimed.Sum(ids => ids.Count));
        Assert.Equal(30, claimed.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void A_claim_clears_what_the_earlier_attempt_left()
    {
        _metadata.Insert(_metadata.NewJob());
        var first = Claim()!;
        _metadata.Write(tx => JobStore.SaveCheckpoint(tx, first.Lease(), """{"done":1}""", TestClock.Now));
        _metadata.Write(tx => JobStore.Requeue(
            tx, first.Lease(), TestClock.Now, "boom", RetryClassifications.Transient, Output, true, TestClock.Now));
        var waiting = Find(first.Id)!;
        Assert.Equal(("boom", 1, "err", 1), (waiting.Error, waiting.LastExitCode, waiting.LastStderr, waiting.Attempts));

        var second = Claim()!;

        Assert.Equal((2, null, null, null), (second.Attempts, second.Error, second.LastExitCode, second.LastStdout));
        Assert.Equal("""{"done":1}""", second.CheckpointJson);
    }

    [Fact]
    public void A_lost_lease_changes_nothing()
    {
        _metadata.Insert(_metadata.NewJob());
        var lease = Claim()!.Lease();
        Assert.Throws<LeaseLostException>(() => _metadata.Write(
            tx => JobStore.SaveProgress(tx, lease with { BootId = "older" }, "x", 0.5, TestClock.Now)));
        Assert.Throws<LeaseLostException>(() => _metadata.Write(
            tx => JobStore.Fail(tx, lease with { Attempt = 2 }, "e", "permanent", Output, TestClock.Now)));

        _metadata.Write(tx => JobStore.SaveProgress(tx, lease, "dump", 0.5, TestClock.Now));
        _metadata.Write(tx => JobStore.Complete(tx, lease, """{"ok":true}""", Output, TestClock.Now));

        Assert.Throws<LeaseLostException>(() => _metadata.Write(
            tx => JobStore.Complete(tx, lease, null, Output, TestClock.Now)));
        var ended = Find(lease.Job)!;
        Assert.Equal((JobStates.Completed, 1.0, "dump"), (ended.State, ended.Progress, ended.Phase));
        Assert.Equal("""{"ok":true}""", ended.ResultJson);
        Assert.Equal(TestClock.Now, ended.CompletedAt);
        Assert.Null(ended.SecretPayload);
    }

    [Fact]
    public void A_failed_job_forgets_its_secrets()
    {
        _metadata.Insert(_metadata.NewJob());
        var lease = Claim()!.Lease();

        _metadata.Write(tx => JobStore.Fail(
            tx, lease, "no", RetryClassifications.Permanent, Output, TestClock.Now));

        var ended = Find(lease.Job)!;
        Assert.Equal((JobStates.Failed, "no", "permanent"), (ended.State, ended.Error, ended.RetryClassification));
        Assert.Null(ended.SecretPayload);
        Assert.Null(_metadata.Read(JobStore.NextRunAfter));
    }

    [Fact]
    public void Jobs_of_an_earlier_start_are_put_back_and_the_attempt_with_them()
    {
        _metadata.Insert(_metadata.NewJob("project:a"));
        var lease = Claim()!.Lease();
        Assert.Empty(_metadata.Write(tx => JobStore.RecoverOrphans(tx, lease.BootId, TestClock.Now)));

        var orphan = Assert.Single(_metadata.Write(tx => JobStore.RecoverOrphans(tx, "next boot", TestClock.Now)));

        Assert.Equal(
            (JobStates.Pending, 0, 1, "interrupted"),
            (orphan.State, orphan.Attempts, orphan.CrashCount, orphan.RetryClassification));
        Assert.NotNull(orphan.SecretPayload);
        Assert.Throws<LeaseLostException>(() => _metadata.Write(
            tx => JobStore.Complete(tx, lease, null, Output, TestClock.Now)));
    }

    [Fact]
    public void An_interrupted_attempt_can_be_given_back()
    {
        _metadata.Insert(_metadata.NewJob());
        var lease = Claim()!.Lease();

        _metadata.Write(tx => JobStore.Requeue(
            tx, lease, TestClock.Now, null, RetryClassifications.Interrupted, Output, false, TestClock.Now));

        Assert.Equal(0, Find(lease.Job)!.Attempts);
    }

    [Fact]
    public void Only_a_pending_job_is_cancelled_at_once()
    {
        var pending = _metadata.Insert(_metadata.NewJob());
        var running = Claim()!;
        pending = _metadata.Insert(_metadata.NewJob());

        Assert.False(_metadata.Write(tx => JobStore.CancelPending(tx, running.Id, TestClock.Now)));
        Assert.True(_metadata.Write(tx => JobStore.RequestCancel(tx, running.Id, TestClock.Now)));
        Assert.True(Find(running.Id)!.CancelRequested);
        Assert.True(_metadata.Write(tx => JobStore.CancelPending(tx, pending.Id, TestClock.Now)));
        Assert.Equal((JobStates.Failed, "cancelled"), (Find(pending.Id)!.State, Find(pending.Id)!.Error));
        Assert.False(_metadata.Write(tx => JobStore.RequestCancel(tx, pending.Id, TestClock.Now)));
    }

    [Fact]
    public void The_schema_refuses_a_running_job_that_nobody_runs() => Assert.Throws<ConstraintViolationException>(
        () => _metadata.Insert(_metadata.NewJob() with { State = JobStates.Running }));

    public void Dispose() => _metadata.Dispose();

    private static async Task<List<JobId>> ClaimAllAsync(MetadataDatabase database, string boot)
    {
        var claimed = new List<JobId>();
        while (await database.WriteAsync(tx => JobStore.ClaimNext(tx, boot, TestClock.Now), default) is { } job)
        {
            claimed.Add(job.Id);
        }

        return claimed;
    }

    private JobRow? Claim(DateTimeOffset? now = null) =>
        _metadata.Write(tx => JobStore.ClaimNext(tx, "boot", now ?? TestClock.Now));

    private JobRow? Find(JobId id) => _metadata.Read(session => JobStore.Find(session, id));

    private void Complete(JobRow job) =>
        _metadata.Write(tx => JobStore.Complete(tx, job.Lease(), null, Output, TestClock.Now));
}
