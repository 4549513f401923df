/// One step of a database from a version to the next.
package struct Migration: Sendable {
    /// The version that the database has afterwards.
    package let version: Int64
    package let script: String

    /// All steps for SQLite, in order; the last one's version is the version of this program.
    package static let sqlite: [Migration] = [
        Migration(version: 1, script: String(decoding: PackageResources.sqlite_0001_post_office_sql, as: UTF8.self)),
        Migration(version: 2, script: String(decoding: PackageResources.sqlite_0002_spend_sql, as: UTF8.self)),
        Migration(version: 3, script: String(decoding: PackageResources.sqlite_0003_messages_sql, as: UTF8.self)),
        Migration(version: 4, script: String(decoding: PackageResources.sqlite_0004_limits_sql, as: UTF8.self)),
        Migration(version: 5, script: String(decoding: PackageResources.sqlite_0005_tokens_sql, as: UTF8.self)),
        Migration(version: 6, script: String(decoding: PackageResources.sqlite_0006_receipts_sql, as: UTF8.self)),
        Migration(version: 7, script: String(decoding: PackageResources.sqlite_0007_replays_sql, as: UTF8.self)),
        Migration(version: 8, script: String(decoding: PackageResources.sqlite_0008_unknown_sql, as: UTF8.self)),
        Migration(version: 9, script: String(decoding: PackageResources.sqlite_0009_explain_sql, as: UTF8.self)),
        Migration(version: 10, script: String(decoding: PackageResources.sqlite_0010_restore_sql, as: UTF8.self)),
        Migration(version: 11, script: String(decoding: PackageResources.sqlite_0011_upkeep_sql, as: UTF8.self)),
        Migration(version: 12, script: String(decoding: PackageResources.sqlite_0012_recent_sql, as: UTF8.self)),
    ]
}
