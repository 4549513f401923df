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
    targets: [
        // MARK: C modules
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CIDN", pkgConfig: "libidn2"),
        .target(name: "CJSON"),
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
            path: "Schemas",
            exclude: ["events"],
            sources: ["Migration.swift"],
            resources: [.embedInCode("SQLite/sqlite-0001-post-office.sql")],
            swiftSettings: house
        ),
        .target(name: "AuthEvents", dependencies: ["Clocks", "JSON", "MailDomains"], swiftSettings: house),
        .target(name: "Challenges", dependencies: ["Clocks", "Cryptography", "AuthEvents"], swiftSettings: house),
        .target(name: "Limits", dependencies: ["Clocks"], swiftSettings: house),
        .target(name: "Spend", dependencies: ["Clocks", "Cryptography", "JSON", "AuthEvents"], swiftSettings: house),
        .target(name: "Deliveries", dependencies: ["Clocks", "Cryptography", "AuthEvents"], swiftSettings: house),

        // MARK: Stores
        .target(
            name: "Store",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Limits", "Deliveries"],
            swiftSettings: house
        ),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "Clocks", "SQLite", "Cryptography", "Schemas", "AuthEvents", "Challenges", "Limits", "Deliveries",
                "Store",
            ],
            swiftSettings: house
        ),

        // MARK: Parts
        .target(
            name: "Keys",
            dependencies: ["Cryptography", "AuthEvents", "Challenges", "Store"],
            swiftSettings: house
        ),
        .target(name: "Composition", dependencies: ["Clocks", "AuthEvents", "Challenges"], swiftSettings: house),
        .target(
            name: "Intake",
            dependencies: ["Clocks", "JSON", "AuthEvents", "Challenges", "Store", "Keys"],
            swiftSettings: house
        ),
        .target(
            name: "Verification",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Limits", "Store", "Keys"],
            swiftSettings: house
        ),
        .target(
            name: "Sorting",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Deliveries", "Store", "Keys", "Composition"],
            swiftSettings: house
        ),

        // MARK: Edges
        .target(
            name: "API",
            dependencies: [
                "Clocks", "Cryptography", "HTTPServer", "JSON", "AuthEvents", "Challenges", "Deliveries", "Store",
                "Composition", "Keys",
                "Intake", "Verification", "Sorting",
            ],
            swiftSettings: house
        ),

        .target(name: "Link", dependencies: ["Transfer", "JSON"], swiftSettings: house),

        .target(
            name: "Configuration",
            dependencies: ["Clocks", "Processes", "TOML", "AuthEvents", "Challenges", "Limits", "Deliveries"],
            swiftSettings: house
        ),

        // MARK: Carriers
        .target(
            name: "Carrier",
            dependencies: ["Clocks", "JSON", "Transfer", "Limits", "Deliveries", "Link"],
            path: "Workers/Carrier",
            swiftSettings: house
        ),
        .target(
            name: "EmailGateways",
            dependencies: ["Clocks", "JSON", "Transfer", "Limits", "Deliveries", "Configuration", "Carrier"],
            path: "Workers/EmailGateways",
            swiftSettings: house
        ),

        // MARK: Programs
        .target(
            name: "Assembly",
            dependencies: [
                "Clocks", "Processes", "HTTPServer", "Transfer", "JSON", "AuthEvents", "Challenges", "Limits",
                "Deliveries", "Store", "SQLiteStore", "Configuration", "Keys", "Composition", "Intake", "Verification",
                "Sorting", "API",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost-email-worker",
            dependencies: [
                "Clocks", "Processes", "Transfer", "Limits", "Deliveries", "AuthEvents", "Link", "Configuration",
                "Carrier", "EmailGateways",
            ],
            path: "Workers/EmailWorker",
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost",
            dependencies: [
                "Clocks", "Processes", "Transfer", "JSON", "Deliveries", "AuthEvents", "Keys", "Link", "Configuration",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "gatepost-demo",
            dependencies: ["Processes", "Transfer", "SMTPSink", "JSON", "Link", "Configuration"],
            swiftSettings: house
        ),
        .executableTarget(name: "gatepost-server", dependencies: ["Assembly"], swiftSettings: house),

        // MARK: Tests
        .target(
            name: "TestSupport",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Deliveries", "Store"],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .target(
            name: "StoreBehaviour",
            dependencies: ["Clocks", "AuthEvents", "Challenges", "Limits", "Deliveries", "Store", "TestSupport"],
            path: "Tests/StoreBehaviour",
            swiftSettings: house
        ),
        .testTarget(name: "ClocksTests", dependencies: ["Clocks", "TestSupport"], swiftSettings: house),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
        .testTarget(name: "TOMLTests", dependencies: ["TOML"], swiftSettings: house),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: house),
        .testTarget(
            name: "SpendTests",
            dependencies: ["Clocks", "JSON", "Cryptography", "AuthEvents", "Spend", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(name: "PhoneNumbersTests", dependencies: ["JSON", "PhoneNumbers"], swiftSettings: house),
        .testTarget(name: "MailDomainsTests", dependencies: ["MailDomains"], swiftSettings: house),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"], swiftSettings: house),
        .testTarget(name: "SMTPSinkTests", dependencies: ["SMTPSink"], swiftSettings: house),
        .testTarget(name: "TransferTests", dependencies: ["Transfer", "SMTPSink"], swiftSettings: house),
        .testTarget(
            name: "AuthEventsTests",
            dependencies: ["Clocks", "JSON", "AuthEvents", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "ChallengesTests",
            dependencies: ["Clocks", "Cryptography", "JSON", "AuthEvents", "Challenges"],
            swiftSettings: house
        ),
        .testTarget(name: "LimitsTests", dependencies: ["Clocks", "Limits"], swiftSettings: house),
        .testTarget(
            name: "DeliveriesTests",
            dependencies: ["Clocks", "AuthEvents", "Deliveries", "TestSupport"],
            swiftSettings: house
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "CSQLite", "Clocks", "SQLite", "Cryptography", "AuthEvents", "Challenges", "Limits", "Deliveries",
                "Store",
                "SQLiteStore", "TestSupport", "StoreBehaviour",
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "CarrierTests",
            dependencies: [
                "Clocks", "Limits", "Deliveries", "Transfer", "Link", "Carrier", "EmailGateways", "TestSupport",
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
            dependencies: ["Clocks", "Processes", "SQLite", "Transfer", "JSON", "SMTPSink", "TestSupport"],
            swiftSettings: house
        ),
    ],
    cLanguageStandard: .gnu2x,
    cxxLanguageStandard: .cxx17
)
