namespace Capyd.Storage.Ids;

/// <summary>Previews: disposable databases of a project.</summary>
public sealed class PreviewKind : IIdKind
{
    public static string Prefix => "pvw";
}
