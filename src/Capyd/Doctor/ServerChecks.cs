using System.Globalization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Postgres.Wal;

namespace Capyd.Doctor;

/// <summary>The PostgreSQL server: does it answer, is the role enough, can its WAL be followed, do its programs fit.</summary>
internal sealed class ServerChecks(CapydOptions options, TimeProvider clock)
{
    private const long Gibibyte = 1L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<(ServerCondition? Condition, IReadOnlyList<Finding> Findings)> AskAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var facts = await cluster.ProbeAsync(either.Token);
            var condition = await ServerCondition.ReadAsync(cluster, either.Token);
            var missing = await WalPrerequisites.CheckAsync(cluster, either.Token);
            var logins = await PasswordLogins.ProblemAsync(cluster.Endpoint, facts.Tls, either.Token);
            return (condition,
            [
                Version(facts), Tools(facts), Role(cluster.Endpoint, condition), Primary(facts),
                Finding.Of("logins with a password", logins, $"{cluster.Endpoint.LoginHost}, port {cluster.Endpoint.Port} asks for a password", "projects cannot be used until then; reload PostgreSQL after the change"),
                .. WalSettings(missing), Slots(condition), Senders(condition), SlotLimit(condition), .. IdleSlots(condition),
            ]);
        }
        catch (PostgresFailedException e)
        {
            return (null, [Silent(e.Message)]);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, [Silent($"no answer within {Patience.TotalSeconds} s")]);
        }
    }

    public static Finding Silent(string problem) => Finding.Fail(
        "PostgreSQL", problem,
        problem.Contains("role", StringComparison.Ordinal) && problem.Contains("does not exist", StringComparison.Ordinal)
            ? "sudo /usr/lib/capyd/ensure-role, or: sudo -u postgres createuser --superuser capyd"
            : "start it (systemctl start postgresql), or set postgres.socket_dir and postgres.port in capyd.yaml; pg_lsclusters shows what is there");

    private static Finding Version(ServerFacts facts) => facts.Major is >= 13 and <= 18
        ? Finding.Pass("PostgreSQL", $"{facts.Version} answers")
        : Finding.Fail("PostgreSQL", $"{facts.Version} answers, and capyd knows 13 to 18", "use a supported version");

    private Finding Tools(ServerFacts facts)
    {
        try
        {
            var installation = PostgresBinaries.Discover(options.Postgres.BinDir).ForServer(facts.Major);
            return Finding.Pass("client programs", $"{installation.Major} in {installation.BinDirectory}, for a server {facts.Major}");
        }
        catch (ToolMissingException e)
        {
            return Finding.Fail("client programs", e.Message, $"apt install postgresql-client-{facts.Major}");
        }
    }

    private static Finding Role(ClusterEndpoint endpoint, ServerCondition condition) => condition.IsSuperuser
        ? Finding.Pass("database role", $"{endpoint.AdminRole} is a superuser")
        : Finding.Fail("database role", $"{endpoint.AdminRole} is no superuser: capyd can make no databases, roles and backups with it", $"sudo -u postgres psql -c 'ALTER ROLE \"{endpoint.AdminRole}\" SUPERUSER'");

    private static Finding Primary(ServerFacts facts) => facts.InRecovery
        ? Finding.Fail("primary", "the server is a standby: nothing can be made in it", "attach capyd to the primary, or promote this one")
        : Finding.Pass("primary", "the server takes writes");

    private static IEnumerable<Finding> WalSettings(IReadOnlyList<WalPrerequisite> missing) => missing.Count == 0
        ? [Finding.Pass("WAL settings", "wal_level, full_page_writes, fsync, slots and senders allow recovery to every moment")]
        : missing.Select(one => Finding.Fail(one.Setting, one.Problem, one.Mend));

    private static Finding Slots(ServerCondition condition) => condition.FreeSlots > 0 || condition.IdleSlots.ContainsKey("capyd")
        ? Finding.Pass("replication slots", string.Create(CultureInfo.InvariantCulture, $"{condition.FreeSlots} free"))
        : Finding.Warn("replication slots", "none is free, so capyd may find none for its own", "ALTER SYSTEM SET max_replication_slots = 10; then restart PostgreSQL, or drop one that nobody uses");

    private static Finding Senders(ServerCondition condition) => condition.FreeSenders > 0
        ? Finding.Pass("WAL senders", string.Create(CultureInfo.InvariantCulture, $"{condition.FreeSenders} free"))
        : Finding.Warn("WAL senders", "all are in use, so no base backup can be taken", "ALTER SYSTEM SET max_wal_senders = 10; then restart PostgreSQL");

    private static Finding SlotLimit(ServerCondition condition) => condition.SlotKeepMegabytes >= 0
        ? Finding.Pass("max_slot_wal_keep_size", string.Create(CultureInfo.InvariantCulture, $"{condition.SlotKeepMegabytes} MB: a slot that is left alone cannot fill the disk"))
        : Finding.Warn("max_slot_wal_keep_size", "no limit: while capyd is down its slot keeps WAL until the disk is full", "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf();");

    private static IEnumerable<Finding> IdleSlots(ServerCondition condition) => condition.IdleSlots
        .Where(slot => slot.Value > Gibibyte)
        .Select(slot => Finding.Warn(
            "idle slot", string.Create(CultureInfo.InvariantCulture, $"the slot {slot.Key} is read by nobody and holds {slot.Value / (double)Gibibyte:0.0} GiB of WAL"),
            $"start what reads it, or: SELECT pg_drop_replication_slot('{slot.Key}')"));
}
