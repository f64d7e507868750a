namespace Capyd.SystemTests.Kit;

/// <summary>The classes that share one daemon run one after the other.</summary>
[CollectionDefinition(nameof(EmbeddedDaemon))]
public sealed class EmbeddedCollection : ICollectionFixture<EmbeddedDaemon>;
