namespace Capyd.Auth;

/// <summary>The scope that an endpoint asks for. An endpoint without one is public.</summary>
/// <param name="UnlessLocal">Callers on this machine who send no credential need none.</param>
internal sealed record RequiredScope(string Scope, bool UnlessLocal = false);

internal static class RequiredScopeConvention
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredScope(scope));

    /// <summary>The same, except for callers on this machine who send no credential; they have no principal.</summary>
    public static TBuilder RequireScopeUnlessLocal<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredScope(scope, UnlessLocal: true));
}
