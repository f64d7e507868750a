using System.Globalization;
using Capyd.Postgres.Imports;

namespace Capyd.Imports;

/// <summary>The checks of contract D.7. Pure: what the source says, and what the project has room for.</summary>
internal static class PreflightVerdict
{
    public const string Connectivity = "connectivity";
    private const double NearlyFull = 0.8;

    public static IReadOnlyList<PreflightCheck> Judge(RemoteFacts source, ImportRoom room) =>
    [
        PreflightCheck.Pass(Connectivity, $"PostgreSQL {source.Version}"), Size(source, room), Version(source, room), Extensions(source, room),
        Readable(source), Encoding(source),
    ];

    private static PreflightCheck Size(RemoteFacts source, ImportRoom room)
    {
        const string Name = "source_size_within_plan";
        var detail = $"the source holds {MiB(source.SizeBytes)}, and the project may hold {MiB(room.StorageLimitBytes)}";
        return source.SizeBytes > room.StorageLimitBytes ? PreflightCheck.Fail(Name, detail)
            : source.SizeBytes > NearlyFull * room.StorageLimitBytes ? PreflightCheck.Warn(Name, detail)
            : PreflightCheck.Pass(Name, detail);
    }

    private static PreflightCheck Version(RemoteFacts source, ImportRoom room)
    {
        const string Name = "source_version_compatible";
        var detail = string.Create(CultureInfo.InvariantCulture, $"the source is PostgreSQL {source.Major}, and this server is {room.TargetMajor}");
        return source.Major > room.TargetMajor ? PreflightCheck.Fail(Name, $"{detail}: content does not go back to an older version") : PreflightCheck.Pass(Name, detail);
    }

    /// <summary>What lies in a schema of the provider's is left out with it.</summary>
    private static PreflightCheck Extensions(RemoteFacts source, ImportRoom room)
    {
        const string Name = "extensions_available_on_target";
        var missing = source.Extensions
            .Select(extension => (Extension: extension, Problem: room.Problem(extension.Name)))
            .Where(found => found.Problem is not null)
            .ToLookup(found => source.ProviderSchemas.Contains(found.Extension.Schema), found => $"{found.Extension.Name} ({found.Problem})");
        return missing[false].Any() ? PreflightCheck.Fail(Name, string.Join(", ", missing[false]))
            : missing[true].Any() ? PreflightCheck.Warn(Name, $"left out with the schemas of the provider: {string.Join(", ", missing[true])}")
            : PreflightCheck.Pass(Name);
    }

    private static PreflightCheck Readable(RemoteFacts source)
    {
        const string Name = "source_readable";
        return source.UnreadableTables.Count == 0
            ? PreflightCheck.Pass(Name)
            : PreflightCheck.Fail(Name, $"the role may not read {string.Join(", ", source.UnreadableTables)}: GRANT SELECT on these, or use their owner");
    }

    private static PreflightCheck Encoding(RemoteFacts source)
    {
        const string Name = "source_encoding";
        return source.Encoding == "SQL_ASCII"
            ? PreflightCheck.Warn(Name, "the source is SQL_ASCII: text that is no UTF-8 will be refused when it is loaded")
            : PreflightCheck.Pass(Name, source.Encoding);
    }

    private static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");
}
