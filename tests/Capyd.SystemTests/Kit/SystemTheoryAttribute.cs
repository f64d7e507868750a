namespace Capyd.SystemTests.Kit;

/// <inheritdoc cref="SystemFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemTheoryAttribute : TheoryAttribute
{
    public SystemTheoryAttribute() => Skip = Machine.Skips ? Machine.Missing : null;
}
