namespace Capyd.Auth;

/// <summary>Who is written down as having done something (contract B.13).</summary>
/// <param name="Kind"><c>user</c>, <c>api_key</c>, <c>operator</c> or <c>system</c>.</param>
internal sealed record Actor(string Kind, string? Id);
