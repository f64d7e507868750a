using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Restores;

/// <summary>Where a restore ends: the live name, its role, and whether what it replaces is kept for undo.</summary>
internal sealed record RestorePlace(DatabaseName Database, RoleSpec Role, bool IsProject, bool KeepsReplaced, IReadOnlyDictionary<string, string> PlanSettings)
{
    /// <summary>The database-level settings that <c>pg_dump</c> leaves out, and over them those of the plan.</summary>
    public IReadOnlyDictionary<string, string> Settings(Inventory inventory)
    {
        var settings = inventory.Properties.Settings.Where(setting => setting.Role is null).ToDictionary(setting => setting.Name, setting => setting.Value);
        foreach (var (name, value) in PlanSettings)
        {
            settings[name] = value;
        }

        return settings;
    }
}
