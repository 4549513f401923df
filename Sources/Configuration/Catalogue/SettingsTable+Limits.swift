import AuthEvents
import Limits
import Spend

extension SettingsTable {
    /// Those of the installation and those of a tenant's own.
    static let limits = SettingsTable(
        "limits",
        of: "limits[]",
        [
            .key(
                "name",
                default: "required, once",
                allowed: "1 to 64 bytes, not `resend`",
                means: "what refusals name"
            ),
            .key("scope", allowed: "see below", means: "what is counted apart"),
            .key(
                "rate",
                default: "required",
                means: "so many pass at once, then one each time the rate comes to: of `5/10m` one every two minutes"
            ),
            .key(
                "burst",
                default: "the rate's count",
                allowed: "1 to 1000000, filled again by the rate within a year",
                means: "so many pass at once instead"
            ),
            .key(
                "on",
                allowed: anyOf(Limit.Moment.allCases.map(\.rawValue)),
                means: "what is counted: messages when their event comes in, or tries at codes"
            ),
            .key(
                "channel",
                default: "both",
                allowed: anyOf(Channel.allCases.map(\.name)),
                means: "counts this channel only; without it messages on both take from one count, where they are "
                    + "counted by the same thing"
            ),
            .key(
                "foreign",
                means: "counts only SMS to other countries than the tenant's `default_country`"
            ),
            .key("shared", allowed: "not with `tenant`", means: "counts all tenants together"),
            .key(
                "prefix_digits",
                default: String(Limit.standardPrefixDigits),
                allowed: "1 to 15; only with `prefix`",
                means: "so many first digits of a number, its country's code among them"
            ),
        ]
    )

    static let budgets = SettingsTable(
        "budgets",
        of: "budgets[]",
        [
            .key("name", default: "required, once", allowed: "1 to 64 bytes", means: "what refusals and alerts name"),
            .key(
                "scope",
                allowed: anyOf(Budget.Scope.allCases.map(\.rawValue)),
                means: "what is counted apart, each with the whole limit; `all`: one sum"
            ),
            .key("period", allowed: anyOf(Budget.Period.allCases.map(\.rawValue)), means: "in UTC"),
            .key(
                "limit",
                default: "required",
                allowed: "an amount",
                means: "every price that may apply must be in its currency, else the start is refused"
            ),
            .key("alerts", means: "percentages at which `status` and the log tell"),
        ]
    )
}
