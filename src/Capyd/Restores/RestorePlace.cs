using Capyd.Archives;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Restores;

/// <summary>Where a restore ends: the live name, its role, and whether what it replaces is kept for undo.</summary>
internal sealed record RestorePlace(DatabaseName Database, RoleSpec Role, bool IsProject, bool KeepsReplaced, IReadOnlyDictionary<string, string> PlanSettings)
{
    public IReadOnlyDictionary<string, string> Settings(Inventory inventory) => BuildPlan.Over(inventory, PlanSettings);
}
