namespace Capyd.Wal;

/// <summary>How near the WAL that the server keeps for capyd brings its disk to the floor.</summary>
internal enum WalPressure
{
    None,

    /// <summary>Half of the room is taken, or the floor is less than an hour away.</summary>
    Warning,

    /// <summary>Four fifths are taken, or it is less than ten minutes away: whatever else needs this disk should wait.</summary>
    Urgent,

    /// <summary>The slot was given up; nothing is followed until there is room again.</summary>
    GivenUp,
}
