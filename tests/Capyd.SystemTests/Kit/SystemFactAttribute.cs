namespace Capyd.SystemTests.Kit;

/// <summary>A test that needs root and PostgreSQL; skipped where they are missing, except in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemFactAttribute : FactAttribute
{
    public SystemFactAttribute() => Skip = Machine.Skips ? Machine.Missing : null;
}
