/// The rows there are, in the order in which they run.
package enum Benchmark: String, CaseIterable, Sendable {
    case rawSync = "raw-fdatasync"
    case rawSQLite = "raw-sqlite"
    case rawSQLiteBatch = "raw-sqlite-batch"
    case rawHTTP = "raw-http"
    case rawMailSink = "raw-mail-sink"
    case rawTextSink = "raw-sms-sink"
    case accept
    case acceptBatch = "accept-batch"
    case acceptSustained = "accept-sustained"
    case lifecycle
    case mail
    case text = "sms"
    case mailWide = "mail-wide"
    case textWide = "sms-wide"
    case mailThrough = "mail-through"
    case textThrough = "sms-through"
    case idle = "latency-idle"
    case fiveHundred = "latency-500"
    case fairTenants = "fair-tenants"
    case fairFactors = "fair-mfa"
    case fairTenantsAtOnce = "fair-tenants-at-once"
    case fairFactorsAtOnce = "fair-mfa-at-once"
    case fairTextsAtOnce = "fair-sms-at-once"
    case backlogSmall = "backlog-10k"
    case backlogMiddle = "backlog-1m"
    case backlogLarge = "backlog-10m"
    case memory

    /// Whether it runs without being asked for by name: no longer than half a minute, no more than a few gigabytes.
    package var isUsual: Bool {
        switch self {
        case .acceptSustained, .mailWide, .textWide, .backlogLarge: false
        case .fairTenantsAtOnce, .fairFactorsAtOnce, .fairTextsAtOnce: false
        default: true
        }
    }

    /// What must be free on the disk for it, in bytes: a backlog of a million takes one gigabyte, ten take five.
    package var room: Int64 {
        switch self {
        case .backlogLarge: 16 << 30
        case .backlogSmall, .backlogMiddle, .acceptSustained, .fairTenants, .fairTenantsAtOnce: 4 << 30
        default: 1 << 30
        }
    }

    /// The raw row that it is seen beside.
    var limit: Benchmark? {
        switch self {
        case .accept, .acceptBatch, .acceptSustained, .lifecycle: .rawSQLiteBatch
        case .backlogSmall, .backlogMiddle, .backlogLarge: .rawSQLiteBatch
        case .idle, .fiveHundred: .rawSync
        case .fairTenants, .fairFactors, .fairTenantsAtOnce, .fairFactorsAtOnce, .fairTextsAtOnce: .rawSync
        case .mail, .mailWide, .mailThrough: .rawMailSink
        case .text, .textWide, .textThrough: .rawTextSink
        default: nil
        }
    }
}
