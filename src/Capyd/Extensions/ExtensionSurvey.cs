using System.Globalization;
using Capyd.Postgres.Extensions;

namespace Capyd.Extensions;

/// <summary>What the host offers, what one database has, and what the server has loaded at this moment.</summary>
/// <param name="PreloadLibraries">The server's <c>shared_preload_libraries</c>.</param>
internal sealed record ExtensionSurvey(int Major, IReadOnlyDictionary<string, HostExtension> Known, IReadOnlyList<string> PreloadLibraries)
{
    public ExtensionBody Present(AllowedExtension allowed)
    {
        var found = Known.GetValueOrDefault(allowed.Name);
        return new ExtensionBody(
            allowed.Name, allowed.Description, allowed.Category, found?.DefaultVersion, found?.DefaultVersion, found?.InstalledVersion,
            found?.InstalledVersion is not null, allowed.Trusted, allowed.RequiresRestart && !IsLoaded(allowed), found?.CanUpdate == true);
    }

    /// <summary>Refuses what cannot succeed on this server, with what would mend it.</summary>
    public void RequireEnableable(AllowedExtension allowed)
    {
        if (Known.GetValueOrDefault(allowed.Name)?.DefaultVersion is null)
        {
            throw CapydException.Invalid(
                $"extension {allowed.Name} is not installed on this host",
                $"its operator can: apt install {string.Format(CultureInfo.InvariantCulture, allowed.Package, Major)} (from apt.postgresql.org where the distribution has none)");
        }

        if (!IsLoaded(allowed))
        {
            throw new CapydException(
                ErrorCode.WrongState,
                $"extension {allowed.Name} needs {allowed.Preload} in shared_preload_libraries, and the server has '{string.Join(", ", PreloadLibraries)}'",
                $"its operator can, as a superuser: ALTER SYSTEM SET shared_preload_libraries = {string.Join(", ", PreloadLibraries.Append(allowed.Preload))}; and then restart PostgreSQL");
        }
    }

    public void RequireEnabled(AllowedExtension allowed)
    {
        if (Known.GetValueOrDefault(allowed.Name)?.InstalledVersion is null)
        {
            throw new CapydException(ErrorCode.WrongState, $"extension {allowed.Name} is not enabled", "GET …/extensions says what is");
        }
    }

    private bool IsLoaded(AllowedExtension allowed) => allowed.Preload is null || PreloadLibraries.Contains(allowed.Preload, StringComparer.Ordinal);
}
