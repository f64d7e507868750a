namespace Capyd.Postgres.Tools;

/// <summary>A program that is needed is not installed; the message says what to install.</summary>
public sealed class ToolMissingException(string message, Exception? inner = null) : Exception(message, inner);
