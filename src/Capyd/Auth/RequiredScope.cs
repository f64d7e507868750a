namespace Capyd.Auth;

/// <summary>The scope that an endpoint asks for. An endpoint without one is public.</summary>
internal sealed record RequiredScope(string Scope);

internal static class RequiredScopeConvention
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredScope(scope));
}
