// One alias for each kind of id, also those that no file here names yet.
#pragma warning disable IDE0005
global using OrganizationId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.OrganizationKind>;
global using ApiKeyId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ApiKeyKind>;
global using ProjectId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ProjectKind>;
global using PreviewId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.PreviewKind>;
global using JobId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.JobKind>;
global using BackupId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.BackupKind>;
global using ScheduleId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ScheduleKind>;
global using AuditEventId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.AuditEventKind>;
global using ParkedDatabaseId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ParkedDatabaseKind>;
global using ApprovalId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ApprovalKind>;
global using ClusterId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ClusterKind>;
global using WebhookEndpointId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.WebhookEndpointKind>;
global using WebhookDeliveryId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.WebhookDeliveryKind>;
global using EventId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.EventKind>;
global using LoginSessionId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.LoginSessionKind>;
global using AlertId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.AlertKind>;
global using RestorePointId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.RestorePointKind>;
global using ExportId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ExportKind>;
global using UploadId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.UploadKind>;
global using WalGapId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.WalGapKind>;
global using BaseBackupId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.BaseBackupKind>;
global using DrillId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.DrillKind>;
