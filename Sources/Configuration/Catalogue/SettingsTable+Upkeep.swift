extension SettingsTable {
    /// How long is kept what has come to its end.
    static let retention = SettingsTable(
        "retention",
        of: "retention",
        [
            .key(
                "deliveries",
                means: "deliveries that have ended, with their events, challenges, attempts and receipts, and "
                    + "[replays](operating.md#sending-again-what-failed); from their acceptance"
            ),
            .key("tokens", means: "tokens, from their end or revocation"),
        ]
    )

    /// How much is kept for who asks why.
    static let explain = SettingsTable(
        "explain",
        of: "explain",
        [
            .key(
                "refused_for",
                means: "how long a refused event can be [explained](operating.md#why-was-this-not-sent)"
            ),
            .key("refused", means: "how many of them are kept, about 600 bytes each; of more the oldest go"),
            .key(
                "changes",
                means: "how many changes of one delivery are kept beside its attempts: the first half of them and the "
                    + "last"
            ),
        ]
    )

    /// What a machine is held to.
    static let doctor = SettingsTable(
        "doctor",
        of: "doctor",
        [
            .key(
                "free_space",
                allowed: "0 to 1099511627776, bytes",
                means: "what must be free where the database lies; less is a failure"
            ),
            .key(
                "check_size",
                allowed: "0 to 1099511627776, bytes",
                means: "a database that is larger is not read through"
            ),
        ]
    )
}
