namespace Capyd.Storage.Repository.Spool;

/// <summary>How far the shipping of one object has come; for tests that end the process there.</summary>
public enum ShippingStep
{
    Begins,

    /// <summary>More of it than two parts of an upload was sent, and not yet all.</summary>
    Underway,

    /// <summary>The remote store has it, and the spool still has it, too.</summary>
    Arrived,
}
