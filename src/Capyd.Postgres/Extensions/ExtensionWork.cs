using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Extensions;

/// <summary>Which extension of which database is changed.</summary>
/// <param name="WhileClosed">Called while nobody else may be in the database, where that is needed; for tests of crashes.</param>
public sealed record ExtensionWork(DatabaseName Database, string Extension, string ApplicationName, Action? WhileClosed = null);
