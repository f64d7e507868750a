namespace Capyd.Storage.Ids;

/// <summary>Says what an <see cref="Id{TKind}"/> names.</summary>
public interface IIdKind
{
    /// <summary>Three lower-case letters before the underscore, such as <c>prj</c>.</summary>
    static abstract string Prefix { get; }
}
