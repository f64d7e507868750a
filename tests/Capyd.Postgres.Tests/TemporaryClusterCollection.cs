namespace Capyd.Postgres.Tests;

[CollectionDefinition(nameof(TemporaryCluster))]
public sealed class TemporaryClusterCollection : ICollectionFixture<TemporaryCluster>;
