namespace Capyd.Storage.Tests.S3;

/// <summary>One server for all tests; alone, because some kill it and one measures memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class S3Collection : ICollectionFixture<S3Server>
{
    public const string Name = "S3";
}
