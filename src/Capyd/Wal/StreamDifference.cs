namespace Capyd.Wal;

/// <summary>How two files differ.</summary>
internal enum StreamDifference
{
    None,

    /// <summary>The second holds nothing but zeros from the first difference on.</summary>
    FirstGoesOn,

    /// <summary>The first holds nothing but zeros from the first difference on.</summary>
    SecondGoesOn,

    Apart,
}
