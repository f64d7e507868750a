namespace Capyd.Drills;

/// <summary>What a rehearsal showed.</summary>
/// <param name="Recovery">Until the recovered server took logins.</param>
/// <param name="Rto">Until the database was in the live server, compared and usable.</param>
/// <param name="ProofCompared">Whether the content was compared with a dump's inventory.</param>
internal sealed record RehearsalResult(TimeSpan Recovery, TimeSpan Rto, long Tables, long Rows, bool ProofCompared);
