using Capyd.Alerts;
using Capyd.Cluster;

namespace Capyd.Limits;

/// <summary>What the meter reads with, and whom it hands the readings to.</summary>
internal sealed record MeterParts(PostgresServer Server, ProjectReadings Readings, AlertRecorder Alerts, StorageSamples Samples, StorageGuard Guard);
