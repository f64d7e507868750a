namespace Capyd.Postgres.Imports;

/// <summary>What to fetch from a foreign server, and where to.</summary>
/// <param name="ServerMajor">The source's major version, as <see cref="RemoteProbe"/> read it.</param>
/// <param name="File">Written anew; in part when the fetch fails.</param>
/// <param name="ExcludedSchemas">Schemas left out, by exact name.</param>
/// <param name="MaxBytes">The largest archive that is accepted.</param>
/// <param name="Progress">Called with the bytes received so far.</param>
public sealed record RemoteDumpRequest(
    int ServerMajor, string File, IReadOnlyList<string> ExcludedSchemas, long MaxBytes, Action<long>? Progress = null);
