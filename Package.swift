// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let wrapper: [SwiftSetting] = house + [.strictMemorySafety()]

// A target may depend only on what stands above it.
let package = Package(
    name: "gatepost",
    products: [.library(name: "powerloss", type: .dynamic, targets: ["CPowerLoss"])],
    targets: [
        // MARK: C modules
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CIDN", pkgConfig: "libidn2"),
        .target(name: "CJSON"),
        .target(name: "COpenAPI"),
        .target(name: "CTOML"),
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd"),

        // MARK: Wrappers (no product words)
        .target(name: "Clocks", swiftSettings: wrapper),
        .target(name: "Processes", dependencies: ["CLinux"], swiftSettings: wrapper),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: wrapper),
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: wrapper),
        .target(name: "JSON", dependencies: ["CJSON"], swiftSettings: wrapper),
        .target(name: "Transfer", dependencies: ["CCurl"], swiftSettings: wrapper),
        .target(name: "SMTPSink", swiftSettings: wrapper),
        .target(name: "HTTPServer", dependencies: ["CMicroHTTPD"], swiftSettings: wrapper),
        .target(name: "TOML", dependencies: ["CTOML"], swiftSettings: wrapper),
        .target(name: "MailDomains", dependencies: ["CIDN"], swiftSettings: wrapper),
        .target(name: "PhoneNumbers", dependencies: ["CPhoneNumber"], swiftSettings: wrapper),

        // MARK: Values
        .target(
            name: "Schemas",
            dependencies: ["COpenAPI"],
            path: "Schemas",
            exclude: ["events", "openapi.json"],
            sources: ["Migration.swift", "OpenAPIDocument.swift"],
            resources: [
                .embedInCode("SQLite/sqlite-0001-post-office.sql"), .embedInCode("SQLite/sqlite-0002-spend.sql"),
                .embedInCode("SQLite/sqlite-0003-messages.sql"), .embedInCode("SQLite/sqlite-0004-limits.sql"),
                .embedInCode("SQLite/sqlite-0005-tokens.sql"), .embedInCode("SQLite/sqlite-0006-receipts.sql"),
                .embedInCode("SQLite/sqlite-0007-replays.sql"),
                .embedInCode("SQLite/sqlite-0008-unknown.sql"),
                .embedInCode("SQLite/sqlite-0009-explain.sql"),
                .embedInCode("SQLite/sqlite-0010-restore.sql"),
                .embedInCode("SQLite/sqlite-0011-upkeep.sql"),
                .embedInCode("SQLite/sqlite-0012-recent.sql"),
            ],
            swiftSettings: wrapper
        ),
        .target(name: "AuthEvents", dependencies: ["Clocks", "JSON", "MailDomains"], swiftSettings: house),
        .target(name: "Challenges", dependencies: ["Clocks", "Cryptography", "AuthEvents"], swiftSettings: house),
        .target(name: "Limits", dependencies: ["Clocks", "AuthEvents"], swiftSettings: house),
        .target(name: "Spend", dependencies: ["Clocks", "Cryptography", "JSON", "AuthEvents"], swiftSettings: house),
        .target(
            name: "Deliveries",
            dependencies: ["Clocks", "Cryptography", "JSON", "PhoneNumbers", "AuthEvents", "Spend"],
            swiftSettings: house
        ),
        .target(
            name: "Telemetry",
            dependencies: ["Clocks", "AuthEvents", "Spend", "Deliveries"],
            swiftSettings: house
        ),
        .target(
            name: "Receipts",
            dependencies: ["Clocks", "Cryptography", "JSON", "AuthEvents", "Spend", "Deliveries"],
            swiftSettings: house
        ),

        // MARK: Stores
        .target(
            name: "Store",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Limits", "Spend", "Deliveries"],
            swiftSettings: house
        ),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "Clocks", "SQLite", "Cryptography", "JSON", "Schemas", "AuthEvents", "Challenges", "Limits", "Spend",
                "Deliveries", "Telemetry", "Store",
            ],
            swiftSettings: house
        ),

        // MARK: Parts
        .target(
            name: "Keys",
            dependencies: ["Cryptography", "AuthEvents", "Challenges", "Limits", "Store"],
            swiftSettings: house
        ),
        .target(
            name: "Composition",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Spend"],
            swiftSettings: house
        ),
        .target(
            name: "Intake",
            dependencies: [
                "Clocks", "Cryptography", "JSON", "PhoneNumbers", "AuthEvents", "Challenges", "Limits", "Spend",
                "Deliveries", "Store", "Keys", "Composition",
            ],
            swiftSettings: house
        ),
        .target(
            name: "Verification",
            dependencies: ["Clocks", "PhoneNumbers", "AuthEvents", "Challenges", "Limits", "Store", "Keys"],
            swiftSettings: house
        ),
        .target(
            name: "Sorting",
            dependencies: [
                "Clocks", "AuthEvents", "Challenges", "Spend", "Deliveries", "Store", "Keys", "Composition",
            ],
            swiftSettings: house
        ),

        // MARK: Edges
        .target(
            name: "API",
            dependencies: [
                "Clocks", "Cryptography", "HTTPServer", "JSON", "PhoneNumbers", "Schemas", "AuthEvents", "Challenges",
                "Limits", "Spend", "Deliveries", "Telemetry", "Receipts", "Store", "Composition", "Keys", "Intake",
                "Verification", "Sorting",
            ],
            swiftSettings: house
        ),

        .target(name: "Link", dependencies: ["Transfer", "JSON"], swiftSettings: house),

        .target(
            name: "Configuration",
            dependencies: [
                "Clocks", "Processes", "Cryptography", "JSON", "PhoneNumbers", "TOML", "AuthEvents", "Challenges",
                "Limits", "Spend", "Deliveries", "Receipts", "Composition",
            ],
            swiftSettings: house
        ),

        // MARK: Carriers
        .target(
            name: "Carrier",
            dependencies: [
                "Clocks", "Processes", "JSON", "Transfer", "AuthEvents", "Limits", "Spend", "Deliveries", "Link",
                "Configuration",
            ],
            path: "Workers/Carrier",
            swiftSettings: house
        ),
        .target(
            name: "EmailGateways",
            dependencies: ["Clocks", "JSON", "Transfer", "Deliveries", "Carrier"],
            path: "Workers/EmailGateways",
            swiftSettings: house
        ),
        .target(
            name: "SMSGateways",
            dependencies: [
                "Clocks", "JSON", "Transfer", "Spend", "Deliveries", "Composition", "Configuration", "Carrier",
            ],
            path: "Workers/SMSGateways",
            swiftSettings: house
        ),

        // MARK: Programs
        .target(
            name: "Assembly",
            dependencies: [
                "Clocks", "Processes", "HTTPServer", "Transfer", "JSON", "AuthEvents", "Challenges", "Limits", "Spend",
                "Deliveries", "Telemetry", "Receipts", "Store", "SQLiteStore", "Configuration", "Keys", "Composition",
                "Intake",
                "Verification", "Sorting", "API",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost-email-worker",
            dependencies: [
                "Clocks", "Processes", "Transfer", "AuthEvents", "Deliveries", "Configuration", "Carrier",
                "EmailGateways",
            ],
            path: "Workers/EmailWorker",
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost-sms-worker",
            dependencies: [
                "Clocks", "Processes", "AuthEvents", "Deliveries", "Configuration", "Carrier", "SMSGateways",
            ],
            path: "Workers/SMSWorker",
            swiftSettings: house
        ),
        .target(
            name: "Bench",
            dependencies: ["CLinux", "Processes", "SQLite", "JSON", "Transfer", "Keys", "Link", "Configuration"],
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost",
            dependencies: [
                "Clocks", "Processes", "Cryptography", "Transfer", "JSON", "PhoneNumbers", "AuthEvents", "Challenges",
                "Spend", "Deliveries", "Store", "SQLiteStore", "Keys", "Composition", "Link", "Configuration", "Bench",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost-demo",
            dependencies: ["Processes", "HTTPServer", "Transfer", "SMTPSink", "JSON", "Link", "Configuration"],
            swiftSettings: house
        ),
        .executableTarget(name: "gatepost-server", dependencies: ["Processes", "Assembly"], swiftSettings: house),

        // MARK: Tests
        .target(
            name: "TestSupport",
            dependencies: ["Clocks", "JSON", "AuthEvents", "Challenges", "Limits", "Spend", "Deliveries", "Store"],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .target(
            name: "StoreBehaviour",
            dependencies: [
                "Clocks", "AuthEvents", "Challenges", "Limits", "Spend", "Deliveries", "Store", "TestSupport",
            ],
            path: "Tests/StoreBehaviour",
            swiftSettings: house
        ),
        .target(name: "CPowerLoss", path: "Tests/PowerLoss"),
        .executableTarget(
            name: "gatepost-storm",
            dependencies: [
                "CSQLite", "CPowerLoss", "Clocks", "Processes", "Cryptography", "Transfer", "JSON", "Configuration",
                "TestSupport",
            ],
            path: "Tests/Storm",
            swiftSettings: house
        ),
        .testTarget(name: "ClocksTests", dependencies: ["Clocks", "TestSupport"], swiftSettings: house),
        .testTarget(name: "BenchTests", dependencies: ["JSON", "PhoneNumbers", "Bench"], swiftSettings: house),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
        .testTarget(name: "TOMLTests", dependencies: ["TOML"], swiftSettings: house),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"], swiftSettings: house),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: house),
        .testTarget(
            name: "CompositionTests",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Spend", "Composition", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "SpendTests",
            dependencies: ["Clocks", "JSON", "Cryptography", "AuthEvents", "Spend", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "PhoneNumbersTests",
            dependencies: ["CPhoneNumber", "JSON", "PhoneNumbers"],
            swiftSettings: house
        ),
        .testTarget(name: "MailDomainsTests", dependencies: ["MailDomains"], swiftSettings: house),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"], swiftSettings: house),
        .testTarget(name: "SMTPSinkTests", dependencies: ["SMTPSink"], swiftSettings: house),
        .testTarget(
            name: "TransferTests",
            dependencies: ["Processes", "Transfer", "SMTPSink", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "AuthEventsTests",
            dependencies: ["Clocks", "JSON", "AuthEvents", "Processes", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "ChallengesTests",
            dependencies: ["Clocks", "Cryptography", "JSON", "AuthEvents", "Challenges"],
            swiftSettings: house
        ),
        .testTarget(
            name: "LimitsTests",
            dependencies: ["Clocks", "AuthEvents", "Limits", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "APITests",
            dependencies: [
                "Clocks", "Cryptography", "HTTPServer", "JSON", "AuthEvents", "Challenges", "Limits", "Spend",
                "Deliveries", "Store", "Keys", "API", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "DeliveriesTests",
            dependencies: ["Clocks", "JSON", "PhoneNumbers", "AuthEvents", "Spend", "Deliveries", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Clocks", "AuthEvents", "Spend", "Deliveries", "Telemetry", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "ReceiptsTests",
            dependencies: [
                "Clocks", "Cryptography", "JSON", "AuthEvents", "Spend", "Deliveries", "Receipts", "Configuration",
                "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "CSQLite", "Clocks", "SQLite", "Cryptography", "Schemas", "AuthEvents", "Challenges", "Limits", "Spend",
                "Deliveries", "Telemetry", "Store", "SQLiteStore", "TestSupport", "StoreBehaviour",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "CarrierTests",
            dependencies: [
                "Clocks", "JSON", "Transfer", "Limits", "Spend", "Deliveries", "Link", "Carrier", "EmailGateways",
                "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "SMSGatewaysTests",
            dependencies: [
                "Clocks", "JSON", "Transfer", "AuthEvents", "Limits", "Spend", "Deliveries", "Link", "Composition",
                "Configuration", "Carrier", "SMSGateways", "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "Clocks", "AuthEvents", "Challenges", "Limits", "Deliveries", "Configuration", "gatepost",
                "TestSupport",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "MailPeerTests",
            dependencies: ["Clocks", "Processes", "Transfer", "Deliveries", "Carrier", "EmailGateways", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "Clocks", "Processes", "Cryptography", "SQLite", "HTTPServer", "Transfer", "JSON", "SMTPSink",
                "Schemas", "AuthEvents", "Spend", "Deliveries", "API", "Link", "gatepost", "TestSupport",
            ],
            swiftSettings: house
        ),
    ],
    cLanguageStandard: .gnu2x,
    cxxLanguageStandard: .cxx17
)
