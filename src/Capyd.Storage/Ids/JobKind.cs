namespace Capyd.Storage.Ids;

/// <summary>Jobs: durable pieces of work.</summary>
public sealed class JobKind : IIdKind
{
    public static string Prefix => "job";
}
