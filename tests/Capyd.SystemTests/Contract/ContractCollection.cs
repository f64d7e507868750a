namespace Capyd.SystemTests.Contract;

/// <summary>The replays share one daemon and run one after the other.</summary>
[CollectionDefinition(nameof(ContractGround))]
public sealed class ContractCollection : ICollectionFixture<ContractGround>;
