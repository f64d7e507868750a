namespace Capyd.SystemTests.Faults;

/// <summary>What the tests of deaths are divided into.</summary>
public enum FaultPart
{
    Projects,
    Imports,
    Recovery,
}
