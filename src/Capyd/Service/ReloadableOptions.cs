namespace Capyd.Service;

/// <summary>The options that take effect at a reload, because they are read each time they are needed. All others want a restart.</summary>
internal static class ReloadableOptions
{
    public static IReadOnlyDictionary<string, Action<CapydOptions, CapydOptions>> All { get; } = new Dictionary<string, Action<CapydOptions, CapydOptions>>(StringComparer.Ordinal)
    {
        ["log_level"] = (from, to) => to.LogLevel = from.LogLevel,
        ["extensions.defaults"] = (from, to) => to.DefaultExtensions = from.DefaultExtensions,
        ["plan.name"] = (from, to) => to.Plan.Name = from.Plan.Name,
        ["plan.max_connections"] = (from, to) => to.Plan.MaxConnections = from.Plan.MaxConnections,
        ["plan.storage_limit"] = (from, to) => to.Plan.StorageLimitBytes = from.Plan.StorageLimitBytes,
        ["plan.statement_timeout"] = (from, to) => to.Plan.StatementTimeout = from.Plan.StatementTimeout,
        ["plan.idle_transaction_timeout"] = (from, to) => to.Plan.IdleTransactionTimeout = from.Plan.IdleTransactionTimeout,
        ["plan.max_previews"] = (from, to) => to.Plan.MaxPreviews = from.Plan.MaxPreviews,
        ["backups.retention_days"] = (from, to) => to.Backups.RetentionDays = from.Backups.RetentionDays,
        ["backups.zstd_level"] = (from, to) => to.Backups.ZstdLevel = from.Backups.ZstdLevel,
        ["backups.zstd_window_log"] = (from, to) => to.Backups.ZstdWindowLog = from.Backups.ZstdWindowLog,
        ["backups.zstd_workers"] = (from, to) => to.Backups.ZstdWorkers = from.Backups.ZstdWorkers,
        ["backups.hash_workers"] = (from, to) => to.Backups.HashWorkers = from.Backups.HashWorkers,
        ["restore.undo_hours"] = (from, to) => to.Restore.UndoHours = from.Restore.UndoHours,
        ["restore.jobs"] = (from, to) => to.Restore.Jobs = from.Restore.Jobs,
        ["restore.allow_confirm_flag"] = (from, to) => to.Restore.AllowConfirmFlag = from.Restore.AllowConfirmFlag,
        ["jobs.concurrency"] = (from, to) => to.Jobs.Concurrency = from.Jobs.Concurrency,
        ["jobs.max_attempts"] = (from, to) => to.Jobs.MaxAttempts = from.Jobs.MaxAttempts,
        ["jobs.retry_base"] = (from, to) => to.Jobs.RetryBase = from.Jobs.RetryBase,
        ["webhooks.allow_private"] = (from, to) => to.Webhooks.AllowPrivate = from.Webhooks.AllowPrivate,
        ["webhooks.timeout"] = (from, to) => to.Webhooks.Timeout = from.Webhooks.Timeout,
        ["webhooks.retry_delays"] = (from, to) => to.Webhooks.RetryDelays = from.Webhooks.RetryDelays,
        ["alerts.unreachable_after"] = (from, to) => to.Alerts.UnreachableAfter = from.Alerts.UnreachableAfter,
        ["exports.keep_days"] = (from, to) => to.Exports.KeepDays = from.Exports.KeepDays,
        ["exports.max_kept"] = (from, to) => to.Exports.MaxKept = from.Exports.MaxKept,
        ["imports.allow_private_sources"] = (from, to) => to.Imports.AllowPrivateSources = from.Imports.AllowPrivateSources,
        ["imports.max_upload_size"] = (from, to) => to.Imports.MaxUploadBytes = from.Imports.MaxUploadBytes,
        ["previews.template_max_size"] = (from, to) => to.Previews.TemplateMaxBytes = from.Previews.TemplateMaxBytes,
    };
}
